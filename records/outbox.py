"""Messages that wait to be sent: written with the change that they speak of."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from records.columns import utc_now
from records.database import Records
from records.tables import appointment_requests, contacts, outbox

MAIL_CLINIC = "mail_clinic"
MAIL_PATIENT = "mail_patient"
WEBHOOK = "webhook"
WHATSAPP = "whatsapp"

# Longer than any delivery may take: then another worker may try.
LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
# With the pauses above, about three days.
MOST_ATTEMPTS = 80


@dataclass(frozen=True)
class Message:
    """One message to deliver.

    Attributes:
        key: the same at every attempt, so that the receiver can tell.
        details: what was true when it was written; never a contact detail.
        to: the patient's e-mail address, for `mail_patient`.
        conversation: where the request comes from, for `whatsapp`.
        channel: the same.
    """

    id: int
    key: str
    kind: str
    event: str
    reference: str
    created_at: datetime
    details: Mapping[str, Any]
    attempts: int
    lease: str
    to: str
    request_id: int = 0
    conversation: str = ""
    channel: str = ""


def put(
    connection: Connection,
    request_id: int,
    event: str,
    *,
    kinds: Sequence[str],
    details: Mapping[str, Any] | None = None,
) -> None:
    """Adds one message of each kind in the transaction of the change."""
    now = utc_now()
    rows = [
        {
            "key": str(uuid.uuid4()),
            "request_id": request_id,
            "kind": kind,
            "event": event,
            "details": dict(details or {}),
            "created_at": now,
            "attempts": 0,
            "next_at": now,
            "result": "",
        }
        for kind in kinds
    ]
    if rows:
        connection.execute(sa.insert(outbox), rows)


class Outbox(Records):
    """Hands out messages one by one, each to one worker at a time."""

    def lease(self, now: datetime | None = None) -> Message | None:
        """Returns the next message that is due, or None; it is ours for two minutes.

        A message waits for the earlier ones of its request and kind, so that a
        cancellation never overtakes the confirmation.
        """
        now = now or utc_now()
        token = str(uuid.uuid4())
        with self._write() as connection:
            found = connection.execute(_next_due(now)).scalar()
            if found is None:
                return None
            connection.execute(
                sa.update(outbox)
                .where(outbox.c.id == found)
                .values(
                    lease=token,
                    next_at=now + LEASE,
                    attempts=outbox.c.attempts + 1,
                )
            )
            row = connection.execute(_message(found)).mappings().one()
        return Message(**row, lease=token)

    def delivered(self, message: Message) -> bool:
        """Ends a message that the receiver has; false if the lease was lost."""
        return self._end(message, "delivered")

    def skip(self, message: Message) -> bool:
        """Ends a message for which no way of sending is set up."""
        return self._end(message, "skipped")

    def failed(
        self,
        message: Message,
        reason: str,
        *,
        final: bool = False,
        now: datetime | None = None,
    ) -> bool:
        """Plans the next attempt, later each time; gives up after about three days.

        Args:
            message: the message that could not be delivered.
            reason: the kind of the trouble; no address and no text.
            final: give up at once.
            now: the present moment.
        """
        if final or message.attempts >= MOST_ATTEMPTS:
            return self._end(message, f"failed: {reason}"[:80])
        later = (now or utc_now()) + pause_after(message.attempts)
        values = {"lease": None, "next_at": later, "result": reason[:80]}
        return self._set(message, values)

    def waiting(self) -> int:
        """Returns how many messages are not delivered yet."""
        query = sa.select(sa.func.count()).where(outbox.c.ended_at.is_(None))
        with self._read() as connection:
            return int(connection.execute(query).scalar_one())

    def _end(self, message: Message, result: str) -> bool:
        return self._set(
            message, {"lease": None, "ended_at": utc_now(), "result": result}
        )

    def _set(self, message: Message, values: Mapping[str, Any]) -> bool:
        change = (
            sa.update(outbox)
            .where(outbox.c.id == message.id, outbox.c.lease == message.lease)
            .values(**values)
        )
        with self._write() as connection:
            return bool(connection.execute(change).rowcount)


def pause_after(attempts: int) -> timedelta:
    """Returns how long to wait after so many attempts."""
    doublings = min(attempts - 1, 20)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def _next_due(now: datetime) -> Any:
    earlier = outbox.alias("earlier")
    blocked = (
        sa.select(earlier.c.id)
        .where(
            earlier.c.request_id == outbox.c.request_id,
            earlier.c.kind == outbox.c.kind,
            earlier.c.id < outbox.c.id,
            earlier.c.ended_at.is_(None),
        )
        .exists()
    )
    return (
        sa.select(outbox.c.id)
        .where(outbox.c.ended_at.is_(None), outbox.c.next_at <= now, ~blocked)
        .order_by(outbox.c.next_at, outbox.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _message(message_id: int) -> Any:
    columns = ("id", "key", "kind", "event", "created_at", "details", "attempts")
    return (
        sa.select(
            *(outbox.c[name] for name in columns),
            appointment_requests.c.id.label("request_id"),
            appointment_requests.c.reference,
            appointment_requests.c.conversation,
            appointment_requests.c.channel,
            sa.func.coalesce(contacts.c.email, "").label("to"),
        )
        .join(appointment_requests, appointment_requests.c.id == outbox.c.request_id)
        .outerjoin(contacts, contacts.c.request_id == outbox.c.request_id)
        .where(outbox.c.id == message_id)
    )
