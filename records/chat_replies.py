"""Replies that wait to be sent to patients of WhatsApp, each patient's in order."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from addons.whatsapp.incoming import Address
from addons.whatsapp.parts import Part
from records.addresses import WINDOW, Patient
from records.chat_tables import chat_replies as replies
from records.columns import utc_now
from records.database import Records
from records.leasing import WaitingLine

# Longer than one message may take to be sent.
LEASE = timedelta(seconds=30)
REF = "reply:"


def _is_earlier(row: Any, than: Any) -> Any:
    return sa.or_(
        row.c.urgency > than.c.urgency,
        sa.and_(row.c.urgency == than.c.urgency, row.c.id < than.c.id),
    )


LINE = WaitingLine(
    replies,
    ended="ended_at",
    is_earlier=_is_earlier,
    order=(replies.c.urgency.desc(), replies.c.next_at, replies.c.id),
)


@dataclass(frozen=True)
class Outgoing:
    """A message to send now."""

    id: int
    conversation: str
    channel: str
    to: Address
    part: Part
    attempts: int
    created_at: datetime
    lease: str

    @property
    def ref(self) -> str:
        """What Meta and Twilio tell with a failure."""
        return f"{REF}{self.id}"

    def is_too_late(self, now: datetime) -> bool:
        """Says whether the time in which it may be sent is over."""
        return now - self.created_at > WINDOW


class ChatReplies(Records):
    """Hands out replies one by one, each to one worker at a time."""

    def lease(
        self, channel: str, most: int, now: datetime | None = None
    ) -> list[Outgoing]:
        """Returns replies that are due, one a patient; they are ours for a while."""
        now = now or utc_now()
        with self._write() as connection:
            due = LINE.take(connection, channel, most, now, LEASE)
            if not due:
                return []
            mine = replies.c.id.in_(due)
            query = sa.select(replies).where(mine).order_by(replies.c.id)
            rows = connection.execute(query).mappings().all()
        return [_outgoing(row) for row in rows]

    def end(self, sent: Outgoing, result: str, now: datetime | None = None) -> bool:
        """Ends a reply that is sent, or never will be; only its number is kept."""
        ended = {"ended_at": now or utc_now(), "result": result[:80], "body": {}}
        return self._set(sent, ended)

    def put_off(
        self,
        sent: Outgoing,
        pause: timedelta,
        reason: str,
        now: datetime | None = None,
    ) -> bool:
        """Lets a reply be tried again later."""
        later = (now or utc_now()) + pause
        return self._set(sent, {"next_at": later, "result": reason[:80]})

    def waiting(self) -> int:
        """Returns how many replies are not sent yet."""
        query = sa.select(sa.func.count()).where(replies.c.ended_at.is_(None))
        with self._read() as connection:
            return int(connection.execute(query).scalar_one())

    def _set(self, sent: Outgoing, values: Mapping[str, Any]) -> bool:
        mine = sa.and_(replies.c.id == sent.id, replies.c.lease == sent.lease)
        change = sa.update(replies).where(mine).values(lease=None, **values)
        with self._write() as connection:
            return bool(connection.execute(change).rowcount)


def insert_replies(
    connection: Connection,
    patient: Patient,
    parts: Sequence[Part],
    *,
    urgency: int,
    now: datetime,
) -> None:
    """Adds the messages of one turn inside the transaction that ends it."""
    rows = [
        {
            "conversation": patient.conversation,
            "channel": patient.channel,
            "urgency": urgency,
            # The address as well: the patient may have had it deleted by this turn.
            "body": {"to": asdict(patient.address), "part": part.to_json()},
            "created_at": now,
            "attempts": 0,
            "next_at": now,
            "result": "",
        }
        for part in parts
    ]
    if rows:
        connection.execute(sa.insert(replies), rows)


def _outgoing(row: Mapping[str, Any]) -> Outgoing:
    return Outgoing(
        id=row["id"],
        conversation=row["conversation"],
        channel=row["channel"],
        to=Address(**row["body"]["to"]),
        part=Part.from_json(row["body"]["part"]),
        attempts=row["attempts"],
        created_at=row["created_at"],
        lease=row["lease"],
    )
