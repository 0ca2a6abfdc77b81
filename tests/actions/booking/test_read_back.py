from datetime import date

import pytest

from actions.booking.errors import DayPhrasesError
from actions.booking.preference import Choice, Option, Wish
from actions.booking.read_back import PHRASES_FILE, DayPhrases

PHRASES = DayPhrases.from_file()
TODAY = date(2026, 7, 15)


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["2026-07-16"], "Thursday 16 July"),
        (["2026-07-16 morning"], "Thursday 16 July, in the morning"),
        (["2026-07-16 @09:00"], "Thursday 16 July, at 09:00"),
        (["2026-07-16 09:00-11:00"], "Thursday 16 July, between 09:00 and 11:00"),
        (
            ["2026-07-16 morning 16:00-"],
            "Thursday 16 July, in the morning or after 16:00",
        ),
        (["2027-01-04"], "Monday 4 January"),
        (["2026-07-14"], "Tuesday 14 July 2026"),
        (["2027-07-16"], "Friday 16 July 2027"),
        (["2026-07-20..2026-07-26"], "Monday 20 July to Sunday 26 July"),
        (["2026-07-20.."], "from Monday 20 July"),
        (["2026-07-15.."], "any day"),
        (["2026-07-15.. -10:00"], "any day, before 10:00"),
        (["2026-07-15..[0,2]"], "any day, only Mondays and Wednesdays"),
        (["2026-07-15..[1,2,3,4,5,6]"], "any day except Mondays"),
        (
            ["2026-07-15..[1,2,3,4,5,6] morning"],
            "in the morning, any day except Mondays",
        ),
        (
            ["2026-07-15..[0,1,2,3,5,6]", "2026-07-15..[4] -12:00 17:00-"],
            "any day except Fridays in the afternoon",
        ),
        (["2026-07-16", "2026-07-17"], "Thursday 16 July or Friday 17 July"),
        (
            ["2026-07-16", "2026-07-17 morning"],
            "Thursday 16 July, at any time or Friday 17 July, in the morning",
        ),
    ],
)
def test_says_a_preference_in_words(codes, said):
    wish = Wish(tuple(Choice.from_code(code) for code in codes))

    assert PHRASES.read_back(wish, today=TODAY) == said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("2026-07-15..", "as soon as possible"),
        ("2026-07-16", "Thursday 16 July, as soon as possible"),
    ],
)
def test_says_that_it_should_be_soon(code, said):
    wish = Wish((Choice.from_code(code),), soonest=True)

    assert PHRASES.read_back(wish, today=TODAY) == said


@pytest.mark.parametrize("today", [date(2028, 2, 29), date(2026, 12, 31)])
def test_says_days_from_every_day_of_the_calendar(today):
    wish = Wish((Choice.from_code(f"{today}"),))

    assert PHRASES.read_back(wish, today=today).endswith(today.strftime("%B"))


def test_says_a_day_that_is_offered():
    option = Option(date(2026, 7, 16), "afternoon")

    assert PHRASES.label(option, today=TODAY) == "Thursday 16 July, in the afternoon"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("day_phrases:", "phrases:", "must begin with `day_phrases:`"),
        ("[Monday, ", "[", "'weekdays' must list 7 names"),
        ("    evening:", "    night:", "'parts' must hold a phrase for morning"),
        ("{start} and {end}", "{start}", "'between' is missing or has other braces"),
        ('at: "at {start}"', 'at: "at {start"', "'at' is missing or has other braces"),
        ("  any_day:", "  all_days:", "'any_day' is missing"),
        ("  or: ", "  or: [", "not valid YAML"),
    ],
)
def test_a_mistake_in_the_phrases_names_the_file_and_what_to_do(
    tmp_path, old, new, told
):
    file = tmp_path / "day_phrases.yml"
    file.write_text(PHRASES_FILE.read_text("utf-8").replace(old, new), "utf-8")

    with pytest.raises(DayPhrasesError) as raised:
        DayPhrases.from_file(file)

    assert str(raised.value).startswith(f"{file}: ")
    assert told in str(raised.value)


def test_missing_phrases_say_so(tmp_path):
    with pytest.raises(DayPhrasesError, match="cannot be read"):
        DayPhrases.from_file(tmp_path / "none.yml")
