"""The appointment book: stores requests, and changes them step by step."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from records import audit, lookups, name_search, states, steps
from records.columns import utc_now
from records.database import Records, insert_if_new
from records.errors import (
    InvalidRequestError,
    RecordsError,
    RequestError,
    TooManyAttemptsError,
)
from records.references import new_reference, read_reference
from records.requests import Appointment, Contact, NewRequest, Receipt, Visit, Wish
from records.tables import appointment_requests as requests
from records.tables import booked_slices, contacts

MOST_REFERENCES_TRIED = 20


class AppointmentBook(Records):
    """Appointment requests from the first word to the visit.

    Each change is one transaction together with its line in the audit trail and the
    messages that it causes. Who changes something names the version that was read:
    if somebody else was faster, nothing is changed and StaleRequestError is raised.
    An actor is `audit.PATIENT`, `audit.PROGRAM` or `audit.staff(name)`.

    All methods raise UnavailableError if the database is away, locked or full, after
    a few seconds at most; then nothing was written and the same call may be repeated.

    Args:
        url: SQLAlchemy address; `CLINIC_DATABASE_URL` or a file in `var/` by default.
        clock: returns the present moment.
    """

    def __init__(
        self, url: str | None = None, *, clock: Callable[[], datetime] = utc_now
    ) -> None:
        super().__init__(url)
        self._clock = clock

    def submit(
        self,
        key: str,
        request: NewRequest,
        contact: Contact,
        *,
        actor: str = audit.PATIENT,
    ) -> Receipt:
        """Stores a request once, however often it is sent.

        Args:
            key: a random text that is made when the form starts, such as a UUID.
            request: what the patient asks for.
            contact: how to reach the patient.
            actor: who sends it: the patient, or staff for one who phones.
        """
        if not 16 <= len(key) <= 64:
            raise InvalidRequestError("The key needs 16 to 64 signs. Use a UUID.")
        row = steps.first_row(key, request, self._clock())
        with self._write() as connection:
            receipt = _store_once(connection, row)
            if receipt.is_new:
                person = {"request_id": receipt.request_id, **asdict(contact)}
                connection.execute(sa.insert(contacts), [person])
                name_search.add(connection, receipt.request_id, contact.name)
                steps.record(connection, receipt.request_id, "submit", actor=actor)
        return receipt

    def find(
        self, reference: str, phone: str, *, conversation: str
    ) -> Appointment | None:
        """Returns a request to who knows its reference and its phone number.

        The answer is the same for an unknown reference and for a wrong number.

        Raises:
            TooManyAttemptsError: five attempts of this conversation failed in an hour.
        """
        with self._write() as connection:
            too_many = lookups.count_attempt(connection, conversation, self._clock())
            found = None if too_many else _matching(connection, reference, phone)
            if found:
                lookups.forgive(connection, conversation)
        if too_many:
            raise TooManyAttemptsError
        return found

    def sent(self, key: str, *, conversation: str) -> Appointment | None:
        """Returns the request that this conversation has sent with this key."""
        mine = sa.and_(requests.c.key == key, requests.c.conversation == conversation)
        rows = self._rows(sa.select(requests).where(mine))
        return Appointment.from_row(rows[0]) if rows else None

    def get(self, request_id: int) -> Appointment:
        """Returns a request as it is now.

        Raises:
            UnknownRequestError: there is none, or it was deleted.
        """
        with self._read() as connection:
            return steps.get(connection, request_id)

    def propose(
        self, request_id: int, visit: Visit, *, version: int, actor: str
    ) -> Appointment:
        """Offers a time that is not held yet."""
        return self._step(request_id, "propose", version, actor, visit=visit)

    def confirm(
        self,
        request_id: int,
        visit: Visit | None = None,
        *,
        version: int,
        actor: str,
    ) -> Appointment:
        """Books a time, or another time for what is confirmed already.

        Args:
            request_id: the request.
            visit: the time; without it, the one that was proposed.
            version: the version that was read.
            actor: who does it; the patient accepts a proposal by this.

        Raises:
            OverlapError: the practitioner is taken.
        """
        return self._step(request_id, "confirm", version, actor, visit=visit)

    def decline(self, request_id: int, *, version: int, actor: str) -> Appointment:
        """Ends a request that the clinic cannot meet."""
        return self._step(request_id, "decline", version, actor)

    def cancel(self, request_id: int, *, version: int, actor: str) -> Appointment:
        """Ends a request or an appointment that is not wanted any more."""
        return self._step(request_id, "cancel", version, actor)

    def move(
        self, request_id: int, wish: Wish, *, version: int, actor: str
    ) -> Appointment:
        """Asks for another time; a confirmed one stays held until the clinic acts."""
        values = asdict(wish)
        return self._step(request_id, "move", version, actor, values=values)

    def mark_attended(
        self, request_id: int, *, version: int, actor: str
    ) -> Appointment:
        """Notes that the patient came."""
        return self._step(request_id, "attend", version, actor)

    def mark_no_show(self, request_id: int, *, version: int, actor: str) -> Appointment:
        """Notes that the patient did not come."""
        return self._step(request_id, "miss", version, actor)

    def called(self, request_id: int, *, version: int, actor: str) -> Appointment:
        """Notes that a patient who asked for a call was called."""
        return self._step(request_id, "call", version, actor)

    def claim(
        self, request_id: int, by: str | None, *, version: int, actor: str
    ) -> Appointment:
        """Names the member of staff who looks after a request; None for nobody."""
        values = {"claimed_by": by}
        return self._step(request_id, "claim", version, actor, values=values)

    def expire(self, before: datetime) -> int:
        """Ends requests that wait since before a moment; returns how many.

        One that still holds a confirmed time is left for the staff.
        """
        held = sa.select(booked_slices.c.request_id)
        old = sa.select(requests.c.id, requests.c.version).where(
            requests.c.state.in_((states.REQUESTED, states.PROPOSED)),
            requests.c.waiting_since < before,
            requests.c.id.not_in(held),
        )
        ended = 0
        for row in self._rows(old):
            try:
                self._step(row["id"], "expire", row["version"], audit.PROGRAM)
                ended += 1
            except RequestError:
                continue  # somebody has just taken care of it
        return ended

    def _step(
        self,
        request_id: int,
        step: str,
        version: int,
        actor: str,
        *,
        visit: Visit | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Appointment:
        with self._write() as connection:
            return steps.take(
                connection,
                request_id,
                step,
                version=version,
                actor=actor,
                now=self._clock(),
                visit=visit,
                values=values,
            )


def _store_once(connection: Connection, row: dict[str, Any]) -> Receipt:
    stored = sa.select(requests.c.reference, requests.c.id).where(
        requests.c.key == row["key"]
    )
    for _ in range(MOST_REFERENCES_TRIED):
        row["reference"] = new_reference()
        is_new = insert_if_new(connection, requests, row)
        found = connection.execute(stored).first()
        if found:
            return Receipt(found.reference, found.id, is_new)
        # The reference was taken, not the key.
    raise RecordsError("No free reference was found. Nothing was written; try again.")


def _matching(connection: Connection, reference: str, phone: str) -> Appointment | None:
    query = (
        sa.select(requests, contacts.c.phone)
        .join(contacts, contacts.c.request_id == requests.c.id)
        .where(requests.c.reference == read_reference(reference))
    )
    row = connection.execute(query).mappings().first()
    known = _digits(row["phone"]) if row else ""
    if row and hmac.compare_digest(known, _digits(phone)):
        return Appointment.from_row(row)
    return None


def _digits(phone: str) -> str:
    return "".join(sign for sign in phone if sign in "0123456789")
