"""What stands in the database after a trial."""

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from records.database import connect
from records.tables import appointment_requests, audit_trail, booked_slices, outbox

# A message of a killed worker is leased for two minutes.
LONGEST_DELIVERY_SECONDS = 240
LONGEST_WAIT_SECONDS = 30
SLICES_OF_A_VISIT = 12

Result = TypeVar("Result")


class Book:
    """Reads rows, again if the connection itself was killed."""

    def __init__(self, url: str) -> None:
        # Each query sees what has just been written.
        self._reading = connect(url).execution_options(isolation_level="AUTOCOMMIT")

    def requests(self, conversations: Sequence[str]) -> list[Any]:
        """Returns all rows of some conversations."""
        mine = appointment_requests.c.conversation.in_(conversations)
        return self._rows(sa.select(appointment_requests).where(mine))

    def references(self) -> list[str]:
        """Returns the references of all requests."""
        query = sa.select(appointment_requests.c.reference)
        return [row.reference for row in self._rows(query)]

    def outbox(self) -> dict[str, str]:
        """Returns the result of each message by its key."""
        rows = self._rows(sa.select(outbox.c.key, outbox.c.result))
        return {row.key: row.result for row in rows}

    def wait_until_delivered(self) -> None:
        """Waits for the outbox to be empty, longer than a lease lasts."""
        waiting = sa.select(outbox.c.id).where(outbox.c.ended_at.is_(None))
        end = time.monotonic() + LONGEST_DELIVERY_SECONDS
        while self._rows(waiting) and time.monotonic() < end:
            time.sleep(1)

    def wait_for_another(self, state: str, *, longest: float) -> None:
        """Returns as soon as there is a further request that came into a state."""
        action = {"requested": "submit", "confirmed": "confirm"}[state]
        lines = sa.select(sa.func.max(audit_trail.c.id)).where(
            audit_trail.c.action == action
        )
        end, before = time.monotonic() + longest, self._rows(lines)
        while self._rows(lines) == before and time.monotonic() < end:
            time.sleep(0.0005)

    def wrong_histories(self) -> int:
        """Returns how many requests were not submitted and confirmed exactly once."""
        wrong = 0
        for action in ("submit", "confirm"):
            lines = self._rows(
                sa.select(audit_trail.c.request_id, sa.func.count().label("times"))
                .where(audit_trail.c.action == action)
                .group_by(audit_trail.c.request_id)
            )
            times = {row.request_id: row.times for row in lines}
            ids = self._rows(sa.select(appointment_requests.c.id))
            wrong += sum(times.get(row.id, 0) != 1 for row in ids)
        return wrong

    def held_slices(self) -> int:
        """Returns how many slices of five minutes are held."""
        return len(self._rows(sa.select(booked_slices.c.slice)))

    def _rows(self, query: Any) -> list[Any]:
        def read() -> list[Any]:
            with self._reading.connect() as connection:
                return list(connection.execute(query))

        return patiently(read)


def patiently(work: Callable[[], Result]) -> Result:
    """Does it again while the database comes back."""
    end = time.monotonic() + LONGEST_WAIT_SECONDS
    while True:
        try:
            return work()
        except sa.exc.DBAPIError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
