"""Reads days of the week in an answer; each becomes `D...`."""

import re
from collections.abc import Iterable
from datetime import timedelta

from actions.booking.calendar_days import Calendar, code
from actions.booking.opening import WEEKDAYS
from actions.booking.preference import DAYS_CODE, Days
from actions.booking.rewriting import Rule

WEEK = timedelta(days=7)
HALF_WEEK = 3
NUMBERS = {name: number for number, name in enumerate(WEEKDAYS)}
WORKDAYS = (0, 1, 2, 3, 4)
ORDINALS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "3rd": 2, "4th": 3, "last": -1}
DAY = rf"({'|'.join(WEEKDAYS)})"
TO = r" ?(?:-|to|until|through|and) ?(?:the )?"
ONE = r"(D\d{4}-\d\d-\d\d)(?=[ ,]|$)"
COUNT = r"(?:(\d{1,2})|an?)"
# What a day of the week stands in: a week that the answer names.
IN_WEEK = re.compile(rf"K({DAYS_CODE})")


def weekday_rules(calendar: Calendar) -> tuple[Rule, ...]:
    """Returns the rules, in the order in which they apply."""
    return (
        *_recurring(calendar),
        *_numbered(calendar),
        *_dated(calendar),
        *_counted(calendar),
        *_ranges(calendar),
        *_single(calendar),
    )


def _recurring(calendar: Calendar) -> tuple[Rule, ...]:
    def every(name: str) -> str:
        return code(calendar.any_day((NUMBERS[name],)))

    def negative(match: re.Match[str]) -> str:
        return re.sub(DAY, lambda day: every(day[0]), match[0])

    more = rf"(?:(?: ?, {DAY})*(?: ?,)? (?:or|and) (?:(?:not|NOT|on|an?|the) )*{DAY}\b)"
    return (
        (re.compile(rf"\b(?:on |every )?{DAY}s\b"), lambda m: every(m[1])),
        (re.compile(rf"\bany (?:other )?{DAY}\b"), lambda m: f"ANY {every(m[1])}"),
        (re.compile(rf"\b(?:on )?(?:every|an?) {DAY}\b"), lambda m: every(m[1])),
        # Who cannot come on "Monday or Tuesday" has not named a date.
        (re.compile(rf"\bNOT {DAY}\b{more}*"), negative),
    )


def _dated(calendar: Calendar) -> tuple[Rule, ...]:
    def near(name: str, word: str) -> Iterable[str]:
        """Returns a date, and the day meant if it is another day of the week."""
        day = Days.from_code(word[1:]).first
        if day.weekday() == NUMBERS[name]:
            return (word,)
        ahead = (NUMBERS[name] - day.weekday() + HALF_WEEK) % 7 - HALF_WEEK
        return (word, code(day + timedelta(days=ahead)))

    def numbered(match: re.Match[str]) -> Iterable[str] | None:
        found = calendar.day_of_month(int(match[2]), NUMBERS[match[1]])
        if found:
            return (code(found),)
        by_number = calendar.day_of_month(int(match[2]))
        return near(match[1], code(by_number)) if by_number else None

    return (
        (
            re.compile(rf"\b{DAY},? (?:the |die |on )*(\d{{1,2}})(?:st|nd|rd|th)\b"),
            numbered,
        ),
        (re.compile(rf"\b{DAY} ?,? (?:the |on )*{ONE}"), lambda m: near(m[1], m[2])),
        (re.compile(rf"{ONE} (?:\(|, ?)?(?:an? )?{DAY}\b"), lambda m: near(m[2], m[1])),
    )


def _numbered(calendar: Calendar) -> tuple[Rule, ...]:
    def of_month(match: re.Match[str]) -> str | None:
        start = Days.from_code(match[3]).first.replace(day=1)
        ahead = (NUMBERS[match[2]] - start.weekday()) % 7
        days = [start + timedelta(days=ahead + 7 * week) for week in range(5)]
        days = [day for day in days if day.month == start.month]
        return code(days[ORDINALS[match[1]]])

    # The period of "the last Friday of the month" has been read before.
    return (
        (
            re.compile(
                rf"\b(?:the )?({'|'.join(ORDINALS)}) {DAY} ?(?:of |in )?D({DAYS_CODE})"
            ),
            of_month,
        ),
    )


