from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from actions.booking.opening import Opening
from actions.booking.times import Times
from documents.errors import FactsError
from documents.facts import Facts

SHIPPED = Path(__file__).parents[3] / "data/clinic/clinic.yml"
WEEK = {
    f"hours.{day}": "07:30-17:30"
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
}
CLINIC = {
    "country": "ZA",
    "time_zone": "Africa/Johannesburg",
    "hours.saturday": "08:00-12:00",
    "hours.sunday": "closed",
    "hours.public_holidays": "closed",
    "appointments.session_minutes": "60",
    **WEEK,
}
MONDAY = date(2026, 3, 9)


def opening(**changed: str) -> Opening:
    values = CLINIC | {
        name.replace("__", "."): value for name, value in changed.items()
    }
    return Opening.from_facts(Facts(values, file="clinic.yml"))


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=timezone.utc)


def test_reads_the_shipped_clinic():
    shipped = Opening.from_facts(Facts.from_file(SHIPPED))

    assert shipped.parts(MONDAY) == ("morning", "midday", "afternoon")


@pytest.mark.parametrize(
    ("day", "is_open", "holiday"),
    [
        (date(2026, 3, 9), True, ""),
        (date(2026, 3, 14), True, ""),
        (date(2026, 3, 15), False, ""),
        (date(2026, 4, 3), False, "Good Friday"),
        (date(2026, 8, 9), False, "National Women's Day"),
        # A holiday on a Sunday is kept on the Monday.
        (date(2026, 8, 10), False, "National Women's Day (observed)"),
        (date(2026, 8, 11), True, ""),
        (date(2028, 2, 29), True, ""),
        (date(2031, 12, 25), False, "Christmas Day"),
    ],
)
def test_is_closed_on_sundays_and_public_holidays(day, is_open, holiday):
    clinic = opening()

    assert (clinic.is_open(day), clinic.holiday(day)) == (is_open, holiday)


@pytest.mark.parametrize(
    ("country", "day", "is_open"),
    [
        ("ZA", date(2026, 9, 24), False),
        ("GB", date(2026, 9, 24), True),
        ("GB", date(2026, 5, 25), False),
        ("US", date(2026, 7, 3), False),
        ("US", date(2026, 11, 26), False),
    ],
)
def test_keeps_the_holidays_of_its_country(country, day, is_open):
    assert opening(country=country).is_open(day) is is_open


@pytest.mark.parametrize(("region", "is_open"), [("ENG", False), ("SCT", True)])
def test_keeps_the_holidays_of_its_region(region, is_open):
    clinic = opening(country="GB", region=region)

    assert clinic.is_open(date(2026, 4, 6)) is is_open


@pytest.mark.parametrize(
    ("hours", "parts"),
    [
        ("closed", ()),
        ("09:00-12:00", ("morning",)),
        ("as usual", ("morning", "midday", "afternoon")),
        ("As Usual", ("morning", "midday", "afternoon")),
    ],
)
def test_a_public_holiday_can_have_hours_of_its_own(hours, parts):
    assert opening(hours__public_holidays=hours).parts(date(2026, 4, 3)) == parts


@pytest.mark.parametrize(
    ("hours", "parts"),
    [
        ("07:30-17:30", ("morning", "midday", "afternoon")),
        ("07:30-18:00", ("morning", "midday", "afternoon", "evening")),
        ("7:30-12:00, 13:00-17:00", ("morning", "midday", "afternoon")),
        ("07:30-12:00, 14:00-17:00", ("morning", "afternoon")),
        ("08:00 to 12:00", ("morning",)),
        ("11:30-12:30", ()),
        ("18:00-24:00", ("evening",)),
        ("closed", ()),
        ("Closed", ()),
    ],
)
def test_a_part_of_the_day_is_open_if_a_visit_fits_into_it(hours, parts):
    assert opening(hours__monday=hours).parts(MONDAY) == parts


