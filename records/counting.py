"""Adds to the numbers of what was asked, inside a transaction."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from records.database import is_postgresql
from records.tables import asked_counts


def count(
    connection: Connection, pairs: Sequence[tuple[str, str]], *, day: date
) -> None:
    """Adds one for each pair of topic and outcome."""
    dialect = postgresql if is_postgresql(connection) else sqlite
    # Sorted, so that two that count the same topics do not wait crosswise.
    for topic, outcome in sorted(set(pairs)):
        times = pairs.count((topic, outcome))
        row = {"day": day, "topic": topic, "outcome": outcome, "times": times}
        new = dialect.insert(asked_counts).values(**row)
        more = {"times": asked_counts.c.times + times}
        key: list[sa.Column] = list(asked_counts.primary_key.columns)
        connection.execute(new.on_conflict_do_update(index_elements=key, set_=more))
