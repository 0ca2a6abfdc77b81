"""Reads what was said in a conversation, from the dialogue server's own database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from records.conversations import DEFAULT_URL
from records.database import WAIT_SECONDS, explained, make_engine, read_address

# A part of the table of Rasa's SQLTrackerStore.
events = sa.Table(
    "events",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sender_id", sa.String(255)),
    sa.Column("type_name", sa.String(255)),
    sa.Column("timestamp", sa.Float),
    sa.Column("data", sa.Text),
)
PATIENT, ASSISTANT = "patient", "assistant"
SPEAKERS = {"user": PATIENT, "bot": ASSISTANT}
BUTTON = "button:"
MOST = 400


@dataclass(frozen=True)
class Said:
    """One message.

    Attributes:
        who: `patient` or `assistant`.
        choices: the titles of the buttons below it.
        tapped: it is a button that was tapped.
    """

    at: datetime
    who: str
    text: str
    choices: tuple[str, ...] = ()
    tapped: bool = False


class Transcripts:
    """Reads conversations and changes nothing.

    Args:
        url: the database; `CLINIC_CONVERSATIONS_URL` or a file in `var/` by default.
    """

    def __init__(self, url: str | None = None) -> None:
        self._url = url

    def of(self, conversation: str) -> list[Said] | None:
        """Returns the newest messages, oldest first; None if there is no database.

        Raises:
            UnavailableError: the database is there and cannot be read.
        """
        query = (
            sa.select(events)
            .where(events.c.sender_id == conversation)
            .where(events.c.type_name.in_(tuple(SPEAKERS)))
            .order_by(events.c.id.desc())
            .limit(MOST)
        )
        if not self._is_there:
            return None
        with explained(), self._engine.connect() as connection:
            if not sa.inspect(connection).has_table("events"):
                return None
            rows = connection.execute(query).mappings().all()
        return _titled([said for row in reversed(rows) if (said := _said(row))])

    @cached_property
    def _address(self) -> sa.engine.URL:
        return read_address(self._url, "CLINIC_CONVERSATIONS_URL", DEFAULT_URL)

    @property
    def _is_there(self) -> bool:
        is_file = self._address.get_backend_name() == "sqlite"
        return not is_file or Path(self._address.database).is_file()

    @cached_property
    def _engine(self) -> Engine:
        if self._address.get_backend_name() == "sqlite":
            # Read-only by the database itself, not by good intention.
            file = f"file:{self._address.database}?mode=ro&uri=true"
            options = {"timeout": WAIT_SECONDS, "check_same_thread": False}
            return sa.create_engine(
                f"sqlite:///{file}",
                future=True,
                hide_parameters=True,
                connect_args=options,
            )
        return make_engine(self._address).execution_options(postgresql_readonly=True)


def _said(row: Mapping[str, Any]) -> tuple[Said, dict[str, str]] | None:
    try:
        data = json.loads(row["data"] or "{}")
    except json.JSONDecodeError:
        return None
    text = str(data.get("text") or "").strip()
    extra = data.get("data") or {}
    buttons = {
        str(b.get("payload")): str(b.get("title"))
        for b in (extra.get("buttons") or ())
        if isinstance(b, dict)
    }
    if not text and not buttons:
        return None
    at = datetime.fromtimestamp(float(row["timestamp"] or 0), timezone.utc)
    who = SPEAKERS[row["type_name"]]
    return Said(at, who, text, tuple(buttons.values())), buttons


def _titled(pairs: list[tuple[Said, dict[str, str]]]) -> list[Said]:
    """Replaces the codes of tapped buttons by what stood on them."""
    seen: dict[str, str] = {}
    lines = []
    for said, buttons in pairs:
        seen |= buttons
        if said.who == PATIENT and said.text.startswith(BUTTON):
            title = seen.get(said.text, said.text.removeprefix(BUTTON))
            said = Said(said.at, said.who, title, tapped=True)
        lines.append(said)
    return lines
