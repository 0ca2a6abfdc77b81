"""Reads days counted from today, such as "tomorrow", "in 3 days" and "asap"."""

import re
from datetime import date, timedelta

from actions.booking.calendar_days import Calendar, code
from actions.booking.preference import DAYS_CODE, Days
from actions.booking.rewriting import Rule

FAR = timedelta(days=10_000)
FEW = "3"
COUNT = r"(\d{1,3}|an?|one)"
UNIT = r"(days?|weeks?|months?)"
ANY = re.compile(
    r"\b(?:when ?ever(?: (?:you|u) (?:can|like|want))?|every ?(?:day|thing)|all days"
    r"|(?<!there )(?<!have )(?<!got )any ?(?:day|time|thing)s?"
    r"(?: (?:and|or) any ?(?:day|time))?|(?:do|does) not (?:mind|matter|care)"
    r"|(?:you|u) (?:choose|pick|decide)|up to (?:you|u)|no preference|i am easy"
    r"|what ?ever (?:works|suits|you have|is \w+)"
    r"|not fussy|flexible|all the same|maak nie saak)\b"
)
SOON = re.compile(
    r"\b(?:as asap as (?:possible|moontlik|(?:you|u|i) can)|asap|right (?:now|away)"
    r"|(?:the |your )?earliest(?: (?:available|possible|slot|appointment|time|day))*"
    r"|(?:the |your )?(?:first|next) (?:available|open|possible|free|opening)"
    r"(?: (?:slot|one|time|day|appointment))?|immediately|straight ?away|now|nou)\b"
)


def relative_rules(calendar: Calendar) -> tuple[Rule, ...]:
    """Returns the rules, in the order in which they apply."""
    today = code(calendar.after(0))
    return (
        (re.compile(r"\b(?:later )?today\b"), lambda _: today),
        (re.compile(r"\btonight\b"), lambda _: f"{today} Tevening"),
        (re.compile(r"\bthis (T[a-z]+)\b"), lambda m: f"{today} {m[1]}"),
        (re.compile(r"\b(?:the )?overmorrow\b"), lambda _: code(calendar.after(2))),
        (re.compile(r"\btomorrow\b"), lambda _: code(calendar.after(1))),
        (re.compile(r"\byesterday\b"), lambda _: code(calendar.after(-1))),
        *_counted(calendar),
        (SOON, lambda _: "SOON"),
        (ANY, lambda _: "ANY"),
        (re.compile(r"\bany (?=T)"), lambda _: "ANY "),
    )


def _counted(calendar: Calendar) -> tuple[Rule, ...]:
    def ahead(count: str, unit: str) -> date:
        day = calendar.in_units(count if count.isdigit() else "1", unit)
        # A day beyond the end of all calendars is simply too far ahead.
        return day or calendar.today + FAR

    def within(count: str, unit: str) -> str:
        return code(Days(calendar.today, ahead(count, unit)))

    def back(count: str, unit: str) -> str:
        return code(calendar.today - (ahead(count, unit) - calendar.today))

    def after_a_day(match: re.Match[str]) -> str:
        wait = ahead(match[1], match[2]) - calendar.today
        return code(Days.from_code(match[3]).first + wait)

    return (
        (
            re.compile(r"\b(?:with)?in the (?:next|coming) few (days|weeks)\b"),
            lambda m: within(FEW, m[1]),
        ),
        (
            re.compile(rf"\b(?:with)?in the (?:next|coming) {COUNT} {UNIT}\b"),
            lambda m: within(m[1], m[2]),
        ),
        (re.compile(rf"\bwithin {COUNT} {UNIT}\b"), lambda m: within(m[1], m[2])),
        (re.compile(r"\bin a few (days|weeks)\b"), lambda m: code(ahead(FEW, m[1]))),
        (re.compile(rf"\b{COUNT} {UNIT} (?:from|after) D({DAYS_CODE})"), after_a_day),
        (
            re.compile(rf"\b{COUNT} {UNIT} ago\b"),
            lambda m: back(m[1], m[2]),
        ),
        # "Thursday in two weeks" is read with the days of the week.
        (
            re.compile(
                rf"(?<!day )\bin (?:about |around )?{COUNT} {UNIT}(?:'? time)?\b"
            ),
            lambda m: code(ahead(m[1], m[2])),
        ),
        (
            re.compile(rf"(?<!day )\b{COUNT} {UNIT}(?:'? time| from now)\b"),
            lambda m: code(ahead(m[1], m[2])),
        ),
    )
