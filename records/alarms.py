"""Alarms: conversations in which a danger was noticed and nobody has cleared it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from records import audit
from records.columns import utc_now
from records.database import Records
from records.errors import InvalidRequestError
from records.escalations import escalations
from records.requests import LEVELS
from records.tables import cleared_alarms

# Unknown levels come first: better too early than too late.
RANKS = {level: number for number, level in enumerate(LEVELS, start=1)}
PAGE = 50


@dataclass(frozen=True)
class Alarm:
    """A conversation in danger.

    Attributes:
        level: the highest level that was noticed.
        up_to: the newest escalation; give it back to clear what was seen.
        escalations: what was noticed and is not cleared, oldest first.
    """

    conversation: str
    channel: str
    level: str
    first_at: datetime
    last_at: datetime
    up_to: int
    escalations: Sequence[dict[str, Any]]


class Alarms(Records):
    """Lists and clears alarms."""

    def open(self, *, skip: int = 0, most: int = PAGE) -> list[Alarm]:
        """Returns open alarms, the most dangerous first, then the newest."""
        rank = sa.case(RANKS, value=escalations.c.level, else_=0)
        newest = sa.func.max(escalations.c.id)
        groups = (
            sa.select(escalations.c.conversation)
            .where(_is_open())
            .group_by(escalations.c.conversation)
            .order_by(sa.func.min(rank), newest.desc())
            .limit(most)
            .offset(skip)
        )
        with self._read() as connection:
            names = connection.execute(groups).scalars().all()
            mine = escalations.c.conversation.in_(names)
            query = sa.select(escalations).where(mine, _is_open()).order_by("id")
            rows = [dict(row) for row in connection.execute(query).mappings()]
        return [
            _alarm([row for row in rows if row["conversation"] == name])
            for name in names
        ]

    def of(self, conversation: str) -> Alarm | None:
        """Returns the open alarm of a conversation, or None if there is none."""
        mine = escalations.c.conversation == conversation
        query = sa.select(escalations).where(mine, _is_open()).order_by("id")
        rows = self._rows(query)
        return _alarm(rows) if rows else None

    def count(self) -> int:
        """Returns how many conversations have an open alarm."""
        names = sa.func.count(sa.distinct(escalations.c.conversation))
        with self._read() as connection:
            found = connection.execute(sa.select(names).where(_is_open()))
            return int(found.scalar_one())

    def clear(self, conversation: str, up_to: int, *, by: str, reason: str) -> None:
        """Closes an alarm; what is noticed later opens it again.

        Args:
            conversation: whose alarm.
            up_to: the newest escalation that was seen.
            by: the login of who clears it.
            reason: why; it is kept as long as the conversation.

        Raises:
            InvalidRequestError: there is no name or no reason.
        """
        if not by.strip() or not reason.strip():
            raise InvalidRequestError("An alarm is cleared with a name and a reason.")
        row = {
            "conversation": conversation,
            "up_to": up_to,
            "cleared_at": utc_now(),
            "cleared_by": by,
            "reason": reason.strip(),
        }
        with self._write() as connection:
            connection.execute(sa.insert(cleared_alarms), [row])
            audit.write_line(
                connection, audit.staff(by), "clear_alarm", detail=f"up to {up_to}"
            )

    def cleared(self, conversation: str) -> list[dict[str, Any]]:
        """Returns who cleared the alarms of a conversation and why, oldest first."""
        mine = cleared_alarms.c.conversation == conversation
        return self._rows(sa.select(cleared_alarms).where(mine).order_by("id"))


def _is_open() -> Any:
    # The time as well: SQLite may give the number of a deleted row again.
    cleared = sa.select(cleared_alarms.c.id).where(
        cleared_alarms.c.conversation == escalations.c.conversation,
        cleared_alarms.c.up_to >= escalations.c.id,
        cleared_alarms.c.cleared_at >= escalations.c.noticed_at,
    )
    return ~cleared.exists()


def _alarm(rows: list[dict[str, Any]]) -> Alarm:
    last = rows[-1]
    levels = [row["level"] for row in rows]
    return Alarm(
        conversation=last["conversation"],
        channel=last["channel"],
        level=min(levels, key=lambda level: RANKS.get(level, 0)),
        first_at=min(row["noticed_at"] for row in rows),
        last_at=max(row["noticed_at"] for row in rows),
        up_to=last["id"],
        escalations=rows,
    )
