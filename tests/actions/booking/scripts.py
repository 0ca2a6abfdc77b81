"""Conversations that several tests begin with."""

from datetime import timedelta

from records.appointments import AppointmentBook
from records.requests import Visit

PHONE = "082 555 0199"
ANSWERS = (
    "button:book",
    "button:book_consent",
    "button:book_who:self",
    "Thandi Nkosi",
    PHONE,
    "button:book_visit:first",
    "button:book_day:2026-12-01/morning",
    "My knee is stiff",
)
UNTIL = {
    "consent": 1, "who": 2, "name": 3, "phone": 4, "visit": 5, "day": 6, "note": 7,
    "summary": 8,
}  # fmt: skip


def at_step(patient, step: str):
    """Answers until a question is open."""
    patient.say(*ANSWERS[: UNTIL[step]])
    assert patient.form.step == step
    return patient


def sent(patient) -> str:
    """Sends a request and returns its reference."""
    (reply,) = at_step(patient, "summary").say("button:book_send")
    return reply.values["reference"]


def acts(url: str, patient, step: str) -> None:
    """Lets the clinic take a step with the only request of a database."""
    book = AppointmentBook(url)
    request = book.get(1)
    starts = patient.now + timedelta(days=5)
    visit = Visit("Lerato M.", starts, starts + timedelta(hours=1))
    options = {"version": request.version, "actor": "staff:anna"}
    if step in ("propose", "confirm"):
        getattr(book, step)(1, visit, **options)
    elif step == "expire":
        book.expire(patient.now + timedelta(days=900))
    else:
        getattr(book, step)(1, **options)
