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


class Overdue(Records):
    """Counts overdue requests by the index alone."""

    def count(self, now: datetime, allowed: Mapping[str, timedelta] = ALLOWED) -> int:
        """Returns how many requests have waited longer than their level allows."""
        late = [
            sa.select(sa.func.count().label("times")).where(
                requests.c.state == states.REQUESTED,
                requests.c.urgency == rank(level),
                requests.c.waiting_since < now - allowed[level],
            )
            for level in LEVELS
            if level in allowed
        ]
        return sum(row["times"] for row in self._rows(sa.union_all(*late)))
