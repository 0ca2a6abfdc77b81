from datetime import date, datetime, timedelta, timezone
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.booking.day_words import SAME, WEEKDAY_NAMES
from actions.booking.days import read_preference
from actions.booking.preference import Option, Preference, Problem, Wish
from actions.booking.read_back import DayPhrases
from tests.actions.booking.clinics import NOW, TODAY, at, opening
from tests.actions.booking.notation import notation

CLINIC = opening()
PHRASES = DayPhrases.from_file()
SECONDS = 2


def read(text: str, now: datetime = NOW, **changed: str) -> str:
    clinic = opening(**changed) if changed else CLINIC
    return notation(read_preference(text, clinic, now=now), f"{clinic.today(now)}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow morning", "2026-07-16 morning"),
        ("any day but Monday", "any not mon (flexible)"),
        ("Vrydag", "2026-07-17"),
        ("môre", "2026-07-16"),
        ("MÔRE", "2026-07-16"),
        ("the 3rd", "2026-08-03"),
        ("in two weeks", "2026-07-29"),
        ("weekend", "2026-07-18..2026-07-19"),
        ("today if possible", "2026-07-15 (flexible)"),
        ("not before ten", "any 10:00-"),
        ("after work", "any 16:00-"),
        ("during lunch", "any midday"),
        ("Monday or Tuesday", "2026-07-20 or 2026-07-21"),
        ("end of the month", "2026-07-25..2026-07-31"),
        ("Friday half past 3", "2026-07-17 @15:30"),
        ("Friday 15h30", "2026-07-17 @15:30"),
        ("Friday 4ish", "2026-07-17 15:30-16:30"),
        ("from yesterday", "any"),
        ("Saturdays and Sundays", "any only sat,sun"),
        ("Mondays and Wednesdays in August", "2026-08-01..2026-08-31 only mon,wed"),
        (
            "in August, only Mondays and Wednesdays",
            "2026-08-01..2026-08-31 only mon,wed",
        ),
        ("never mind", "no day: stop"),
        ("  ", "no day: empty"),
        ("my knee is swollen", "no day: other"),
        ("do you open on public holidays?", "no day: question"),
    ],
)
def test_reads_days_and_times_as_people_type_them(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Friday", "2026-07-17"),
        ("not Friday", "any not fri"),
        ("Friday is good", "2026-07-17"),
        ("Friday is no good", "any not fri"),
        ("Friday or Saturday", "2026-07-17 or 2026-07-18"),
        ("neither", "no day: other"),
        ("not Friday or Saturday", "any not fri,sat"),
        ("not Friday, Saturday", "2026-07-18"),
        ("Saturday, not Friday", "2026-07-18"),
        ("mornings", "any morning"),
        ("not in the mornings", "any 12:00-"),
        ("not during lunch", "any -12:00/14:00-"),
        ("Thursday in the morning", "2026-07-16 morning"),
        (
            "next week, not Thursday morning",
            "2026-07-20..2026-07-26 not thu or 2026-07-20..2026-07-26 only thu 12:00-",
        ),
        ("away until Monday", "2026-07-21.."),
        ("except at midnight", "any"),
    ],
)
def test_tells_a_wish_from_a_refusal(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wednesday", "ambiguous: 2026-07-15 ; 2026-07-22"),
        ("next Saturday", "ambiguous: 2026-07-18 ; 2026-07-25"),
        ("next Tuesday", "2026-07-21"),
        ("tursday", "ambiguous: 2026-07-16 ; 2026-07-21"),
        ("thursdy", "2026-07-16"),
        ("half 3", "ambiguous: any @14:30 ; any @15:30"),
        ("half drie", "any @14:30"),
        ("half past 3", "any @15:30"),
        ("11", "ambiguous: 2026-08-11 ; any @11:00"),
        ("30", "2026-07-30"),
        ("22-24", "2026-07-22..2026-07-24"),
        ("12-14", "ambiguous: 2026-08-12..2026-08-14 ; any 12:00-14:00"),
        ("8.10", "ambiguous: 2026-10-08 ; any @08:10"),
        ("Friday 18 July", "ambiguous: 2026-07-18 ; 2026-07-17"),
        ("Saturday 18 July", "2026-07-18"),
        ("no Friday", "ambiguous: any not fri ; 2026-07-17"),
        # Some words were not read, so the reading is not taken for granted.
        ("Friday for 2 people", "ambiguous: 2026-07-17"),
        ("the Friday before the long weekend", "ambiguous: 2026-07-17 or 2026-07-18"),
    ],
)
def test_lists_the_readings_of_an_ambiguous_answer(text, expected):
    assert read(text).replace("2026-07-18..2026-07-19", "2026-07-18") == expected


