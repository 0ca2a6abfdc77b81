"""The messages that the dialogue server keeps, to count and to delete them."""

from datetime import datetime
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from records.database import explained, make_engine, read_address

DEFAULT_URL = "sqlite:///var/conversations.db"

# A part of the table of Rasa's SQLTrackerStore.
events = sa.Table(
    "events",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sender_id", sa.String(255)),
    sa.Column("type_name", sa.String(255)),
    sa.Column("timestamp", sa.Float),
)


class ConversationStore:
    """Looks into the database that `tracker_store` in endpoints.yml names.

    Args:
        url: its address; `CLINIC_CONVERSATIONS_URL` or a file in `var/` by default.
    """

    def __init__(self, url: str | None = None) -> None:
        self._url = url

    @cached_property
    def _engine(self) -> Engine:
        return make_engine(
            read_address(self._url, "CLINIC_CONVERSATIONS_URL", DEFAULT_URL)
        )

    def messages(self, conversation: str) -> int:
        """Returns how many messages of the patient are kept."""
        query = sa.select(sa.func.count()).where(
            events.c.sender_id == conversation, events.c.type_name == "user"
        )
        if not self._is_there():
            return 0
        with explained(), self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def delete(self, conversation: str) -> int:
        """Deletes all of a conversation; returns how many events that were.

        The server writes a conversation anew if it is deleted while the server
        answers in it: wait until it rests.
        """
        return self._delete(events.c.sender_id == conversation)

    def delete_older(self, moment: datetime) -> int:
        """Deletes what is older than a moment; returns how many events that were.

        A session that goes on is kept whole, as the server counts its events.
        """
        session = events.alias("session")
        begin = (
            sa.select(sa.func.max(session.c.timestamp))
            .where(
                session.c.sender_id == events.c.sender_id,
                session.c.type_name == "session_started",
            )
            .scalar_subquery()
        )
        later = events.alias("later")
        goes_on = (
            sa.select(later.c.id)
            .where(
                later.c.sender_id == events.c.sender_id,
                later.c.timestamp >= moment.timestamp(),
            )
            .exists()
        )
        return self._delete(
            events.c.timestamp < moment.timestamp(),
            sa.or_(~goes_on, events.c.timestamp < begin),
        )

    def _delete(self, *which: object) -> int:
        if not self._is_there():
            return 0
        engine = self._engine.execution_options(writing=True)
        with explained(), engine.begin() as connection:
            return int(connection.execute(sa.delete(events).where(*which)).rowcount)

    def _is_there(self) -> bool:
        """Returns false before the first conversation; nothing is created."""
        url = self._engine.url
        if url.get_backend_name() == "sqlite" and not Path(url.database).is_file():
            return False
        with explained(), self._engine.connect() as connection:
            return _has_events(connection)


def _has_events(connection: Connection) -> bool:
    return bool(sa.inspect(connection).has_table("events"))
