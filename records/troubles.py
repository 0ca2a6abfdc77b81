"""What staff must know of WhatsApp: messages that did not arrive, account troubles."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from addons.whatsapp.incoming import Failure
from records import audit
from records.chat_replies import REF
from records.chat_tables import chat_replies, delivery_troubles
from records.columns import utc_now
from records.database import Records
from records.tables import appointment_requests, outbox

REPLY, NOTICE, ACCOUNT = "reply", "notice", "account"
NOTICE_REF = "notice:"
PAGE = 50


@dataclass(frozen=True)
class Trouble:
    """One trouble that nobody has dealt with.

    Attributes:
        kind: `reply` of the chat, `notice` of what staff did, or `account`.
        code: of Meta or Twilio.
        request_id: the request it is about, or the newest of the conversation.
    """

    id: int
    kind: str
    code: str
    channel: str
    first_at: datetime
    last_at: datetime
    times: int
    request_id: int | None
    reference: str | None


class Troubles(Records):
    """Notes troubles, each kind once while it is open."""

    def note(
        self,
        channel: str,
        kind: str,
        code: str,
        *,
        conversation: str = "",
        request_id: int | None = None,
        now: datetime | None = None,
    ) -> None:
        """Writes a trouble, or counts it if it is open already."""
        now = now or utc_now()
        with self._write() as connection:
            _note(connection, now, channel, kind, code, conversation, request_id)

    def note_failure(
        self, channel: str, failure: Failure, now: datetime | None = None
    ) -> None:
        """Writes that one of our messages has failed, as the webhook tells later."""
        now, ref = now or utc_now(), failure.ref
        kind, conversation, request_id = ACCOUNT, "", None
        with self._write() as connection:
            if ref.startswith(NOTICE_REF):
                kind = NOTICE
                mine = outbox.c.key == ref.removeprefix(NOTICE_REF)
                query = sa.select(outbox.c.request_id).where(mine)
                request_id = connection.execute(query).scalar()
            elif ref.startswith(REF):
                kind, number = REPLY, ref.removeprefix(REF)
                if number.isascii() and number.isdigit() and len(number) < 10:
                    mine = chat_replies.c.id == int(number)
                    query = sa.select(chat_replies.c.conversation).where(mine)
                    conversation = connection.execute(query).scalar() or ""
            elif ref:
                kind = REPLY
            _note(
                connection, now, channel, kind, failure.code, conversation, request_id
            )

    def open(self, *, skip: int = 0, most: int = PAGE) -> list[Trouble]:
        """Returns what nobody has dealt with: the account first, then the newest."""
        table = delivery_troubles
        mine = appointment_requests.alias("mine")
        newest = (
            sa.select(sa.func.max(mine.c.id))
            .where(mine.c.conversation == table.c.conversation)
            .where(table.c.conversation != "")
            .correlate(table)
            .scalar_subquery()
        )
        request = sa.func.coalesce(table.c.request_id, newest)
        query = (
            sa.select(
                *(table.c[n] for n in ("id", "kind", "code", "channel", "times")),
                table.c.first_at,
                table.c.last_at,
                request.label("request_id"),
                appointment_requests.c.reference,
            )
            .select_from(table)
            .outerjoin(appointment_requests, appointment_requests.c.id == request)
            .where(table.c.ended_at.is_(None))
            .order_by(
                sa.case({ACCOUNT: 0}, value=table.c.kind, else_=1),
                table.c.last_at.desc(),
                table.c.id.desc(),
            )
            .limit(most)
            .offset(skip)
        )
        return [Trouble(**row) for row in self._rows(query)]

    def count(self) -> int:
        """Returns how many are open."""
        query = sa.select(sa.func.count()).where(delivery_troubles.c.ended_at.is_(None))
        with self._read() as connection:
            return int(connection.execute(query).scalar_one())

    def end(self, trouble_id: int, *, actor: str) -> None:
        """Takes a trouble off the list: somebody has dealt with it."""
        mine = sa.and_(
            delivery_troubles.c.id == trouble_id,
            delivery_troubles.c.ended_at.is_(None),
        )
        change = sa.update(delivery_troubles).where(mine).values(ended_at=utc_now())
        with self._write() as connection:
            if connection.execute(change).rowcount:
                detail = f"trouble {trouble_id}"
                audit.write_line(connection, actor, "end_trouble", detail=detail)


def _note(
    connection: Connection,
    now: datetime,
    channel: str,
    kind: str,
    code: str,
    conversation: str,
    request_id: int | None,
) -> None:
    table = delivery_troubles
    row: dict[str, Any] = {
        "channel": channel,
        "kind": kind,
        "code": code[:80],
        "conversation": conversation,
        "request_id": request_id,
    }
    same = [table.c[name].is_not_distinct_from(value) for name, value in row.items()]
    again = (
        sa.update(table)
        .where(table.c.ended_at.is_(None), *same)
        .values(times=table.c.times + 1, last_at=now)
    )
    if not connection.execute(again).rowcount:
        first = {**row, "first_at": now, "last_at": now, "times": 1}
        connection.execute(sa.insert(table), [first])
