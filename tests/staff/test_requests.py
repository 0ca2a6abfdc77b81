import asyncio
import re
from datetime import datetime, timedelta, timezone

import pytest

from records.requests import Contact
from staff.words import REASONS
from tests.staff.console_parts import words_of

TIME = {
    "practitioner": "Anika V.",
    "day": "2026-03-03",
    "time": "09:00",
    "minutes": "60",
}
AT = datetime(2026, 3, 3, 7, 0, tzinfo=timezone.utc)


async def step(browser, stored, name, version=None, **fields):
    fields = {"version": str(version or stored.version), **fields}
    return await browser.send(f"/requests/{stored.id}/{name}", **fields)


async def test_today_shows_the_gravest_first(browser_of, submitted, alarm, hands):
    submitted(Contact("Routine Person", "+27825550142"))
    submitted(Contact("Urgent Person", "+27825550143"), level="urgent")
    alarm(level="emergency")
    hands.turn(timedelta(hours=3))
    browser = await browser_of("rita")

    text = words_of(await browser.get("/"))

    order = [text.index(t) for t in ("saddle area", "Urgent Person", "Routine Person")]
    assert order == sorted(order)
    assert "1 open red flag" in text
    assert "2 waiting for us" in text
    assert "1 overdue" in text
    assert text.count("Overdue") == 1
    assert "3 h 0 min" in text
    assert "Africa/Johannesburg" in text


async def test_a_request_shows_all_about_it_in_the_time_of_the_clinic(
    browser_of, submitted, alarm
):
    stored = submitted(
        level="urgent",
        screening={"saddle": "yes"},
        flags=("CES_SADDLE",),
        note="after four",
    )
    alarm()
    browser = await browser_of("rita")
    text = words_of(await browser.get(f"/requests/{stored.id}"))
    for part in (
        stored.reference, "Thandi Nkosi", "+27825550142", "thandi@patient.example",
        "after four", "Urgent", "feeling changed between your legs",
        "Cauda equina", "Mon 2 Mar 2026, 09:00", "Vrydag",
    ):  # fmt: skip
        assert part in text
    assert "I cannot feel" in text, "reception must know what to phone about"


async def test_each_view_of_a_record_is_noted(browser_of, submitted, console):
    stored = submitted()
    rita, carl = await browser_of("rita"), await browser_of("carl")
    await rita.get(f"/requests/{stored.id}")
    await carl.get(f"/requests/{stored.id}/conversation")
    await rita.get(f"/requests/{stored.id}/conversation")
    await rita.send("/search", q="thandi")
    noted = [(x["actor"], x["action"]) for x in console.trail.of(stored.id)[1:]]
    assert noted == [
        ("staff:rita", "view"),
        ("staff:carl", "view_conversation"),
        ("staff:rita", "view_search"),
    ]


async def test_a_list_is_noted_once_in_a_while(browser_of, submitted, console, hands):
    submitted()
    browser = await browser_of("rita")
    for minutes in (1, 1, 10):
        await browser.get("/")
        hands.turn(timedelta(minutes=minutes))
    await browser.get("/")
    lists = [x for x in console.trail.newest() if x["action"] == "view_list"]
    assert [(x["actor"], x["detail"]) for x in lists] == [("staff:rita", "today")] * 2


async def test_a_request_is_claimed_and_given_back(browser_of, submitted, console):
    stored = submitted()
    browser = await browser_of("rita")
    await step(browser, stored, "claim")
    assert console.book.get(stored.id).claimed_by == "rita"
    assert "You look after" in words_of(await browser.get(f"/requests/{stored.id}"))
    await step(browser, stored, "release", version=2)
    assert console.book.get(stored.id).claimed_by is None


async def test_a_time_is_confirmed_as_the_clock_of_the_clinic_shows_it(
    browser_of, submitted, console
):
    stored = submitted()
    browser = await browser_of("rita")
    answer = await step(browser, stored, "confirm", **TIME)
    assert answer.headers["location"] == f"/requests/{stored.id}?done=confirm"
    after = console.book.get(stored.id)
    assert (after.state, after.practitioner, after.starts_at, after.ends_at) == (
        "confirmed", "Anika V.", AT, AT + timedelta(hours=1),
    )  # fmt: skip
    text = words_of(await browser.get(answer.headers["location"]))
    assert "The time is confirmed." in text
    assert "Tue 3 Mar 2026, 09:00 to 10:00" in text
    assert "09:00–10:00" in words_of(await browser.get("/visits"))


