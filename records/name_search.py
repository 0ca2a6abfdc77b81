"""Finds requests by the beginnings of the words of a name."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from records.names import words_of
from records.tables import contact_words

# The last sign of all: what begins with a word stands between it and this.
LAST = "\U0010ffff"
# The rarest word leads the search; beyond so many rows it is not rare.
MANY = 2000


def add(connection: Connection, request_id: int, name: str) -> None:
    """Makes a name that was just stored findable."""
    rows = [{"request_id": request_id, "word": word} for word in words_of(name)]
    if rows:
        connection.execute(sa.insert(contact_words), rows)


def newest(connection: Connection, typed: str, most: int) -> Sequence[int]:
    """Returns the newest requests whose name has a word for each one typed."""
    words = sorted(words_of(typed), key=lambda word: _times(connection, word))
    if not words:
        return ()
    rarest, *others = words
    query = sa.select(contact_words.c.request_id).where(_begins(contact_words, rarest))
    for number, word in enumerate(others):
        other = contact_words.alias(f"other_{number}")
        same = other.c.request_id == contact_words.c.request_id
        exists = sa.select(sa.literal(1)).select_from(other)
        query = query.where(exists.where(same, _begins(other, word)).exists())
    query = query.distinct().order_by(contact_words.c.request_id.desc()).limit(most)
    found: Sequence[int] = connection.execute(query).scalars().all()
    return found


def _times(connection: Connection, word: str) -> int:
    """Returns how often a beginning occurs, counted up to many."""
    some = sa.select(sa.literal(1)).select_from(contact_words)
    rows = some.where(_begins(contact_words, word)).limit(MANY).subquery()
    return int(
        connection.execute(sa.select(sa.func.count()).select_from(rows)).scalar_one()
    )


def _begins(table: Any, word: str) -> Any:
    return sa.and_(table.c.word >= word, table.c.word < word + LAST)
