"""Requests, contacts and visits that several tests of the records use."""

import os
import uuid
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from records.appointments import AppointmentBook
from records.requests import Appointment, Contact, NewRequest, Visit, Wish

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc)
PHONE = "+27825550142"
THANDI = Contact("Thandi Nkosi", PHONE)
THANDI_BY_MAIL = Contact("Thandi Nkosi", PHONE, "thandi@patient.example")
WISH = Wish("Vrydag", date(2026, 3, 6), "after 4", "afternoon", {"not_before": "16:00"})


def key() -> str:
    return str(uuid.uuid4())


def request(**changes: Any) -> NewRequest:
    return NewRequest(
        **{
            "conversation": "patient-1",
            "channel": "rest",
            "for_whom": "self",
            "visit_type": "first",
            "consent_version": "2026-01",
            "consented_at": NOW,
            "wish": WISH,
            **changes,
        }
    )


def visit(start: str = "10:00", minutes: int = 60, who: str = "Lerato M.") -> Visit:
    hours, past = map(int, start.split(":"))
    starts = NOW.replace(hour=hours, minute=past)
    return Visit(who, starts, starts + timedelta(minutes=minutes))


def submitted(
    book: AppointmentBook, contact: Contact = THANDI, **changes: Any
) -> Appointment:
    """Returns a request that was just stored."""
    return book.get(book.submit(key(), request(**changes), contact).request_id)


def confirmed(
    book: AppointmentBook, when: Visit | None = None, contact: Contact = THANDI
) -> Appointment:
    stored = submitted(book, contact)
    return book.confirm(stored.id, when or visit(), version=1, actor="staff:anna")


def with_samples() -> dict[str, str]:
    """Returns an environment in which a program finds the code and this module."""
    here = Path(__file__).parent
    return {**os.environ, "PYTHONPATH": f"{here}{os.pathsep}{here.parents[1]}"}