async def test_a_proposal_is_confirmed_from_the_filled_form(
    browser_of, submitted, console
):
    stored = submitted()
    browser = await browser_of("rita")
    await step(browser, stored, "propose", **TIME)
    page = await browser.get(f"/requests/{stored.id}")
    for value in ('value="2026-03-03"', 'value="09:00"', "<option selected>Anika V."):
        assert value in page.text
    await step(browser, stored, "confirm", version=2, **TIME)
    assert console.book.get(stored.id).state == "confirmed"


@pytest.mark.parametrize("name", ["confirm", "propose"])
async def test_an_overlap_is_refused_with_the_nearest_free_times(
    browser_of, submitted, console, name
):
    first, second = submitted(), submitted()
    browser = await browser_of("rita")
    await step(browser, first, "confirm", **TIME)

    answer = await step(browser, second, name, **TIME)

    assert answer.status_code == 409
    text = words_of(answer)
    assert "'Anika V.' has another confirmed appointment" in text
    free = re.findall(r'name="at" value="([^"]+)"', answer.text)
    hours = ["07:45", "08:00", "10:00", "10:15"]
    assert free == [f"2026-03-03T{hour}" for hour in hours]
    assert 'value="09:00"' in answer.text, "what was typed is still there"
    taken = await step(browser, second, name, **TIME, at=free[2])
    assert taken.status_code == 303
    at = AT + timedelta(hours=1)
    assert console.book.get(second.id).starts_at == at


async def test_the_visit_itself_is_no_obstacle_to_moving_it(
    browser_of, submitted, console
):
    stored = submitted()
    browser = await browser_of("rita")
    await step(browser, stored, "confirm", **TIME)
    answer = await step(
        browser, stored, "confirm", version=2, **{**TIME, "time": "09:30"}
    )
    assert answer.status_code == 303
    assert console.book.get(stored.id).starts_at == AT + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"practitioner": ""}, "Choose a practitioner"),
        ({"practitioner": "Nobody"}, "Choose a practitioner"),
        ({"day": ""}, "Give a date and a time"),
        ({"day": "2026-02-30"}, "Give a date and a time"),
        ({"time": "25:00"}, "Give a date and a time"),
        ({"time": "09:03"}, "full five minutes"),
        ({"minutes": "0"}, "steps of five minutes"),
        ({"minutes": "-60"}, "steps of five minutes"),
        ({"minutes": "x"}, "steps of five minutes"),
        ({"minutes": "100000"}, "steps of five minutes"),
        ({"day": "2026-03-01"}, "has passed"),
        ({"day": "2036-03-03"}, "two years"),
        ({"time": "03:00"}, "closed at that time"),
        ({"time": "17:00"}, "closed at that time"),
        ({"day": "2026-03-08"}, "closed at that time"),
        ({"day": "2026-03-21"}, "closed at that time"),
    ],
)
async def test_a_time_that_cannot_be_is_refused(
    browser_of, submitted, console, changes, says
):
    stored = submitted()
    browser = await browser_of("rita")
    answer = await step(browser, stored, "confirm", **{**TIME, **changes})
    assert answer.status_code == 422
    assert says in words_of(answer)
    assert console.book.get(stored.id) == stored


async def test_a_time_outside_opening_hours_can_be_meant(
    browser_of, submitted, console
):
    stored = submitted()
    browser = await browser_of("rita")
    fields = {**TIME, "time": "18:00", "outside": "1"}
    assert (await step(browser, stored, "confirm", **fields)).status_code == 303
    assert console.book.get(stored.id).state == "confirmed"


@pytest.mark.parametrize(
    ("name", "state"), [("decline", "declined"), ("cancel", "cancelled")]
)
async def test_a_request_ends_with_a_reason(
    browser_of, submitted, console, name, state
):
    stored = submitted()
    browser = await browser_of("rita")
    for reason in ("", "Thandi was rude"):
        answer = await step(browser, stored, name, reason=reason)
        assert answer.status_code == 422
        assert "Choose a reason" in words_of(answer)
    await step(browser, stored, name, reason=REASONS[0])
    assert console.book.get(stored.id).state == state
    assert console.trail.of(stored.id)[-1]["detail"] == REASONS[0]


