"""Reads the day and the part of day that a patient prefers, as they type it."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from actions.booking.bound_rules import bound_rules, number_rules
from actions.booking.calendar_days import Calendar
from actions.booking.checking import checked, upcoming_options
from actions.booking.clauses import relevant
from actions.booking.clock_rules import ClockReader
from actions.booking.combining import Meaning, combine
from actions.booking.date_rules import date_rules
from actions.booking.day_words import FILLERS
from actions.booking.negation_rules import NEGATION_RULES
from actions.booking.opening import WEEKDAYS, Opening
from actions.booking.period_rules import period_rules
from actions.booking.preference import (
    AMBIGUOUS,
    DAYS_CODE,
    NO_DAY,
    UNAVAILABLE,
    Preference,
    Problem,
)
from actions.booking.relative_rules import relative_rules
from actions.booking.rewriting import Rule, rewrite
from actions.booking.time_rules import time_rules
from actions.booking.times import TIMES_CODE
from actions.booking.weekday_rules import weekday_rules
from actions.booking.wording import plain, spellings

MOST_READINGS = 3
# More than these beside a time of day, and the answer is about something else.
FEW_WORDS = 3
FLEXIBLE = re.compile(
    r"\b(?:if (?:possible|(?:you|u|i) can|(?:you|u) have|there is)|preferably"
    r"|ideally|or so|or another|flexible|squeeze|verkieslik|as dit kan"
    r"|indien moontlik)\b"
)
DAY = rf"(?:{'|'.join(WEEKDAYS)})"
TIDY: tuple[Rule, ...] = (
    (re.compile(r"[/&+|]"), lambda _: " or "),
    (re.compile(r"[,()\"{}*_~#=<>!?;…]"), lambda _: " , "),
    (re.compile(r"(?<=[a-z])[.:](?=[a-z ]|$)"), lambda _: " "),
    (re.compile(r" {2,}"), lambda _: " "),
    # "Or" in Afrikaans, and the second half of a double "not".
    (
        re.compile(rf"\b({DAY}|D{DAYS_CODE}|T{TIMES_CODE}) of (?={DAY}|[DT]\d)"),
        lambda m: f"{m[1]} or ",
    ),
    (re.compile(r" not(?= ?(?:,|$))"), lambda _: ""),
)


def read_preference(text: str, opening: Opening, *, now: datetime) -> Preference:
    """Returns how an answer to "which day suits you" is read.

    Args:
        text: what the patient typed.
        opening: when the clinic is open.
        now: the moment at which it was typed, with its time zone.
    """
    calendar = Calendar.of(opening, now)
    heard = relevant(plain(text))
    if not heard.text:
        return Preference(NO_DAY, heard.kind)
    rules = _rules(calendar, ClockReader(opening))
    texts = rewrite(spellings(heard.text), rules)
    meanings = dict.fromkeys(combine(text, calendar.any_day()) for text in texts)
    flexible = bool(FLEXIBLE.search(heard.text))
    readings = [
        _reading(meaning, opening, now, flexible=flexible, left_out=heard.left_out)
        for meaning in meanings
    ]
    return _one_of(
        [reading for reading in readings if reading],
        heard.kind,
        doubtful=any(meaning.doubtful for meaning in meanings),
    )


def _rules(calendar: Calendar, clock: ClockReader) -> Iterable[Rule]:
    return (
        *date_rules(calendar),
        *time_rules(clock),
        *TIDY,
        *relative_rules(calendar),
        *period_rules(calendar),
        *NEGATION_RULES,
        *weekday_rules(calendar),
        *number_rules(calendar, clock),
        *bound_rules(calendar),
    )


def _reading(
    meaning: Meaning, opening: Opening, now: datetime, *, flexible: bool, left_out: bool
) -> Preference | None:
    """Returns the preference of one meaning, None if it names no day."""
    leftover = [word for word in meaning.words if word not in FILLERS]
    any_time = opening.today(now)
    if not meaning.choices:
        if not meaning.wrong:
            return None
        problems = (Problem("no_such_date"),)
        options = upcoming_options(opening, now)
        return Preference(UNAVAILABLE, problems=problems, options=options)
    only_times = all(
        choice.days.last is None and choice.days.first == any_time
        for choice in meaning.choices
    )
    if only_times and not meaning.any_day and len(leftover) > FEW_WORDS:
        return None
    preference = checked(meaning.choices, opening, now)
    return replace(
        preference,
        flexible=flexible or meaning.any_day or meaning.soonest,
        soonest=meaning.soonest,
        leftover=bool(leftover) or left_out,
    )


def _one_of(readings: list[Preference], kind: str, *, doubtful: bool) -> Preference:
    """Returns the only reading, or the answer as an ambiguous one."""
    distinct = list({_essence(reading): reading for reading in readings}.values())
    distinct = [r for r in distinct if not _is_past(r)] or distinct
    if not distinct:
        return Preference(NO_DAY, kind)
    # Where nothing that may be meant is possible, there is no need to ask.
    is_settled = all(reading.outcome == UNAVAILABLE for reading in distinct)
    if is_settled or (len(distinct) == 1 and not doubtful):
        return distinct[0]
    return Preference(AMBIGUOUS, readings=tuple(distinct[:MOST_READINGS]))


def _is_past(reading: Preference) -> bool:
    codes = [problem.code for problem in reading.problems]
    return reading.outcome == UNAVAILABLE and "past" in codes


def _essence(reading: Preference) -> object:
    return reading.choices, reading.soonest, reading.outcome
