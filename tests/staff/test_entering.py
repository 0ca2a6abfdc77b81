"""Requests that staff enter for who phones or walks in; call backs; offered times."""

from datetime import timedelta

import pytest

from records.requests import Contact, Visit, Wish
from tests.staff.console_parts import MONDAY, words_of

FILLED = {
    "key": "a-key-of-a-form-that-was-opened",
    "name": "Sipho Dlamini",
    "phone": "082 555 0199",
    "for_whom": "self",
    "visit_type": "first",
    "day": "2026-03-05",
    "part": "morning",
    "level": "none",
    "note": "Left knee",
    "how": "phone",
    "agrees": "1",
}


async def test_a_request_is_entered_for_a_patient_who_phones(browser_of, console):
    browser = await browser_of("rita")
    page = await browser.get("/requests/new")
    assert page.status_code == 200

    answer = await browser.send("/requests/new", **FILLED)

    assert answer.headers["location"] == "/requests/1?done=enter"
    record = console.desk.record(1, viewer="staff:rita")
    assert (record.contact.name, record.contact.phone) == (
        "Sipho Dlamini",
        "+27825550199",
    )
    request = record.request
    assert (request.channel, f"{request.day}", request.part, request.note) == (
        "phone", "2026-03-05", "morning", "Left knee",
    )  # fmt: skip
    assert request.consent_version.startswith("staff-1-")
    assert record.history[0]["actor"] == "staff:rita"
    text = words_of(await browser.get("/requests/1?done=enter"))
    assert "The request is entered" in text


async def test_a_double_click_enters_one_request(browser_of, console):
    browser = await browser_of("rita")
    await browser.send("/requests/new", **FILLED)
    again = await browser.send("/requests/new", **FILLED)

    assert again.headers["location"] == "/requests/1?done=enter"
    assert console.desk.counts()["requested"] == 1


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"name": " "}, "name"),
        ({"phone": "0825"}, "number"),
        ({"phone": ""}, "number"),
        ({"agrees": ""}, "agrees"),
        ({"day": "2026-03-01"}, "over"),
        ({"day": "nonsense"}, "date"),
        ({"visit_type": "party"}, "visit"),
        ({"for_whom": "dog"}, "for whom"),
        ({"level": "huge"}, "urgent"),
        ({"key": "short"}, "again"),
    ],
)
async def test_what_is_wrong_is_told_and_nothing_that_was_typed_is_lost(
    browser_of, console, changes, part
):
    browser = await browser_of("rita")
    answer = await browser.send("/requests/new", **(FILLED | changes))

    assert answer.status_code == 422
    assert part in words_of(answer)
    assert "Left knee" in answer.text
    assert console.desk.counts()["requested"] == 0


async def test_a_call_back_is_marked_as_made(browser_of, submitted, console):
    request = submitted(visit_type="call_back", level="urgent")
    browser = await browser_of("rita")
    page = await browser.get(f"/requests/{request.id}")
    assert "Call back" in words_of(page)

    answer = await browser.send(f"/requests/{request.id}/call", version="1")

    assert answer.status_code == 303
    assert console.book.get(request.id).state == "called"


async def test_a_patient_who_gave_no_name_is_called_so(browser_of, submitted):
    submitted(contact=Contact("?", "+27825550199"), visit_type="call_back")
    browser = await browser_of("rita")
    assert "Name not given" in words_of(await browser.get("/"))


VISIT = Visit(
    "Lerato M.", MONDAY + timedelta(days=2), MONDAY + timedelta(days=2, hours=1)
)


async def test_an_offered_time_is_called_an_offer_until_it_is_accepted(
    browser_of, submitted, console
):
    request = submitted()
    browser = await browser_of("rita")
    offered = console.book.propose(
        request.id, VISIT, version=request.version, actor="staff:rita"
    )
    for path in (f"/requests/{request.id}", "/requests?view=proposed"):
        text = words_of(await browser.get(path))
        assert "Offered, not accepted yet" in text
    console.book.move(
        request.id, request_wish(), version=offered.version, actor="patient"
    )
    text = words_of(await browser.get(f"/requests/{request.id}"))
    assert "Offered before, not accepted" in text


async def test_a_confirmed_time_that_the_patient_wants_moved_is_called_held(
    browser_of, submitted, console
):
    request = submitted()
    browser = await browser_of("rita")
    held = console.book.confirm(
        request.id, VISIT, version=request.version, actor="staff:rita"
    )
    console.book.move(request.id, request_wish(), version=held.version, actor="patient")
    text = words_of(await browser.get(f"/requests/{request.id}"))
    assert "Confirmed before, held until you act" in text


def request_wish():
    return Wish(day_typed="friday")