def test_lists_three_readings_at_most():
    answer = read_preference("tursday 8.10", CLINIC, now=NOW)

    assert len(answer.readings) == 3


@pytest.mark.parametrize(
    ("text", "problem", "options"),
    [
        (
            "Sunday",
            Problem("closed", date(2026, 7, 19)),
            (Option(date(2026, 7, 18)), Option(date(2026, 7, 20))),
        ),
        (
            "10 August",
            Problem("holiday", date(2026, 8, 10), "National Women's Day (observed)"),
            (Option(date(2026, 8, 8)), Option(date(2026, 8, 11))),
        ),
        (
            "Saturday afternoon",
            Problem("closed_then", date(2026, 7, 18)),
            (
                Option(date(2026, 7, 17), "afternoon"),
                Option(date(2026, 7, 18), "morning"),
            ),
        ),
        (
            "yesterday",
            Problem("past", date(2026, 7, 14)),
            (Option(date(2026, 7, 15)), Option(date(2026, 7, 16))),
        ),
        (
            "24 December",
            Problem("too_far", date(2026, 12, 24)),
            (Option(date(2026, 10, 10)), Option(date(2026, 10, 12))),
        ),
        (
            "31 September",
            Problem("no_such_date"),
            (Option(date(2026, 7, 15)), Option(date(2026, 7, 16))),
        ),
        ("Sundays", Problem("closed"), (Option(date(2026, 7, 15)),)),
    ],
)
def test_says_what_is_wrong_and_offers_the_nearest_open_days(text, problem, options):
    answer = read_preference(text, CLINIC, now=NOW)

    assert (answer.outcome, answer.problems) == ("unavailable", (problem,))
    assert answer.days == ()
    assert answer.options[: len(options)] == options
    assert len(answer.options) == 3


def test_a_closed_day_beside_an_open_one_is_told_and_left_out():
    answer = read_preference("Saturday or Sunday", CLINIC, now=NOW)

    assert notation(answer) == "2026-07-18"
    assert answer.problems == (Problem("closed", date(2026, 7, 19)),)


@pytest.mark.parametrize(
    ("text", "leftover"),
    [
        ("Friday please", False),
        ("could I come on Friday", False),
        ("Friday with Lerato", True),
        ("my back is sore. Friday", True),
    ],
)
def test_marks_what_was_said_beside_the_day(text, leftover):
    assert read_preference(text, CLINIC, now=NOW).leftover is leftover


