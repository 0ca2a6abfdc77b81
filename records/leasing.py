"""Hands out rows that wait to one worker at a time, each conversation's in order."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@dataclass(frozen=True)
class WaitingLine:
    """A table of rows that wait.

    Attributes:
        table: it has `conversation`, `channel`, `next_at`, `attempts` and `lease`.
        ended: the column that is empty as long as a row waits.
        is_earlier: says whether a row (the first argument) goes before another one.
        order: what is taken first.
    """

    table: sa.Table
    ended: str
    is_earlier: Callable[[Any, Any], Any]
    order: Sequence[Any]

    def take(
        self,
        connection: Connection,
        channel: str,
        most: int,
        now: datetime,
        lease: timedelta,
    ) -> list[int]:
        """Returns the ids of rows that are due, one a conversation; they are ours."""
        ids = connection.execute(self._due(channel, now, most)).scalars().all()
        if ids:
            table = self.table
            leased = {"lease": str(uuid.uuid4()), "next_at": now + lease}
            connection.execute(
                sa.update(table)
                .where(table.c.id.in_(ids))
                .values(attempts=table.c.attempts + 1, **leased)
            )
        return list(ids)

    def _due(self, channel: str, now: datetime, most: int) -> Any:
        rows, other = self.table, self.table.alias("other")
        in_hand = sa.and_(other.c.lease.is_not(None), other.c.next_at > now)
        blocked = (
            sa.select(other.c.id)
            .where(
                other.c.conversation == rows.c.conversation,
                other.c[self.ended].is_(None),
                other.c.id != rows.c.id,
                sa.or_(self.is_earlier(other, rows), in_hand),
            )
            .exists()
        )
        return (
            sa.select(rows.c.id)
            .where(rows.c[self.ended].is_(None), rows.c.next_at <= now, ~blocked)
            .where(rows.c.channel == channel)
            .order_by(*self.order)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
