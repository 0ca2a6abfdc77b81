"""Reads weeks, weekends and months, or parts of them, in an answer."""

import re
from collections.abc import Iterable

from actions.booking.calendar_days import Calendar, code, month_number
from actions.booking.preference import DAYS_CODE, Days
from actions.booking.rewriting import Rule

WORKDAYS = (0, 1, 2, 3, 4)
WEEKEND = (5, 6)
MONTHS = 12
PORTIONS = {
    "early": r"(?:early|beginning of|start of|first (?:half|part|week|days) of)[ -]",
    "mid": r"(?:mid|middle of|halfway through)[ -]",
    "end": r"(?:end of|end|late|later|last (?:week|part|days) of|second half of)[ -]",
    "": "",
}
LEAD = r"\b(?:(?:in|at|by|on|during|towards|sometime|some time|the|die|rest of) )*"
# "May" and "march" are more than months, so a month alone needs one of these.
NAMED_LEAD = (
    r"^(?=[a-z]+ ?$)|(?<=day )of |\b(?:(?:in|during|sometime in|any ?time in) )"
)
INNER = r"(?:(?:in|the|die) )*"


def period_rules(calendar: Calendar) -> tuple[Rule, ...]:
    """Returns the rules, in the order in which they apply."""
    return (
        *_special_weeks(calendar),
        *(rule for portion in PORTIONS for rule in _weeks(calendar, portion)),
        *_weekends(calendar),
        (re.compile(r"\bmonth ?end\b"), lambda _: "end of the month"),
        *(rule for portion in PORTIONS for rule in _months(calendar, portion)),
    )


def _special_weeks(calendar: Calendar) -> tuple[Rule, ...]:
    def week_of(match: re.Match[str]) -> str | None:
        monday = calendar.today.toordinal() - calendar.today.weekday()
        day = calendar.day_of_month(int(match[2])) if match[2] else None
        if match[1]:
            day = Days.from_code(match[1]).first
        return _week(calendar, (day.toordinal() - monday) // 7) if day else None

    later = Days(calendar.after(1).first, calendar.week(0).last)
    workdays = code(calendar.any_day(WORKDAYS))
    return (
        (re.compile(rf"{LEAD}week after next\b"), lambda _: _week(calendar, 2)),
        (
            re.compile(r"\b(?:later|the rest of) (?:in )?(?:this|the) week\b"),
            lambda _: code(later).replace("D", "K"),
        ),
        (
            re.compile(
                rf"{LEAD}week of (?:the )?"
                rf"(?:D({DAYS_CODE})|(\d{{1,2}})(?:st|nd|rd|th)\b)"
            ),
            week_of,
        ),
        (re.compile(r"\bany week ?day\b"), lambda _: f"ANY {workdays}"),
        (
            re.compile(r"\b(?:on |every )?week ?days\b|\b(?:during|in) the week\b"),
            lambda _: workdays,
        ),
    )


def _week(calendar: Calendar, number: int, portion: str = "") -> str:
    """Returns the word for a week, in which a day of the week may be named."""
    days = calendar.week(number, portion)
    if number == 0 and days.last and days.last < calendar.today:
        days = calendar.week(1, portion)
    return code(days).replace("D", "K")


def _weeks(calendar: Calendar, portion: str) -> Iterable[Rule]:
    numbers = {"next": 1, "coming": 1, "last": -1}
    which = "(?:(next|this|coming|last) )"
    if portion:
        which += "?"
    yield (
        re.compile(rf"{LEAD}{PORTIONS[portion]}{INNER}{which}week\b(?! of)"),
        lambda m: _week(calendar, numbers.get(m[1], 0), portion),
    )


def _weekends(calendar: Calendar) -> tuple[Rule, ...]:
    def weekend(number: int) -> str:
        sunday = calendar.week(number).last or calendar.today
        saturday = sunday.fromordinal(sunday.toordinal() - 1)
        return code(calendar.from_today(saturday, sunday))

    is_weekend = calendar.today.weekday() in WEEKEND
    following = [weekend(1)] if is_weekend else [weekend(0), weekend(1)]
    return (
        (
            re.compile(r"\b(?:on |every )?weekends\b|\b(?:any|every) weekend\b"),
            lambda _: code(calendar.any_day(WEEKEND)),
        ),
        (re.compile(rf"{LEAD}next weekend\b"), lambda _: following),
        (re.compile(rf"{LEAD}last weekend\b"), lambda _: weekend(-1)),
        (
            re.compile(rf"{LEAD}(?:(?:this|coming) )*weekend\b"),
            lambda _: weekend(0),
        ),
    )


def _months(calendar: Calendar, portion: str) -> Iterable[Rule]:
    this_month = calendar.today.replace(day=1)
    next_month = calendar.month_of(calendar.today.month % MONTHS + 1)

    def month(match: re.Match[str]) -> str:
        days = calendar.month(next_month if match[1] == "next" else this_month, portion)
        if match[1] != "this" and days.last and days.last < calendar.today:
            days = calendar.month(next_month, portion)
        return code(days)

    def named(match: re.Match[str]) -> str | None:
        number = month_number(match[1])
        return (
            code(calendar.month(calendar.month_of(number), portion)) if number else None
        )

    which = "(?:(next|this|coming) )"
    if portion:
        which += "?"
    lead = LEAD if portion else NAMED_LEAD
    yield re.compile(rf"{LEAD}{PORTIONS[portion]}{INNER}{which}month\b"), month
    if not portion:
        yield re.compile(r"(?<=day )(?:of|in) (?:the )?(?:(next|this) )?month\b"), month
    yield re.compile(rf"(?:{lead}){PORTIONS[portion]}([a-z]{{3,9}})\b"), named
