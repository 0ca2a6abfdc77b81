"""Notes that a list with patients' names was looked at, once in a while."""

import threading
from datetime import datetime, timedelta

from records.audit import AuditTrail, staff

# A list that refreshes itself must not fill the audit trail.
AGAIN_AFTER = timedelta(minutes=10)


class ListViews:
    """Writes a line for each person and list, at most every ten minutes."""

    def __init__(self, trail: AuditTrail) -> None:
        self._trail = trail
        self._noted: dict[tuple[str, str], datetime] = {}
        self._lock = threading.Lock()

    def note(self, name: str, which: str, *, now: datetime) -> None:
        """Notes that somebody looks at a list.

        Args:
            name: the login.
            which: the list and its page.
            now: the present moment.
        """
        with self._lock:
            last = self._noted.get((name, which))
            if last and now - last < AGAIN_AFTER:
                return
        self._trail.note(staff(name), "view_list", detail=which)
        with self._lock:
            recent = now - AGAIN_AFTER
            kept = {key: at for key, at in self._noted.items() if at > recent}
            self._noted = {**kept, (name, which): now}
