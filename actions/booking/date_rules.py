"""Reads dates in an answer, such as "3/12" and "2 or 3 April"; each becomes `D...`."""

import re
from datetime import date

from actions.booking.calendar_days import (
    NO_SUCH_DATE,
    Calendar,
    code,
    month_number,
)
from actions.booking.preference import Days
from actions.booking.rewriting import Change, Rule

ORDINAL = r"(?:st|nd|rd|th)"
NUMBER = rf"\d{{1,2}}{ORDINAL}?"
JOIN = r" ?(?:, ?(?:or |and )?|or |and |/|&|\+|-|to |until )(?:the |die )?"
DAYS = rf"{NUMBER}(?:{JOIN}{NUMBER}){{0,5}}"
NAME = r"[a-z]{3,9}"
YEAR = r"(?:,? (20\d\d)\b)?"
TIME_LEAD = re.compile(
    r"(?:\bat|@|\bom|after|before|\bby|around|until|from|between) ?$"
)
NUMBERS = re.compile(r"\d+")
RANGE = re.compile(r"^\D*\d+\D*(?:-|to |until )\D*\d+\D*$")


def date_rules(calendar: Calendar) -> tuple[Rule, ...]:
    """Returns the rules, in the order in which they apply."""

    def in_order(first: str, second: str, year: str | None = None) -> str:
        day, month = int(first), int(second)
        # The other way round only where a number is too large for a month.
        must_swap = day > 12 >= month if calendar.month_first else month > 12 >= day
        if must_swap != calendar.month_first:
            day, month = month, day
        return code(calendar.dated(day, month, int(year) if year else None))

    def iso(match: re.Match[str]) -> str:
        return code(calendar.dated(int(match[3]), int(match[2]), int(match[1])))

    def with_dot(match: re.Match[str]) -> list[str] | None:
        if TIME_LEAD.search(match.string, 0, match.start()):
            return None
        date_ = in_order(match[1], match[2])
        is_time = len(match[2]) == 2 and int(match[1]) < 24 and int(match[2]) < 60
        readings = [] if date_ == NO_SUCH_DATE and is_time else [date_]
        return readings + [f"{match[1]}:{match[2]}"] * is_time

    def named(numbers: str, name: str, year: str | None) -> str | None:
        month = month_number(name)
        if not month:
            return None
        days = [
            calendar.dated(int(day), month, int(year) if year else None)
            for day in NUMBERS.findall(numbers)
        ]
        return _listed(days, is_range=bool(RANGE.match(numbers)))

    return (
        *(
            (re.compile(rf"\b{re.escape(name)}(?: day)?\b"), _always(code(day)))
            for name, day in calendar.holidays
        ),
        (re.compile(r"\b(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?![\d:])"), iso),
        (
            re.compile(
                r"(?<![\w/.-])(\d{1,2})([-/.])(\d{1,2})\2(20\d\d|\d\d)(?![\w/])"
            ),
            lambda m: in_order(m[1], m[3], m[4]),
        ),
        (re.compile(r"\b24/7\b"), lambda _: "whenever"),
        (
            re.compile(r"(?<![\w/.-])(\d{1,2})/(\d{1,2})(?![\w/-])"),
            lambda m: in_order(m[1], m[2]),
        ),
        (re.compile(r"(?<![\w/.-])(\d{1,2})\.(\d{1,2})(?![\w/.-]| ?[ap]m)"), with_dot),
        (
            re.compile(rf"(?<![\w/.:-])({DAYS}) ?(?:of )?({NAME}){YEAR}\b"),
            lambda m: named(m[1], m[2], m[3]),
        ),
        (
            re.compile(rf"\b({NAME}) (?:the )?({DAYS})(?![\w:/.]| ?[ap]m){YEAR}"),
            lambda m: named(m[2], m[1], m[3]),
        ),
        (
            re.compile(rf"\b(?:the |die )?({NUMBER}) (?:of|in) (next|this) month\b"),
            lambda m: code(_in_month(calendar, int(NUMBERS.findall(m[1])[0]), m[2])),
        ),
    )


def _always(word: str) -> Change:
    return lambda _: word


def _listed(days: list[date | None], *, is_range: bool) -> str:
    found = [day for day in days if day]
    if len(found) < len(days):
        return NO_SUCH_DATE
    if is_range and found[0] < found[-1]:
        return code(Days(found[0], found[-1]))
    return " or ".join(code(day) for day in found)


def _in_month(calendar: Calendar, day: int, which: str) -> date | None:
    month = calendar.today.replace(day=1)
    if which == "next":
        month = calendar.month_of(month.month % 12 + 1)
    try:
        return month.replace(day=day)
    except ValueError:
        return None