async def test_a_visit_is_marked_on_its_day_and_a_slip_can_be_put_right(
    browser_of, submitted, console, hands
):
    stored = submitted()
    browser = await browser_of("rita")
    await step(browser, stored, "confirm", **TIME)
    page = await browser.get(f"/requests/{stored.id}")
    assert "The patient came" not in words_of(page)
    hands.turn(timedelta(days=1))
    browser = await browser_of("rita")
    page = await browser.get(f"/requests/{stored.id}")
    assert "The patient came" in words_of(page)
    await step(browser, stored, "miss", version=2)
    await step(browser, stored, "attend", version=3)
    assert console.book.get(stored.id).state == "attended"


async def test_a_stale_page_changes_nothing_and_says_who_was_faster(
    browser_of, submitted, console
):
    stored = submitted()
    rita, carl = await browser_of("rita"), await browser_of("carl")
    await step(carl, stored, "claim")
    answer = await step(rita, stored, "decline", reason=REASONS[0])
    assert answer.status_code == 409
    text = words_of(answer)
    assert "Somebody else changed this request" in text
    assert "carl looks after it" in text
    assert console.book.get(stored.id).state == "requested"


async def test_a_step_that_is_not_possible_is_told_in_words(
    browser_of, submitted, console
):
    stored = submitted()
    browser = await browser_of("rita")
    await step(browser, stored, "decline", reason=REASONS[0])
    answer = await step(browser, stored, "confirm", version=2, **TIME)
    assert answer.status_code == 409
    assert "the request is 'declined'" in words_of(answer)


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "99"])
async def test_a_forged_version_changes_nothing(
    browser_of, submitted, console, version
):
    stored = submitted()
    browser = await browser_of("rita")
    path = f"/requests/{stored.id}/claim"
    assert (await browser.send(path, version=version)).status_code == 409
    assert console.book.get(stored.id) == stored


async def test_of_two_who_confirm_the_same_time_one_succeeds(
    browser_of, submitted, console
):
    requests = [submitted(), submitted()]
    people = [await browser_of("rita"), await browser_of("carl")]
    answers = await asyncio.gather(
        *(
            step(browser, stored, "confirm", **TIME)
            for browser, stored in zip(people, requests, strict=True)
        )
    )
    assert sorted(a.status_code for a in answers) == [303, 409]
    states = sorted(console.book.get(r.id).state for r in requests)
    assert states == ["confirmed", "requested"]


async def test_of_two_who_confirm_the_same_request_one_succeeds(
    browser_of, submitted, console
):
    stored = submitted()
    people = [await browser_of("rita"), await browser_of("carl")]
    times = ({**TIME, "time": "09:00"}, {**TIME, "time": "11:00"})
    answers = await asyncio.gather(
        *(
            step(browser, stored, "confirm", **time)
            for browser, time in zip(people, times, strict=True)
        )
    )
    assert sorted(a.status_code for a in answers) == [303, 409]
    assert console.book.get(stored.id).version == 2


async def test_a_long_list_comes_page_by_page(browser_of, submitted):
    for number in range(27):
        submitted(Contact(f"Person {number:02}", "+27825550142"))
    browser = await browser_of("rita")
    first = words_of(await browser.get("/requests"))
    second = words_of(await browser.get("/requests?page=2"))
    assert first.count("Person ") == 25
    assert second.count("Person ") == 2
    assert ("Next page" in first, "Next page" in second) == (True, False)
    today = words_of(await browser.get("/"))
    assert "All that wait (27)" in today


async def test_a_search_comes_page_by_page_and_keeps_names_out_of_addresses(
    browser_of, submitted
):
    for number in range(27):
        submitted(Contact(f"Person {number:02}", "+27825550142"))
    browser = await browser_of("rita")
    first = await browser.send("/search", q="person")
    second = await browser.send("/search", q="person", page="2")
    assert words_of(first).count("Person ") == 25
    assert words_of(second).count("Person ") == 2
    assert not re.search(r'href="[^"]*person', first.text, re.I)
    by_number = await browser.send("/search", q="+27 82 555 0142")
    assert "27 found" in words_of(by_number)
