"""The audit trail: who did what to which request; it holds nothing personal.

An actor is `patient`, `program`, or `staff:` and the name of a login.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from records.columns import utc_now
from records.database import Records
from records.tables import audit_trail

PATIENT = "patient"
PROGRAM = "program"


def staff(name: str) -> str:
    """Returns the actor for a member of staff."""
    return f"staff:{name}"


def write_line(
    connection: Connection,
    actor: str,
    action: str,
    *,
    request_id: int | None = None,
    detail: str = "",
) -> None:
    """Adds a line in the transaction of the change that it speaks of."""
    line = {
        "at": utc_now(),
        "actor": actor,
        "action": action,
        "request_id": request_id,
        "detail": detail,
    }
    connection.execute(sa.insert(audit_trail), [line])


class AuditTrail(Records):
    """Adds and lists lines; nothing can change or delete one."""

    def note(
        self,
        actor: str,
        action: str,
        *,
        request_id: int | None = None,
        detail: str = "",
    ) -> None:
        """Writes a line by itself, for example that a record was viewed."""
        with self._write() as connection:
            write_line(connection, actor, action, request_id=request_id, detail=detail)

    def note_views(self, actor: str, action: str, request_ids: Iterable[int]) -> None:
        """Writes a line for each of the records that one list has shown."""
        lines = [
            {
                "at": utc_now(),
                "actor": actor,
                "action": action,
                "request_id": request_id,
                "detail": "",
            }
            for request_id in request_ids
        ]
        if lines:
            with self._write() as connection:
                connection.execute(sa.insert(audit_trail), lines)

    def of(self, request_id: int) -> list[dict[str, Any]]:
        """Returns the lines about one request, oldest first."""
        return self._rows(
            sa.select(audit_trail)
            .where(audit_trail.c.request_id == request_id)
            .order_by(audit_trail.c.id)
        )

    def newest(self, most: int = 50, *, skip: int = 0) -> list[dict[str, Any]]:
        """Returns the latest lines, newest first."""
        return self._rows(
            sa.select(audit_trail)
            .order_by(audit_trail.c.id.desc())
            .limit(most)
            .offset(skip)
        )
