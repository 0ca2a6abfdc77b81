"""Types of columns that behave the same in SQLite and PostgreSQL."""

from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa


class Utc(sa.types.TypeDecorator):
    """A moment, always in UTC and never without a time zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> Any:
        """Converts to UTC; a moment without a time zone is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(
                "A moment without a time zone cannot be stored. Give it one."
            )
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Any) -> Any:
        """Gives back the time zone that SQLite does not keep."""
        if value is None or value.tzinfo is None:
            return value and value.replace(tzinfo=timezone.utc)
        return value.astimezone(timezone.utc)


class Words(sa.types.TypeDecorator):
    """Text that somebody typed, without the characters that no database takes."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """Removes NUL, which PostgreSQL refuses, and halves of emoji."""
        if value is None:
            return None
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


class Label(Words):
    """The same for short texts: ids, names, states."""

    impl = sa.String
    cache_ok = True


def utc_now() -> datetime:
    """Returns the present moment."""
    return datetime.now(timezone.utc)
