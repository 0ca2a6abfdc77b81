"""A request that staff enter for a patient who phones or stands at the desk."""

import uuid
from datetime import date
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from actions.booking.building import read_promise
from records.errors import InvalidRequestError
from records.requests import (
    FOR_WHOM,
    LONGEST_NAME,
    Contact,
    NewRequest,
    Wish,
)
from staff.errors import ProblemError
from staff.web import Call, go, page
from staff.words import FOR_WHOM as WHOM
from staff.words import HOW, LEVELS, PARTS, VISITS, plain

LONGEST_NOTE = 1000
SHORTEST_KEY = 16
LONGEST_KEY = 64
FIELDS = (
    "name", "phone", "email", "for_whom", "visit_type", "day", "part", "level", "note",
    "how", "agrees", "key",
)  # fmt: skip
# What a patient on the telephone can be: an emergency is sent to the ambulance.
OFFERED_LEVELS = ("none", "soon", "urgent")


def form(call: Call) -> Response:
    """Shows an empty form; its key keeps a double click from entering it twice."""
    return _page(call, {"key": str(uuid.uuid4())})


def _page(
    call: Call, values: dict[str, str], *, status: int = 200, problem: str = ""
) -> Response:
    return call.render(
        "entry.html",
        status=status,
        problem=problem,
        values={field: values.get(field, "") for field in FIELDS},
        visits=VISITS,
        parts_of_day=PARTS,
        for_whom=[(code, plain(code, WHOM)) for code in FOR_WHOM],
        levels=[(code, plain(code, LEVELS)) for code in OFFERED_LEVELS],
        ambulance=call.console.facts.get("emergency.ambulance"),
        how=HOW,
        longest_note=LONGEST_NOTE,
        longest_name=LONGEST_NAME,
        promise=read_promise(call.console.facts),
    )


def enter(call: Call) -> Response:
    """Stores the request and shows it, or says what is wrong and loses nothing."""
    values = {field: call.form.get(field, "").strip() for field in FIELDS}
    try:
        person = _contact(call, values)
        request = _request(call, values)
        receipt = call.console.book.submit(
            values["key"], request, person, actor=call.actor
        )
    except (ProblemError, InvalidRequestError) as error:
        if not SHORTEST_KEY <= len(values["key"]) <= LONGEST_KEY:
            values["key"] = str(uuid.uuid4())
        return _page(call, values, status=422, problem=str(error))
    return go(f"/requests/{receipt.request_id}?done=enter")


def _contact(call: Call, values: dict[str, str]) -> Contact:
    if not values["name"]:
        raise ProblemError("Write the name of the patient.")
    phones = call.console.phones.read(values["phone"]).phones
    if len(phones) != 1:
        raise ProblemError("Write one phone number, with all its digits.")
    return Contact(values["name"], phones[0].e164, values["email"])


def _request(call: Call, values: dict[str, str]) -> NewRequest:
    if not values["agrees"]:
        raise ProblemError(
            "Read out what is kept, and tick the box when the patient agrees."
        )
    if not SHORTEST_KEY <= len(values["key"]) <= LONGEST_KEY:
        raise ProblemError("This form was too old. Send it again now.")
    _one_of("the kind of visit", values["visit_type"], VISITS)
    _one_of("for whom it is", values["for_whom"], FOR_WHOM)
    _one_of("how urgent it is", values["level"], OFFERED_LEVELS)
    _one_of("the part of the day", values["part"], PARTS)
    _one_of("how the patient asked", values["how"], HOW)
    day = _day(call, values["day"])
    return NewRequest(
        # One of its own for each, so that one patient can be forgotten.
        conversation=f"staff:{values['key']}",
        channel=values["how"],
        for_whom=values["for_whom"],
        visit_type=values["visit_type"],
        consent_version=f"staff-{read_promise(call.console.facts).version}",
        consented_at=call.console.now(),
        wish=Wish(
            day_typed=day.isoformat() if day else "",
            day=day,
            part_typed=values["part"],
            part=values["part"],
        ),
        level=values["level"],
        note=values["note"][:LONGEST_NOTE],
    )


def _day(call: Call, text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ProblemError("That is no date. Choose one, or leave it empty.") from None
    if day < call.console.opening.today(call.console.now()):
        raise ProblemError("That day is over. Choose another, or leave it empty.")
    return day


def _one_of(what: str, value: str, known: Any) -> None:
    if value not in known:
        raise ProblemError(f"Choose {what}.")


def routes() -> list[Route]:
    """Returns the routes of this module."""
    return [
        page("/requests/new", form),
        page("/requests/new", enter, post=True),
    ]
