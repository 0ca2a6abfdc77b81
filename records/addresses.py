"""Who writes by WhatsApp: a conversation of their own for each person."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from addons.whatsapp.incoming import Address, Renamed
from records.chat_tables import chat_addresses as addresses
from records.database import Records

# How long after a patient's message they may be answered freely.
WINDOW = timedelta(hours=24)


@dataclass(frozen=True)
class Patient:
    """Somebody who writes.

    Attributes:
        written_at: when their latest message was sent.
        offered: payloads of the choices that were last shown with numbers.
    """

    conversation: str
    channel: str
    address: Address
    written_at: datetime
    offered: tuple[str, ...] = ()

    def is_open(self, now: datetime) -> bool:
        """Says whether they may be written to freely."""
        return now - self.written_at < WINDOW

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Patient":
        """Reads a row of the table."""
        return cls(
            row["conversation"],
            row["channel"],
            Address(row["user_id"], row["phone"]),
            row["written_at"],
            tuple(row["offered"]),
        )


class Addresses(Records):
    """Finds a patient by conversation."""

    def of(self, conversation: str) -> Patient | None:
        """Returns who writes in a conversation, or None if it is not known here."""
        query = sa.select(addresses).where(addresses.c.conversation == conversation)
        rows = self._rows(query)
        return Patient.from_row(rows[0]) if rows else None


def conversation_name(channel: str, address: Address) -> str:
    """Returns the name of a new conversation: it tells nobody the number."""
    digest = hashlib.sha256(f"{channel}:{address.name}".encode()).hexdigest()
    return f"{channel}-{digest[:32]}"


def conversation_of(
    connection: Connection, channel: str, address: Address, written_at: datetime
) -> str:
    """Returns the conversation of a patient who writes now; begins one if needed."""
    row = _known(connection, channel, address)
    if row is None:
        return _begin(connection, channel, address, written_at)
    changes: dict[str, Any] = {"written_at": max(written_at, row["written_at"])}
    if address.user_id:
        changes["user_id"] = address.user_id
    if address.phone:
        changes["phone"] = address.phone
    mine = addresses.c.conversation == row["conversation"]
    connection.execute(sa.update(addresses).where(mine).values(**changes))
    return str(row["conversation"])


def rename(connection: Connection, channel: str, change: Renamed) -> None:
    """Lets a patient keep the conversation with another number or user id."""
    row = _known(connection, channel, change.before)
    if row is None or _known(connection, channel, change.after):
        return
    mine = addresses.c.conversation == row["conversation"]
    after = change.after
    connection.execute(
        sa.update(addresses)
        .where(mine)
        .values(user_id=after.user_id, phone=after.phone)
    )


def _known(connection: Connection, channel: str, address: Address) -> Any:
    row = None
    if address.user_id:
        row = _find(connection, channel, addresses.c.user_id == address.user_id)
    if row is None and address.phone:
        row = _find(connection, channel, addresses.c.phone == address.phone)
        if row and address.user_id and row["user_id"]:
            # The number belongs to another person now.
            mine = addresses.c.conversation == row["conversation"]
            connection.execute(sa.update(addresses).where(mine).values(phone=""))
            row = None
    return row


def _find(connection: Connection, channel: str, which: Any) -> Any:
    query = sa.select(addresses).where(addresses.c.channel == channel, which)
    newest = query.order_by(addresses.c.written_at.desc()).limit(1)
    return connection.execute(newest).mappings().first()


def _begin(
    connection: Connection, channel: str, address: Address, written_at: datetime
) -> str:
    name = conversation_name(channel, address)
    taken = sa.select(addresses.c.conversation).where(addresses.c.conversation == name)
    if connection.execute(taken).first():
        # Of somebody who had this number before, and moved on with another one.
        name = f"{channel}-{uuid.uuid4().hex}"
    row = {
        "conversation": name,
        "channel": channel,
        "user_id": address.user_id,
        "phone": address.phone,
        "written_at": written_at,
        "offered": [],
    }
    connection.execute(sa.insert(addresses), [row])
    return name
