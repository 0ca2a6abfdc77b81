"""Thumbs up and down for answers in the chat; no words are kept."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from records.columns import Label, Utc, utc_now
from records.database import Records, is_postgresql, metadata

answer_ratings = sa.Table(
    "answer_ratings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation", Label(255), nullable=False),
    # The message in the chat: a patient may change their mind about it.
    sa.Column("entry", Label(80), nullable=False),
    sa.Column("topic", Label(160), nullable=False),
    sa.Column("helpful", sa.Boolean, nullable=False),
    sa.Column("rated_at", Utc, nullable=False, index=True),
    sa.UniqueConstraint("conversation", "entry", name="uq_answer_ratings_entry"),
)


class Ratings(Records):
    """Keeps one rating for each answer of a conversation."""

    def __init__(
        self, url: str | None = None, *, clock: Callable[[], datetime] = utc_now
    ) -> None:
        super().__init__(url)
        self._clock = clock

    def rate(self, conversation: str, entry: str, *, topic: str, helpful: bool) -> None:
        """Stores what a patient thinks of an answer; the latest rating counts."""
        row = {
            "conversation": conversation,
            "entry": entry,
            "topic": topic,
            "helpful": helpful,
            "rated_at": self._clock(),
        }
        with self._write() as connection:
            dialect = postgresql if is_postgresql(connection) else sqlite
            new = dialect.insert(answer_ratings).values(**row)
            change = new.on_conflict_do_update(
                index_elements=["conversation", "entry"],
                set_={"helpful": helpful, "rated_at": row["rated_at"]},
            )
            connection.execute(change)

    def of(self, conversation: str) -> dict[str, bool]:
        """Returns what a conversation has rated, by entry."""
        table = answer_ratings
        query = sa.select(table.c.entry, table.c.helpful)
        rows = self._rows(query.where(table.c.conversation == conversation))
        return {row["entry"]: row["helpful"] for row in rows}

    def by_topic(self, first: datetime, end: datetime) -> list[dict[str, Any]]:
        """Returns topic, helpful and times, from a moment until before another."""
        table = answer_ratings
        times = sa.func.count().label("times")
        return self._rows(
            sa.select(table.c.topic, table.c.helpful, times)
            .where(table.c.rated_at >= first, table.c.rated_at < end)
            .group_by(table.c.topic, table.c.helpful)
            .order_by(table.c.topic, table.c.helpful)
        )
