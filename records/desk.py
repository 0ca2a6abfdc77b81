"""What the staff console shows about appointment requests: lists, one, search, CSV."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from records import audit, name_search, states, steps
from records.database import Records
from records.escalations import escalations
from records.references import read_reference
from records.requests import Appointment, Contact
from records.tables import appointment_requests as requests
from records.tables import audit_trail, contacts

PAGE = 50
VISIT_STATES = (states.CONFIRMED, states.ATTENDED, states.NO_SHOW)
CSV_COLUMNS = (
    "reference", "created_at", "state", "level", "for_whom", "visit_type", "channel",
    "day_typed", "day", "part", "practitioner", "starts_at", "ends_at", "claimed_by",
)  # fmt: skip
# A spreadsheet would run what begins with one of these.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """A request in a list.

    Attributes:
        name: the patient's name.
        is_overdue: it has waited longer than its level allows.
    """

    request: Appointment
    name: str
    is_overdue: bool


@dataclass(frozen=True)
class Record:
    """Everything about one request.

    Attributes:
        history: its lines of the audit trail, oldest first.
        escalations: the dangers that were noticed in its conversation, oldest first.
    """

    request: Appointment
    contact: Contact
    history: Sequence[Mapping[str, Any]]
    escalations: Sequence[Mapping[str, Any]]


class Desk(Records):
    """Reads for the console; pages of fifty, fast with a hundred thousand requests."""

    def waiting(
        self,
        state: str = states.REQUESTED,
        *,
        skip: int = 0,
        most: int = PAGE,
        now: datetime,
        allowed: Mapping[str, timedelta] | None = None,
    ) -> list[Line]:
        """Returns requests of a state, the most urgent first, then the oldest.

        Args:
            state: `requested` waits for the clinic, `proposed` for the patient.
            skip: how many to leave out: the pages before.
            most: how many to return.
            now: the present moment.
            allowed: how long a request may wait, by level.
        """
        # The page is found in the index alone; only its rows are read.
        page = (
            sa.select(requests.c.id)
            .where(requests.c.state == state)
            .order_by(requests.c.urgency, requests.c.waiting_since, requests.c.id)
            .limit(most)
            .offset(skip)
        )
        order = (requests.c.urgency, requests.c.waiting_since, requests.c.id)
        return self._lines(page, order, now=now, allowed=allowed or {})

    def newest(self, *, skip: int = 0, most: int = PAGE, now: datetime) -> list[Line]:
        """Returns requests of all states, newest first."""
        order = (requests.c.created_at.desc(), requests.c.id.desc())
        page = sa.select(requests.c.id).order_by(*order).limit(most).offset(skip)
        return self._lines(page, order, now=now)

    def calendar(
        self, begin: datetime, end: datetime, practitioner: str | None = None
    ) -> list[Appointment]:
        """Returns what is confirmed, attended or missed between two moments."""
        query = (
            sa.select(requests)
            .where(requests.c.starts_at >= begin, requests.c.starts_at < end)
            # Not the bare column: SQLite would take the index of the states, and read
            # every visit that ever was.
            .where(sa.func.coalesce(requests.c.state, "").in_(VISIT_STATES))
            .order_by(requests.c.starts_at, requests.c.practitioner)
        )
        if practitioner:
            query = query.where(requests.c.practitioner == practitioner)
        return [Appointment.from_row(row) for row in self._rows(query)]

    def search(self, typed: str, *, now: datetime) -> list[Line]:
        """Returns the newest requests with this reference, number, or words of a name.

        A number is looked for in the form +27825550142; of a name the beginning of
        any of its words will do, in any order.
        """
        typed, reference = typed.replace("\0", "").strip(), read_reference(typed)
        if not typed:
            return []
        with self._read() as connection:
            if typed.startswith("+"):
                owners = sa.select(contacts.c.request_id)
                owned = owners.where(contacts.c.phone == typed)
                which = requests.c.id.in_(owned)
            else:
                found = name_search.newest(connection, typed, PAGE)
                which = requests.c.id.in_(found)
        if reference:
            which = sa.or_(which, requests.c.reference == reference)
        page = sa.select(requests.c.id).where(which).order_by(requests.c.id.desc())
        return self._lines(page.limit(PAGE), (requests.c.id.desc(),), now=now)

    def counts(self) -> dict[str, int]:
        """Returns how many requests there are in each state."""
        query = sa.select(requests.c.state, sa.func.count().label("times"))
        found = self._rows(query.group_by(requests.c.state))
        return dict.fromkeys(states.STATES, 0) | {r["state"]: r["times"] for r in found}

    def record(self, request_id: int, *, viewer: str) -> Record:
        """Returns everything about one request, and notes who looked at it.

        Raises:
            UnknownRequestError: there is no such request.
        """
        with self._write() as connection:
            request = steps.get(connection, request_id)
            person = connection.execute(
                sa.select(contacts).where(contacts.c.request_id == request_id)
            ).one()
            lines = sa.select(audit_trail).where(audit_trail.c.request_id == request_id)
            dangers = sa.select(escalations).where(
                escalations.c.conversation == request.conversation
            )
            history = connection.execute(lines.order_by("id")).mappings().all()
            alarms = connection.execute(dangers.order_by("id")).mappings().all()
            audit.write_line(connection, viewer, "view", request_id=request_id)
        contact = Contact(person.name, person.phone, person.email)
        return Record(request, contact, history, alarms)

    def csv_rows(self) -> Iterator[list[str]]:
        """Returns a heading and all requests for a CSV file, without contact details.

        A cell that a spreadsheet would take for a formula begins with an apostrophe.
        """
        yield list(CSV_COLUMNS)
        query = sa.select(*(requests.c[name] for name in CSV_COLUMNS))
        options = {"stream_results": True, "max_row_buffer": 1000}
        with self._read() as connection:
            rows = connection.execution_options(**options).execute(
                query.order_by(requests.c.id)
            )
            for row in rows:
                yield [safe_cell(value) for value in row]

    def _lines(
        self,
        page: Any,
        order: tuple[Any, ...],
        *,
        now: datetime,
        allowed: Mapping[str, timedelta] | None = None,
    ) -> list[Line]:
        ids = page.subquery()
        query = (
            sa.select(requests, contacts.c.name)
            .join(ids, ids.c.id == requests.c.id)
            .join(contacts, contacts.c.request_id == requests.c.id)
            .order_by(*order)
        )
        return [_line(row, now, allowed or {}) for row in self._rows(query)]


def safe_cell(value: Any) -> str:
    """Returns a value as text that no spreadsheet takes for a formula."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _line(
    row: Mapping[str, Any], now: datetime, allowed: Mapping[str, timedelta]
) -> Line:
    request = Appointment.from_row(row)
    longest = allowed.get(request.level)
    waits = request.state == states.REQUESTED
    late = longest is not None and now - request.waiting_since > longest
    return Line(request, row["name"], waits and late)
