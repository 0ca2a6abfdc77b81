"""Escalations: what danger was noticed, when, where, by what, and in which words."""

from collections.abc import Mapping
from datetime import datetime, timezone, tzinfo
from typing import Any

import sqlalchemy as sa

from records.columns import Label, Utc, Words
from records.counting import count
from records.database import Records, insert_if_new, metadata

escalations = sa.Table(
    "escalations",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    # Made by the writer, so that writing the same one twice is noticed.
    sa.Column("key", Label(64), nullable=False, unique=True),
    sa.Column("noticed_at", Utc, nullable=False, index=True),
    sa.Column("conversation", Label(255), nullable=False, index=True),
    sa.Column("channel", Label(80), nullable=False),
    sa.Column("event", Label(40), nullable=False),
    sa.Column("level", Label(20), nullable=False),
    sa.Column("flags", sa.JSON, nullable=False),
    sa.Column("via", Label(20), nullable=False),
    sa.Column("words", Words, nullable=False),
)


# A danger that is noticed, as against what is said about one later.
RAISED = "raised"


class EscalationLog(Records):
    """Adds and lists escalations for the clinic to act on.

    Args:
        url: the clinic's database, as for all records.
        zone: the clinic's time zone, which says on which day a danger is counted.
    """

    def __init__(self, url: str | None = None, *, zone: tzinfo = timezone.utc) -> None:
        super().__init__(url)
        self._zone = zone

    def add(self, note: Mapping[str, Any]) -> None:
        """Writes and counts one escalation; one that is there already is left alone.

        Args:
            note: the columns of the table; `noticed_at` in seconds since 1970.
        """
        row = {
            **note,
            "noticed_at": datetime.fromtimestamp(note["noticed_at"], timezone.utc),
        }
        day = row["noticed_at"].astimezone(self._zone).date()
        with self._write() as connection:
            is_new = insert_if_new(connection, escalations, row)
            if is_new and row["event"] == RAISED:
                count(connection, [("", "escalated")], day=day)

    def remove(self, key: str) -> None:
        """Deletes one escalation again, whose conversation was to be forgotten."""
        with self._write() as connection:
            mine = escalations.c.key == key
            connection.execute(sa.delete(escalations).where(mine))

    def newest(self, most: int = 50) -> list[dict[str, Any]]:
        """Returns the latest escalations, newest first."""
        query = (
            sa.select(escalations)
            .order_by(escalations.c.noticed_at.desc(), escalations.c.id.desc())
            .limit(most)
        )
        return self._rows(query)


def main() -> None:
    """Prints the newest escalations, one a line: `make escalations`."""
    for row in EscalationLog().newest():
        flags = " ".join(row["flags"])
        print(
            f"{row['noticed_at']:%Y-%m-%d %H:%M}  {row['level']:<9}  {row['event']:<17}"
            f"  {row['via']:<5}  {row['conversation']}  {flags}  {row['words']}"
        )


if __name__ == "__main__":
    main()