def _counted(calendar: Calendar) -> tuple[Rule, ...]:
    def later(name: str, weeks: int) -> str:
        return code(calendar.upcoming(NUMBERS[name]) + weeks * WEEK)

    def in_weeks(name: str, count: str | None) -> str:
        monday = calendar.today - timedelta(days=calendar.today.weekday())
        weeks = int(count or 1) * WEEK
        return code(monday + weeks + timedelta(days=NUMBERS[name]))

    return (
        (
            re.compile(rf"\b{COUNT} weeks? (?:from|after|on) (?:this |next )?{DAY}\b"),
            lambda m: later(m[2], int(m[1] or 1)),
        ),
        (re.compile(rf"\b{DAY} week\b"), lambda m: later(m[1], 1)),
        (re.compile(rf"\b{DAY} in a week\b"), lambda m: later(m[1], 1)),
        (
            re.compile(rf"\b{DAY} (?:in )?{COUNT} weeks?(?:'? time| from now)?\b"),
            lambda m: in_weeks(m[1], m[2]),
        ),
    )


def _ranges(calendar: Calendar) -> tuple[Rule, ...]:
    def between(first: str, last: str, week: re.Match[str] | None) -> str:
        start, end = NUMBERS[first], NUMBERS[last]
        if week:
            monday = Days.from_code(week[1]).first
            monday -= timedelta(days=monday.weekday())
            return code(
                calendar.from_today(
                    monday + timedelta(days=start), monday + timedelta(days=end)
                )
            )
        if (start, end) == (WORKDAYS[0], WORKDAYS[-1]):
            return code(calendar.any_day(WORKDAYS))
        day = calendar.upcoming(start)
        return code(Days(day, day + timedelta(days=(end - start) % 7)))

    def read(match: re.Match[str]) -> str:
        return between(match[1], match[2], IN_WEEK.search(match.string))

    return (
        (re.compile(rf"\b(?:between|from) {DAY}{TO}{DAY}\b"), read),
        (re.compile(rf"\b{DAY} ?(?:-|to|until|through) ?{DAY}\b"), read),
    )


def _single(calendar: Calendar) -> tuple[Rule, ...]:
    def this(name: str) -> Iterable[str]:
        day = calendar.upcoming(NUMBERS[name])
        if day - calendar.today == WEEK and calendar.today_is_open:
            return (code(calendar.today), code(day))
        return (code(day),)

    def next_(name: str) -> Iterable[str]:
        coming = calendar.upcoming(NUMBERS[name])
        next_week = calendar.week(1).first + timedelta(days=NUMBERS[name])
        return dict.fromkeys((code(coming), code(next_week)))

    def last(name: str) -> str:
        day = calendar.upcoming(NUMBERS[name]) - WEEK
        return code(day if day < calendar.today else day - WEEK)

    def in_week(match: re.Match[str]) -> Iterable[str]:
        week = IN_WEEK.search(match.string)
        if week is None:
            return this(match[1])
        monday = Days.from_code(week[1]).first
        monday -= timedelta(days=monday.weekday())
        return (code(monday + timedelta(days=NUMBERS[match[1]])),)

    def after_next(name: str) -> Iterable[str]:
        return [code(Days.from_code(option[1:]).first + WEEK) for option in next_(name)]

    return (
        (re.compile(rf"\b(?:the )?{DAY} after next\b"), lambda m: after_next(m[1])),
        (re.compile(rf"\b(?:this )?coming {DAY}\b"), lambda m: this(m[1])),
        (re.compile(rf"\bthis {DAY}\b"), lambda m: this(m[1])),
        (re.compile(rf"\bnext {DAY}\b"), lambda m: next_(m[1])),
        (re.compile(rf"\b(?:last|past|previous) {DAY}\b"), lambda m: last(m[1])),
        (re.compile(rf"\b{DAY}\b"), in_week),
    )
