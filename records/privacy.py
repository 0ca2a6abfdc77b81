"""What is known about a patient, and how it is forgotten."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from records import audit
from records.appointments import AppointmentBook
from records.chats import forget_chat
from records.columns import utc_now
from records.conversations import ConversationStore
from records.database import Records, insert_if_new
from records.escalations import escalations
from records.questions import unanswered_questions
from records.ratings import answer_ratings
from records.requests import Appointment, Contact
from records.spool import QUESTIONS_FILE, Spool
from records.tables import (
    appointment_requests,
    booked_slices,
    cleared_alarms,
    contacts,
    forgetting,
    lookup_attempts,
)

# Until then the dialogue server has surely finished the turn that asked for it.
REST = timedelta(minutes=10)


@dataclass(frozen=True)
class Known:
    """All that is kept about one conversation."""

    requests: tuple[Appointment, ...]
    contacts: tuple[Contact, ...]
    messages: int
    questions: int
    escalations: int


@dataclass(frozen=True)
class Forgotten:
    """What was deleted.

    Attributes:
        kept: references of confirmed visits that are still to come; cancel them first.
    """

    requests: int
    questions: int
    escalations: int
    kept: tuple[str, ...]


class Privacy(Records):
    """Tells and deletes what belongs to a conversation.

    Args:
        url: the clinic's database, as for all records.
        conversations: the dialogue server's store.
        spools: where escalations and questions wait while the database is away.
        clock: returns the present moment.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        conversations: ConversationStore | None = None,
        spools: Sequence[Spool] | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(url)
        self._conversations = conversations or ConversationStore()
        self._spools = spools or (Spool(), Spool(QUESTIONS_FILE))
        self._clock = clock

    def known(self, conversation: str) -> Known:
        """Returns what is kept about a conversation."""
        mine = appointment_requests.c.conversation == conversation
        people = sa.select(contacts).join(appointment_requests).where(mine)
        with self._read() as connection:
            query = sa.select(appointment_requests).where(mine).order_by("id")
            rows = connection.execute(query).mappings().all()
            persons = connection.execute(people).all()
            questions = _count(connection, unanswered_questions, conversation)
            alarms = _count(connection, escalations, conversation)
        return Known(
            requests=tuple(map(Appointment.from_row, rows)),
            contacts=tuple(Contact(p.name, p.phone, p.email) for p in persons),
            messages=self._conversations.messages(conversation),
            questions=questions,
            escalations=alarms,
        )

    def forget(
        self, conversation: str, *, actor: str, rest: timedelta = REST
    ) -> Forgotten:
        """Deletes all of a conversation, except confirmed visits that are to come.

        What the dialogue server keeps is deleted by `forget_due` after a rest, as
        that server would otherwise write it anew at the end of the same turn.
        """
        now = self._clock()
        # Before the rows: what is written in between is deleted below.
        for spool in self._spools:
            spool.forget(conversation)
        with self._write() as connection:
            kept = connection.execute(_to_come(conversation, now)).all()
            mine = sa.and_(
                appointment_requests.c.conversation == conversation,
                appointment_requests.c.id.not_in([row.id for row in kept]),
            )
            ids = connection.execute(sa.select(appointment_requests.c.id).where(mine))
            for request_id in ids.scalars().all():
                audit.write_line(connection, actor, "forget", request_id=request_id)
            requests = connection.execute(sa.delete(appointment_requests).where(mine))
            forgotten = Forgotten(
                requests=requests.rowcount,
                questions=_delete(connection, unanswered_questions, conversation),
                escalations=_delete(connection, escalations, conversation),
                kept=tuple(row.reference for row in kept),
            )
            _delete(connection, cleared_alarms, conversation)
            _delete(connection, lookup_attempts, conversation)
            _delete(connection, answer_ratings, conversation)
            forget_chat(connection, conversation)
            due = {"conversation": conversation, "due_at": now + rest}
            insert_if_new(connection, forgetting, due)
            audit.write_line(connection, actor, "forget", detail=_summary(forgotten))
        return forgotten

    def forget_request(
        self, reference: str, phone: str, *, conversation: str, actor: str
    ) -> Forgotten | None:
        """Deletes all of the conversation that a request came from.

        Args:
            reference: the reference of the request.
            phone: its phone number; a wrong one and an unknown reference give None.
            conversation: who asks, so that guessing is limited.
            actor: who asks, for the audit trail.

        Raises:
            TooManyAttemptsError: this conversation has guessed too often.
        """
        book = AppointmentBook(self._url, clock=self._clock)
        found = book.find(reference, phone, conversation=conversation)
        return self.forget(found.conversation, actor=actor) if found else None

    def forget_due(self) -> int:
        """Deletes in the dialogue server's store what was put off; returns how many."""
        due = sa.select(forgetting.c.conversation).where(
            forgetting.c.due_at <= self._clock()
        )
        found = self._rows(due)
        for row in found:
            self._conversations.delete(row["conversation"])
            with self._write() as connection:
                _delete(connection, forgetting, row["conversation"])
        return len(found)


def _to_come(conversation: str, now: datetime) -> Any:
    """Confirmed visits that somebody waits for, also if another time is asked for."""
    table = appointment_requests
    held = sa.select(booked_slices.c.request_id).where(
        booked_slices.c.request_id == table.c.id
    )
    return (
        sa.select(table.c.id, table.c.reference)
        .where(table.c.conversation == conversation, held.exists())
        .where(table.c.ends_at > now)
        .order_by(table.c.id)
    )


def _summary(forgotten: Forgotten) -> str:
    return (
        f"{forgotten.requests} requests, {forgotten.questions} questions, "
        f"{forgotten.escalations} escalations; {len(forgotten.kept)} requests kept"
    )


def _count(connection: Connection, table: sa.Table, conversation: str) -> int:
    query = sa.select(sa.func.count()).where(table.c.conversation == conversation)
    return int(connection.execute(query).scalar_one())


def _delete(connection: Connection, table: sa.Table, conversation: str) -> int:
    change = sa.delete(table).where(table.c.conversation == conversation)
    return int(connection.execute(change).rowcount)
