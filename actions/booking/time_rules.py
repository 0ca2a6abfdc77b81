"""Reads windows of time and parts of the day; each becomes a word such as `T16:00-`."""

import re

from actions.booking.clock_rules import CLOCK_WORD as C
from actions.booking.clock_rules import ClockReader, clock_rules
from actions.booking.rewriting import Rule
from actions.booking.times import DAY, Times

NEAR = 30


def time_rules(reader: ClockReader) -> tuple[Rule, ...]:
    """Returns the rules, in the order in which they apply."""
    return (*clock_rules(reader), *WINDOWS, *PARTS)


def _near(match: re.Match[str]) -> str:
    at = Times.from_code(f"@{match[1]}").start
    return f"T{Times(max(at - NEAR, 0), min(at + NEAR, DAY)).code}"


def _between(match: re.Match[str]) -> str | None:
    return f"T{match[1]}-{match[2]}" if match[1] < match[2] else None


WINDOWS: tuple[Rule, ...] = (
    (
        re.compile(
            rf"\bnot? (?:too )?(?:before|earlier than|sooner than) {C}(?: not)?"
        ),
        lambda m: f"T{m[1]}-",
    ),
    (
        re.compile(rf"\bnot? (?:too )?(?:after|later than|past) {C}(?: not)?"),
        lambda m: f"T-{m[1]}",
    ),
    (re.compile(rf"(?:between |from )?{C} ?(?:-|to|until|and) ?{C}"), _between),
    (
        re.compile(
            rf"\b(?:any ?time )?(?:from|after|past|later than) {C}"
            r"(?: (?:onwards?|on))?\b"
        ),
        lambda m: f"T{m[1]}-",
    ),
    (
        re.compile(rf"{C} (?:onwards?|or later|and later|or after)\b"),
        lambda m: f"T{m[1]}-",
    ),
    (
        re.compile(rf"\b(?:any ?time )?(?:before|by|until|earlier than) {C}"),
        lambda m: f"T-{m[1]}",
    ),
    (re.compile(rf"{C} or earlier\b"), lambda m: f"T-{m[1]}"),
    (re.compile(rf"\b(?:at )?(?:around|about|round) {C}"), _near),
    (re.compile(rf"{C} (?:ish|or so)\b"), _near),
    (re.compile(rf"(?:\b(?:at|om) |@ ?)?{C}"), lambda m: f"T@{m[1]}"),
)
PARTS: tuple[Rule, ...] = (
    (re.compile(r"(?:(?<=day )|(?<=row ))am\b"), lambda _: "Tmorning"),
    (re.compile(r"(?:(?<=day )|(?<=row ))pm\b"), lambda _: "Tafternoon"),
    (re.compile(r"\bafter (?:lunch|midday)\b"), lambda _: "T14:00-"),
    (re.compile(r"\bbefore (?:lunch|midday)\b"), lambda _: "T-12:00"),
    (re.compile(r"\bafter (?:work|werk|hours)\b"), lambda _: "T16:00-"),
    (
        re.compile(
            r"\b(?:(?:at|by|the|towards) )*(?:end of (?:the )?day|close of business)\b"
        ),
        lambda _: "Tafternoon",
    ),
    (re.compile(r"\bafter school\b"), lambda _: "T14:00-"),
    (re.compile(r"\bbefore (?:work|werk|school)\b"), lambda _: "T-09:00"),
    (
        re.compile(
            r"\b(?:(?:during|over|at|in|the|my|a) )*lunch(?: ?(?:time|hour|break))?\b"
            r"|\b(?:(?:at|around|during|over|in|the) )*midday\b"
        ),
        lambda _: "Tmidday",
    ),
    (
        re.compile(
            r"\b(?:(?:early|late|later|mid|in|during|the|die|an?|at)[ -])*"
            r"(?:first thing )?(?:in the )?(morning|afternoon|evening)s?\b(?: time)?"
        ),
        lambda m: f"T{m[1]}",
    ),
    (re.compile(r"\bfirst thing\b(?! T)"), lambda _: "Tmorning"),
)
