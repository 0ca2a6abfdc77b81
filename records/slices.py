"""Five-minute slices of confirmed time: what makes an overlap impossible."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from records.database import is_postgresql
from records.errors import OverlapError
from records.requests import Visit
from records.tables import booked_slices

SLICE_SECONDS = 300
# Any number that nothing else in this database uses.
LOCK = 4_206_902


def hold(connection: Connection, visit: Visit, request_id: int) -> None:
    """Takes the time of a visit for a request, and gives back what it held before.

    Raises:
        OverlapError: another request holds a part of it; undo the transaction.
    """
    if is_postgresql(connection):
        # One at a time: two moves into each other's time would otherwise wait for
        # each other. The primary key is the guarantee, on both databases.
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    release(connection, request_id)
    practitioner = " ".join(visit.practitioner.casefold().split())
    rows = [
        {"practitioner": practitioner, "slice": number, "request_id": request_id}
        for number in numbers(visit)
    ]
    try:
        connection.execute(sa.insert(booked_slices), rows)
    except sa.exc.IntegrityError:
        raise OverlapError(visit.practitioner) from None


def release(connection: Connection, request_id: int) -> bool:
    """Gives back the time of a request; returns whether it held any."""
    mine = booked_slices.c.request_id == request_id
    return bool(connection.execute(sa.delete(booked_slices).where(mine)).rowcount)


def numbers(visit: Visit) -> range:
    """Returns the numbers of all slices that a visit touches."""
    first = int(visit.starts_at.timestamp() // SLICE_SECONDS)
    return range(first, int(-(-visit.ends_at.timestamp() // SLICE_SECONDS)))
