"""How long a request may wait for the clinic, and how many wait longer."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from records import states
from records.database import Records
from records.requests import LEVELS, rank
from records.tables import appointment_requests as requests

ALLOWED: Mapping[str, timedelta] = {
    "emergency": timedelta(minutes=30),
    "urgent": timedelta(hours=2),
    "soon": timedelta(hours=24),
    "check": timedelta(hours=48),
    "card": timedelta(hours=48),
    "none": timedelta(hours=48),
}

# Counting on would take longer, and tell nobody more.
MOST_COUNTED = 1000


class Overdue(Records):
    """Counts overdue requests by the index alone."""

    def count(self, now: datetime, allowed: Mapping[str, timedelta] = ALLOWED) -> int:
        """Returns how many have waited longer than their level allows, at most 1000."""
        late = [
            sa.select(requests.c.id)
            .where(
                requests.c.state == states.REQUESTED,
                requests.c.urgency == rank(level),
                requests.c.waiting_since < now - allowed[level],
            )
            .limit(MOST_COUNTED)
            .subquery()
            for level in LEVELS
            if level in allowed
        ]
        counts = (
            sa.select(sa.func.count().label("times")).select_from(x) for x in late
        )
        found: int = sum(row["times"] for row in self._rows(sa.union_all(*counts)))
        return min(found, MOST_COUNTED)
