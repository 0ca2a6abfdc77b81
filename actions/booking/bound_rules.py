"""Reads bounds of days ("before the 20th", "12 to 14 March") and numbers left over."""

import re
from collections.abc import Iterable
from datetime import timedelta

from actions.booking.calendar_days import Calendar, code
from actions.booking.clock_rules import ClockReader
from actions.booking.opening import WEEKDAYS
from actions.booking.preference import DAYS_CODE, Days
from actions.booking.rewriting import Rule

ONE_DAY = timedelta(days=1)
SPAN = rf"[DK]({DAYS_CODE})"
DAY = rf"(?:{'|'.join(WEEKDAYS)})"
NUMBER = r"(?<![\w/.:@-])(\d{1,2})(?![\w/.:-])"
START = r"(?<![\w/.:@-])(\d{1,2})"
NUMBER_END = r"(\d{1,2})(?![\w/.:-])"
ALONE = re.compile(
    r"^(?:the |die |ANY |on |at |please |, )*(\d{1,2})(?: please)?[ ,]*$"
)


def number_rules(calendar: Calendar, clock: ClockReader) -> tuple[Rule, ...]:
    """Returns the rules for numbers without a month or an "o'clock"."""

    def of_month(match: re.Match[str]) -> str:
        return code(calendar.day_of_month(int(match[1])))

    def hour(number: str) -> list[str]:
        return [time.replace("C", "T@") for time in clock.read(number) or ()]

    def hours(first: str, last: str) -> list[str]:
        pairs = [(a[2:], b[2:]) for a in hour(first) for b in hour(last)]
        return [f"T{start}-{end}" for start, end in pairs if start < end]

    def days_of_month(first: str, last: str) -> list[str]:
        start, end = (calendar.day_of_month(int(number)) for number in (first, last))
        return [code(Days(start, end))] if start and end and start < end else []

    def after_day(match: re.Match[str]) -> Iterable[str] | None:
        """Reads "Friday 13": the date if it is one, else the time."""
        weekday = WEEKDAYS.index(match[1])
        if calendar.day_of_month(int(match[2]), weekday) == calendar.upcoming(weekday):
            return (code(calendar.upcoming(weekday)),)
        return [f"{match[1]} {time}" for time in hour(match[2])] or None

    def alone(match: re.Match[str]) -> Iterable[str] | None:
        day = calendar.day_of_month(int(match[1]))
        open_at = [time for time in hour(match[1]) if clock.is_open_at(time[2:])]
        return [*([code(day)] if day else []), *open_at] or None

    return (
        (re.compile(r"\b(?:the |die )?(\d{1,2})(?:st|nd|rd|th)\b"), of_month),
        (
            re.compile(
                r"\b(?:the|die) (\d{1,2})(?= ?(?:$|,|and |or |to |until |- |T))"
            ),
            of_month,
        ),
        (
            re.compile(
                rf"\b({'|'.join(WEEKDAYS)}) {NUMBER}(?=$| ?,| (?:or|and|please))"
            ),
            after_day,
        ),
        (
            re.compile(rf"([DK]{DAYS_CODE}) {NUMBER}(?=$| ?,| (?:or|and|please))"),
            lambda m: [f"{m[1]} {time}" for time in hour(m[2])] or None,
        ),
        (
            re.compile(rf"^{NUMBER} (?=(?:on )?(?:{DAY}\b|D\d))"),
            lambda m: [f"{time} " for time in hour(m[1])] or None,
        ),
        (
            re.compile(rf"([DK]{DAYS_CODE}) {START} ?(?:-|to|until) ?{NUMBER_END}"),
            lambda m: [f"{m[1]} {times}" for times in hours(m[2], m[3])] or None,
        ),
        (
            re.compile(rf"^{START} ?(?:-|to|until) ?{NUMBER_END}$"),
            lambda m: [*days_of_month(m[1], m[2]), *hours(m[1], m[2])] or None,
        ),
        (ALONE, alone),
    )


def bound_rules(calendar: Calendar) -> tuple[Rule, ...]:
    """Returns the rules for "from", "until" and ranges."""

    def onwards(match: re.Match[str]) -> str | None:
        days = Days.from_code(match[1])
        return code(Days(days.first, None)) if days.last else None

    def after(match: re.Match[str]) -> str | None:
        last = Days.from_code(match[1]).last
        return code(Days(last + ONE_DAY, None)) if last else None

    def until(match: re.Match[str]) -> str | None:
        days = Days.from_code(match[1])
        return (
            code(calendar.from_today(calendar.today, days.last)) if days.last else None
        )

    def before(match: re.Match[str]) -> str | None:
        days = Days.from_code(match[1])
        if not days.last:
            return None
        last = days.first - ONE_DAY
        return code(Days(min(calendar.today, last), last))

    def between(match: re.Match[str]) -> str | None:
        first, last = Days.from_code(match[1]), Days.from_code(match[2])
        if not last.last or first.first >= last.last:
            return None
        return code(Days(first.first, last.last))

    def together(match: re.Match[str]) -> str:
        numbers = {n for group in re.findall(r"\[([\d,]+)\]", match[0]) for n in group}
        weekdays = sorted(int(number) for number in numbers - {","})
        return code(calendar.any_day(tuple(weekdays)))

    weekly = rf"D{calendar.today}\.\.\[[\d,]+\]"
    lead = r"\b(?:any ?time |ANY )?"
    return (
        (re.compile(rf"{weekly}(?:(?: ,)? (?:or|and|,) (?:on )?{weekly})+"), together),
        (
            re.compile(
                rf"(?:\b(?:from|between) )?{SPAN} ?(?:-|to|until|through) ?{SPAN}"
            ),
            between,
        ),
        (re.compile(rf"\b(?:from|between) {SPAN} and {SPAN}"), between),
        (re.compile(rf"\bnot? (?:before|earlier than) {SPAN}(?: not\b)?"), onwards),
        (re.compile(rf"\bnot? (?:after|later than) {SPAN}(?: not\b)?"), until),
        (re.compile(rf"{lead}(?:from|starting|as of) {SPAN}(?: onwards?)?"), onwards),
        (
            re.compile(rf"{lead}{SPAN} (?:onwards?|or later|or after|and after)\b"),
            onwards,
        ),
        (re.compile(rf"{lead}after {SPAN}"), after),
        (re.compile(rf"{lead}before {SPAN}"), before),
        (re.compile(rf"{lead}(?:by|until) {SPAN}"), until),
    )
