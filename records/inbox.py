"""Messages that came and wait for an answer: each once, each patient's in order."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from addons.whatsapp.incoming import REVOKED, SILENT, Address, Delivery, Incoming
from addons.whatsapp.parts import Part
from records.addresses import Patient, conversation_of, rename
from records.chat_replies import insert_replies
from records.chat_tables import chat_addresses, inbox
from records.columns import utc_now
from records.database import Records, insert_if_new
from records.leasing import WaitingLine

# Longer than an answer may take: then another worker may try, or this one after a
# restart.
LEASE = timedelta(seconds=20)
# Meta brings a message again for seven days; what is older is a replay.
OLDEST = timedelta(days=8)
EMPTY: dict[str, Any] = {}


def _is_earlier(row: Any, than: Any) -> Any:
    return sa.or_(
        row.c.sent_at < than.c.sent_at,
        sa.and_(row.c.sent_at == than.c.sent_at, row.c.id < than.c.id),
    )


LINE = WaitingLine(
    inbox,
    ended="answered_at",
    is_earlier=_is_earlier,
    order=(inbox.c.next_at, inbox.c.id),
)


@dataclass(frozen=True)
class Waiting:
    """A message to answer now.

    Attributes:
        key: a hash of its id; the dialogue server keeps it with the message.
        attempts: how often an answer was begun, this time included.
    """

    id: int
    key: str
    message: Incoming
    patient: Patient
    attempts: int
    lease: str


@dataclass(frozen=True)
class Answer:
    """What a message leads to.

    Attributes:
        offered: payloads of choices that are shown with numbers.
        is_urgent: it is about an emergency, and goes out before all else.
    """

    parts: tuple[Part, ...]
    offered: tuple[str, ...] = ()
    is_urgent: bool = False


class Inbox(Records):
    """Keeps what a webhook brings until it is answered."""

    def keep(
        self,
        delivery: Delivery,
        channel: str,
        *,
        settle: timedelta = timedelta(0),
        answered: bool = False,
        now: datetime | None = None,
    ) -> int:
        """Stores what is new, in one transaction; returns how many wait by it.

        Args:
            delivery: what a call of the webhook brings.
            channel: the name of the channel.
            settle: how long a message waits for an earlier one that is late.
            answered: they are answered already, while the database was away.
            now: the present moment.
        """
        now = now or utc_now()
        new = 0
        with self._write() as connection:
            for change in delivery.renamed:
                rename(connection, channel, change)
            for message in delivery.messages:
                sent_at = min(message.sent_at or now, now)
                if now - sent_at > OLDEST:
                    continue
                mine = conversation_of(connection, channel, message.sender, sent_at)
                if message.kind == REVOKED:
                    _take_back(connection, message.about, mine, now)
                elif message.kind != SILENT:
                    row = {
                        "key": key_of(message.id),
                        "conversation": "" if answered else mine,
                        "channel": channel,
                        "sent_at": sent_at,
                        "received_at": now,
                        "body": EMPTY
                        if answered
                        else {**asdict(message), "sent_at": None},
                        "attempts": 0,
                        "next_at": now + settle,
                        "answered_at": now if answered else None,
                    }
                    new += insert_if_new(connection, inbox, row)
        return new

    def lease(
        self, channel: str, most: int, now: datetime | None = None
    ) -> list[Waiting]:
        """Returns messages that are due, one a patient; they are ours for a while."""
        now = now or utc_now()
        with self._write() as connection:
            due = LINE.take(connection, channel, most, now, LEASE)
            if not due:
                return []
            mine = inbox.c.id.in_(due)
            query = (
                sa.select(inbox, *_PATIENT)
                .outerjoin(
                    chat_addresses,
                    chat_addresses.c.conversation == inbox.c.conversation,
                )
                .where(mine)
                .order_by(inbox.c.sent_at, inbox.c.id)
            )
            rows = connection.execute(query).mappings().all()
        return [_waiting(row) for row in rows]

    def answer(
        self, waiting: Waiting, answer: Answer, now: datetime | None = None
    ) -> bool:
        """Ends a message and keeps its replies to be sent, both or none.

        False if the lease was lost: then another worker answers.
        """
        now = now or utc_now()
        with self._write() as connection:
            ended = connection.execute(
                sa.update(inbox)
                .where(inbox.c.id == waiting.id, inbox.c.lease == waiting.lease)
                .where(inbox.c.answered_at.is_(None))
                .values(answered_at=now, lease=None, body=EMPTY, conversation="")
            )
            if not ended.rowcount:
                return False
            insert_replies(
                connection,
                waiting.patient,
                answer.parts,
                urgency=int(answer.is_urgent),
                now=now,
            )
            mine = chat_addresses.c.conversation == waiting.patient.conversation
            offered = {"offered": list(answer.offered)}
            connection.execute(sa.update(chat_addresses).where(mine).values(**offered))
        return True

    def put_off(
        self, waiting: Waiting, pause: timedelta, now: datetime | None = None
    ) -> None:
        """Lets a message be tried again later."""
        later = (now or utc_now()) + pause
        mine = sa.and_(inbox.c.id == waiting.id, inbox.c.lease == waiting.lease)
        change = sa.update(inbox).where(mine).values(lease=None, next_at=later)
        with self._write() as connection:
            connection.execute(change)

    def waiting(self) -> int:
        """Returns how many messages are not answered yet."""
        query = sa.select(sa.func.count()).where(inbox.c.answered_at.is_(None))
        with self._read() as connection:
            return int(connection.execute(query).scalar_one())


_PATIENT = tuple(
    chat_addresses.c[name].label(f"patient_{name}")
    for name in ("user_id", "phone", "written_at", "offered")
)


def key_of(message_id: str) -> str:
    """Returns what is kept of an id: Meta's ids hold the phone number."""
    return hashlib.sha256(message_id.encode("utf-8", "replace")).hexdigest()


def _take_back(
    connection: Connection, message_id: str, conversation: str, now: datetime
) -> None:
    """Ends a message that the patient has deleted before it was read."""
    connection.execute(
        sa.update(inbox)
        .where(inbox.c.key == key_of(message_id), inbox.c.conversation == conversation)
        .where(inbox.c.answered_at.is_(None), inbox.c.lease.is_(None))
        .values(answered_at=now, body=EMPTY, conversation="")
    )


def _waiting(row: Mapping[str, Any]) -> Waiting:
    body = dict(row["body"])
    sender = Address(**body.pop("sender"))
    # A deletion of all data may have removed the address meanwhile.
    known = row["patient_written_at"] is not None
    address = Address(row["patient_user_id"], row["patient_phone"]) if known else sender
    patient = Patient(
        row["conversation"],
        row["channel"],
        address,
        row["patient_written_at"] or row["sent_at"],
        tuple(row["patient_offered"] or ()),
    )
    message = Incoming(**{**body, "sender": sender, "sent_at": row["sent_at"]})
    return Waiting(
        row["id"], row["key"], message, patient, row["attempts"], row["lease"]
    )