@pytest.mark.parametrize(
    ("times", "fits"),
    [
        ("@07:30", True),
        ("@07:29", False),
        ("@16:30", True),
        ("@16:31", False),
        ("16:30-", True),
        ("17:00-", False),
        ("-08:30", True),
        ("-08:00", False),
        ("09:00-10:00", True),
        ("09:00-09:30", False),
        ("evening", False),
    ],
)
def test_times_fit_if_a_whole_visit_does(times, fits):
    assert opening().fits(MONDAY, Times.from_code(times)) is fits


@pytest.mark.parametrize(
    ("now", "parts"),
    [
        (utc(2026, 3, 9, 4, 0), ("morning", "midday", "afternoon")),
        (utc(2026, 3, 9, 9, 30), ("midday", "afternoon")),
        (utc(2026, 3, 9, 14, 30), ()),
        (utc(2026, 3, 9, 22, 30), ()),
    ],
)
def test_what_is_over_today_is_not_open_any_more(now, parts):
    assert opening().parts(MONDAY, now=now) == parts


@pytest.mark.parametrize(
    ("zone", "now", "today"),
    [
        ("Africa/Johannesburg", utc(2026, 12, 31, 21, 59), date(2026, 12, 31)),
        ("Africa/Johannesburg", utc(2026, 12, 31, 22, 0), date(2027, 1, 1)),
        ("Europe/London", utc(2026, 7, 1, 23, 30), date(2026, 7, 2)),
        ("Europe/London", utc(2026, 1, 1, 23, 30), date(2026, 1, 1)),
        ("America/New_York", utc(2026, 3, 8, 4, 59), date(2026, 3, 7)),
        ("Pacific/Auckland", utc(2026, 4, 4, 12, 0), date(2026, 4, 5)),
    ],
)
def test_today_is_the_day_at_the_clinic(zone, now, today):
    assert opening(time_zone=zone).today(now) == today


def test_next_days_leave_out_today_after_hours_and_closed_days():
    days = opening().next_days(utc(2026, 4, 2, 16, 0), 3)

    assert days == (date(2026, 4, 4), date(2026, 4, 7), date(2026, 4, 8))


def test_next_days_are_no_more_than_can_be_asked_for():
    clinic = opening(appointments__book_ahead_days="3")

    assert clinic.next_days(utc(2026, 3, 13, 6, 0), 9) == (
        date(2026, 3, 13),
        date(2026, 3, 14),
        date(2026, 3, 16),
    )


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("hours__monday", "", "'hours.monday' is ''"),
        ("hours__monday", "7h30-17h30", "'hours.monday' is '7h30-17h30'"),
        ("hours__monday", "17:30-07:30", "Write from-to on the 24-hour clock"),
        ("hours__monday", "08:00-08:00", "Write from-to"),
        ("hours__monday", "08:00-25:00", "Write from-to"),
        ("hours__monday", "08:61-12:00", "Write from-to"),
        ("hours__monday", "08:00-13:00, 12:00-17:00", "Write from-to"),
        ("hours__public_holidays", "sometimes", '"as usual"'),
        ("time_zone", "Africa/Pretoria", "Write a name such as"),
        ("time_zone", "../etc", "Write a name such as"),
        ("country", "EU", "no public holidays are known"),
        ("region", "Gauteng", "with 'region' 'Gauteng'"),
        ("appointments__session_minutes", "an hour", "Write a whole number"),
        ("appointments__session_minutes", "0", "Write a whole number"),
        ("appointments__book_ahead_days", "-1", "Write a whole number"),
    ],
)
def test_a_mistake_in_the_facts_names_the_file_and_what_to_do(name, value, told):
    with pytest.raises(FactsError) as raised:
        opening(**{name: value})

    assert str(raised.value).startswith("clinic.yml: ")
    assert told in str(raised.value)


def test_a_clinic_that_never_opens_is_a_mistake():
    closed = dict.fromkeys((name.replace(".", "__") for name in WEEK), "closed")

    with pytest.raises(FactsError, match="every day under 'hours' is closed"):
        opening(hours__saturday="closed", **closed)


def test_a_country_without_known_holidays_can_treat_them_as_other_days():
    clinic = opening(country="EU", hours__public_holidays="as usual")

    assert clinic.is_open(date(2026, 12, 25))
