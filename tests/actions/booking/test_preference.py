import pytest

from actions.booking.preference import Choice, Days, Wish
from actions.booking.times import Times


@pytest.mark.parametrize(
    "code",
    [
        "2026-07-16",
        "2026-07-16 morning",
        "2026-07-16 @09:00",
        "2026-07-16..2026-07-20 09:00-11:00",
        "2026-07-16.. -10:00 16:00-",
        "2026-07-16..[0,2]",
        "2026-07-16..2026-07-30[5] midday",
    ],
)
def test_a_choice_comes_back_from_its_code(code):
    assert Choice.from_code(code).code == code


@pytest.mark.parametrize(
    "code",
    [
        "",
        "tomorrow",
        "2026-02-30",
        "2026-07-16 noon",
        "2026-07-16 ",
        "2026-07-16 @25:00",
    ],
)
def test_a_text_that_is_no_code_is_refused(code):
    with pytest.raises(ValueError, match=r"."):
        Choice.from_code(code)


def test_an_empty_slot_is_an_empty_wish():
    assert Wish.from_slot({}) == Wish()


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ("morning", "@09:00", "@09:00"),
        ("evening", "@07:00", "@19:00"),
        ("morning", "@15:00", None),
        ("afternoon", "15:00-", "15:00-17:00"),
        ("-10:00", "09:00-", "09:00-10:00"),
        ("midday", "afternoon", "midday"),
        ("morning", "evening", None),
    ],
)
def test_times_share_what_lies_in_both(first, second, shared):
    result = Times.from_code(first).within(Times.from_code(second))

    assert (result.code if result else None) == shared


def test_days_are_listed_up_to_a_last_one():
    days = Days.from_code("2026-07-16..[4,5]")

    listed = days.listed(until=Days.from_code("2026-07-24").first)

    assert [f"{day}" for day in listed] == ["2026-07-17", "2026-07-18", "2026-07-24"]
