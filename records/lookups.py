"""Limits how often one conversation may ask for requests by reference."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from records.columns import Label
from records.database import is_postgresql
from records.tables import lookup_attempts

# Any number that nothing else in this database uses.
LOCK = 4_206_903
MOST_FAILURES = 5
PERIOD = timedelta(hours=1)


def count_attempt(connection: Connection, conversation: str, now: datetime) -> bool:
    """Writes down an attempt; returns whether it is one too many."""
    if is_postgresql(connection):
        # Of many at once, none may miss the others.
        one = sa.func.pg_advisory_xact_lock(
            LOCK, sa.func.hashtext(sa.literal(conversation, Label))
        )
        connection.execute(sa.select(one))
    line = {"conversation": conversation, "at": now}
    connection.execute(sa.insert(lookup_attempts), [line])
    recent = sa.select(sa.func.count()).where(
        lookup_attempts.c.conversation == conversation,
        lookup_attempts.c.at > now - PERIOD,
    )
    return bool(connection.execute(recent).scalar_one() > MOST_FAILURES)


def forgive(connection: Connection, conversation: str) -> None:
    """Forgets the attempts of a conversation, after a right one."""
    mine = lookup_attempts.c.conversation == conversation
    connection.execute(sa.delete(lookup_attempts).where(mine))