@pytest.mark.parametrize(
    ("zone", "now", "text", "expected"),
    [
        # Just before and after midnight, in the clinic's own time.
        ("Africa/Johannesburg", (2026, 7, 15, 23, 59), "tomorrow", "2026-07-16"),
        ("Africa/Johannesburg", (2026, 7, 16, 0, 0), "tomorrow", "2026-07-17"),
        # The clinic has closed: today's name means next week.
        ("Africa/Johannesburg", (2026, 7, 15, 17, 0), "Wednesday", "2026-07-22"),
        ("Africa/Johannesburg", (2026, 7, 15, 17, 0), "today", "past: 2026-07-15"),
        (
            "Africa/Johannesburg",
            (2026, 7, 15, 13, 0),
            "this morning",
            "past: 2026-07-15 morning",
        ),
        # The ends of a month and of a year.
        ("Africa/Johannesburg", (2026, 12, 30, 9, 0), "the 2nd", "2027-01-02"),
        ("Africa/Johannesburg", (2026, 12, 31, 9, 0), "in 2 days", "2027-01-02"),
        ("Africa/Johannesburg", (2026, 12, 31, 9, 0), "4/1", "2027-01-04"),
        ("Africa/Johannesburg", (2026, 1, 31, 9, 0), "in a month", "2026-02-28"),
        ("Africa/Johannesburg", (2026, 2, 10, 9, 0), "the 31st", "2026-03-31"),
        (
            "Africa/Johannesburg",
            (2026, 12, 7, 9, 0),
            "next month",
            "2027-01-01..2027-01-31",
        ),
        # Leap days.
        ("Africa/Johannesburg", (2028, 2, 1, 9, 0), "29 Feb", "2028-02-29"),
        ("Africa/Johannesburg", (2027, 2, 1, 9, 0), "29 Feb", "no_such_date"),
        ("Africa/Johannesburg", (2028, 2, 28, 9, 0), "tomorrow", "2028-02-29"),
        # The nights on which the clocks change.
        ("Europe/London", (2026, 3, 28, 9, 0), "in 2 days", "2026-03-30"),
        ("Europe/London", (2026, 3, 29, 2, 30), "tomorrow", "2026-03-30"),
        ("Europe/London", (2026, 10, 25, 1, 30), "tomorrow at 9", "2026-10-26 @09:00"),
        ("America/New_York", (2026, 11, 1, 1, 30), "tomorrow", "2026-11-02"),
    ],
)
def test_keeps_the_calendar_of_the_clinic(zone, now, text, expected):
    assert read(text, at(zone, *now), time_zone=zone) == expected


def test_a_moment_in_another_time_zone_is_turned_into_the_clinics():
    late = datetime(2026, 7, 15, 22, 30, tzinfo=timezone.utc)

    assert read("tomorrow", late) == "2026-07-17"


@pytest.mark.parametrize(
    ("country", "text", "expected"),
    [
        ("ZA", "3/8", "2026-08-03"),
        ("ZA", "8/25", "2026-08-25"),
        ("US", "8/3", "2026-08-03"),
        ("US", "8/25", "2026-08-25"),
        ("US", "25/8", "2026-08-25"),
        ("GB", "3/8", "2026-08-03"),
    ],
)
def test_reads_dates_in_the_order_of_the_country(country, text, expected):
    assert read(text, country=country) == expected


@pytest.mark.parametrize(
    ("text", "saturday", "expected"),
    [
        ("at 7", "07:00-20:00", "ambiguous: any @07:00 ; any @19:00"),
        ("at 7", "08:00-12:00", "closed_then: any @07:00"),
        ("at 3", "08:00-12:00", "any @15:00"),
        ("at 8", "08:00-12:00", "any @08:00"),
        ("at 8pm", "08:00-12:00", "closed_then: any @20:00"),
    ],
)
def test_an_hour_is_before_or_after_noon_as_the_clinic_is_open(
    text, saturday, expected
):
    assert read(text, hours__saturday=saturday) == expected


NONSENSE = [
    "1" * 2000,
    "friday or " * 200,
    "not " * 500,
    "half 4 " * 280,
    "in the " * 285,
    "next friday " * 160,
    "3/4 5-6 7.8 " * 160,
    " ".join(f"{n % 31} wo{n}" for n in range(250)),
    "\u202e\x00\n" * 600,
    "'n " * 600,
    "((((" * 500,
]


@pytest.mark.parametrize("text", NONSENSE)
def test_reads_a_long_text_of_nonsense_quickly(text):
    start = perf_counter()

    read(text)

    assert perf_counter() - start < SECONDS


