"""Limits how often one conversation may ask for requests by reference."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from records.tables import lookup_attempts

MOST_FAILURES = 5
PERIOD = timedelta(hours=1)


def count_attempt(connection: Connection, conversation: str, now: datetime) -> bool:
    """Writes down an attempt; returns whether it is one too many.

    It is written before the answer is known, so that many at once do not slip through.
    """
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