PLAIN = """
or and not but except any next this last the of in at from to until before after between
3 10 15 31 31st 3rd 3/12 29/2 30.2 15h30 half ish am pm week month april feb may mid end
weekend monday friday sundays , . - / ? asap please if possible two weeks days ago 2026
2026-02-30 4ish noon midnight lunch work
"""
WORDS = sorted(
    {*WEEKDAY_NAMES, *SAME, *(w for v in SAME.values() for w in v.split())}
    | set(PLAIN.split())
)
MOMENTS = st.datetimes(
    datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(timezone.utc)
)
ANSWERS = st.text(max_size=200) | st.lists(
    st.sampled_from(WORDS), min_size=1, max_size=9
).map(" ".join)
ZONES = {
    zone: opening(time_zone=zone)
    for zone in ("Africa/Johannesburg", "America/New_York", "Pacific/Auckland")
}


@settings(deadline=None)
@given(text=ANSWERS, now=MOMENTS, zone=st.sampled_from(sorted(ZONES)))
def test_never_fails_and_never_takes_a_day_that_is_closed_or_over(text, now, zone):
    clinic = ZONES[zone]
    answer = read_preference(text, clinic, now=now)

    assert len(answer.readings) <= 3
    for reading in (answer, *answer.readings):
        assert bool(reading.days) == (reading.outcome == "understood")
        days = [*reading.days, *(option.day for option in reading.options)]
        assert all(clinic.fits(day, now=now) for day in days)
        assert all(day <= clinic.last_day(now) for day in days)


@settings(deadline=None)
@given(text=ANSWERS)
def test_what_is_read_back_is_read_as_the_same(text):
    answer = read_preference(text, CLINIC, now=NOW)
    if len(answer.choices) != 1 or answer.outcome != "understood":
        return

    said = PHRASES.read_back(answer, today=TODAY)
    again = read_preference(said, CLINIC, now=NOW)

    assert (again.choices, again.soonest) == (answer.choices, answer.soonest), said


@settings(deadline=None)
@given(
    numbers=st.lists(
        st.integers(0, 80).filter(
            lambda n: CLINIC.fits(TODAY + timedelta(days=n), now=NOW)
        ),
        min_size=1,
        max_size=4,
        unique=True,
    ),
    times=st.sampled_from(
        ["", "morning", "afternoon", "@09:00", "14:00-", "-11:00", "09:30-11:30"]
    ),
)
def test_days_that_are_read_back_are_read_as_the_same(numbers, times):
    days = [TODAY + timedelta(days=n) for n in numbers]
    open_days = [day for day in days if day.weekday() < 5]
    text = " or ".join(f"{day} {SAID[times]}" for day in open_days)
    answer = read_preference(text, CLINIC, now=NOW)

    said = PHRASES.read_back(answer, today=TODAY)

    assert len(answer.choices) == len(open_days)
    if open_days:
        assert read_preference(said, CLINIC, now=NOW).choices == answer.choices, said


SAID = {
    "": "",
    "morning": "morning",
    "afternoon": "afternoon",
    "@09:00": "at 09:00",
    "14:00-": "after 14:00",
    "-11:00": "before 11:00",
    "09:30-11:30": "between 09:30 and 11:30",
}


@settings(deadline=None)
@given(text=ANSWERS)
def test_what_is_kept_in_a_slot_comes_back_the_same(text):
    answer = read_preference(text, CLINIC, now=NOW)
    kept = Wish.from_slot(answer.to_slot())

    assert (kept.choices, kept.flexible, kept.soonest) == (
        answer.choices,
        answer.flexible,
        answer.soonest,
    )


def test_a_day_is_never_taken_from_an_answer_that_is_no_day():
    assert read_preference("hello", CLINIC, now=NOW) == Preference("no_day", "other")
