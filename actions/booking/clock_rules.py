"""Reads times on the clock in an answer; each becomes a word such as `C15:30`."""

import re
from collections.abc import Iterable

from actions.booking.opening import Opening
from actions.booking.rewriting import Rule
from actions.booking.times import DAY, clock, minutes

HALF_A_DAY = 12 * 60
# "At 6" is in the evening and "at 7" in the morning, if the clinic is closed at both.
LAST_NIGHT_HOUR = 6
HALF_OF_PART = {"morning": "a", "midday": "p", "afternoon": "p", "evening": "p"}
FRACTIONS = {
    "half past": 30,
    "quarter past": 15,
    "quarter to": -15,
    "quarter before": -15,
}
CLOCK_WORD = r"C(\d\d:\d\d)"
LEAD = r"(?:at|@|om|after|before|by|around|about|until|from|than|past|between|since)"
TO = r" ?(?:-|to|until) ?"
FREE = r"(?<![\w/.:-])"
HOUR = rf"{FREE}(\d{{1,2}})"
NOT_OTHER = (
    r"(?! ?(?:st|nd|rd|th|days?|weeks?|months?|kids|children|people|years?|minutes?"
    r"|mins?|of|hours?\b)|[/.:\d-]\d|[a-z])"
)
NUMBER = rf"(\d{{1,2}}){NOT_OTHER}"

Readings = list[str] | None


class ClockReader:
    """Decides whether "at 3" is in the morning or the afternoon."""

    def __init__(self, opening: Opening) -> None:
        stretches = [times for hours in opening.week for times in hours]
        self._first = min(times.start for times in stretches)
        self._last = max(times.end for times in stretches)

    def read(self, hour: str, minute: str = "00", half: str | None = None) -> Readings:
        """Returns the times that may be meant, None if there are none."""
        at = int(hour) * 60 + int(minute)
        if at > DAY or int(minute) > 59 or (half and int(hour) > 12):
            return None
        if half:
            at = at % HALF_A_DAY + (HALF_A_DAY if half == "p" else 0)
        elif 60 <= at < HALF_A_DAY and not hour.startswith("0"):
            return self._in_opening(at)
        return [f"C{clock(at % DAY)}"]

    def is_open_at(self, time: str) -> bool:
        """Says whether a time lies within the hours of any day."""
        return self._first <= minutes(time) < self._last

    def _in_opening(self, at: int) -> list[str]:
        open_at = [
            f"C{clock(minute)}"
            for minute in (at, at + HALF_A_DAY)
            if self._first <= minute <= self._last
        ]
        later = at + HALF_A_DAY if at < (LAST_NIGHT_HOUR + 1) * 60 else at
        return open_at or [f"C{clock(later)}"]


def clock_rules(at: ClockReader) -> tuple[Rule, ...]:
    """Returns the rules, in the order in which they apply."""
    return (*_spoken(at), *_written(at), *_marked(at), *_bare(at))


def _spoken(at: ClockReader) -> Iterable[Rule]:
    def fraction(match: re.Match[str]) -> Readings:
        total = (int(match[2]) * 60 + FRACTIONS[match[1]]) % DAY
        return at.read(str(total // 60), f"{total % 60:02}", match[3])

    def half(match: re.Match[str]) -> Readings:
        # Half past three in Afrikaans, half past four in English.
        before = at.read(str((int(match[1]) - 2) % 12 + 1), "30") or []
        return [*before, *(at.read(match[1], "30") or [])]

    return (
        (
            re.compile(r"\b(?:12 )?noon(ish)?\b"),
            lambda m: "C12:00 ish" if m[1] else "C12:00",
        ),
        (re.compile(r"\bmidnight\b"), lambda _: "C00:00"),
        (
            re.compile(rf"\b({'|'.join(FRACTIONS)}) (\d{{1,2}})(?: ?([ap])m)?\b"),
            fraction,
        ),
        (re.compile(r"\bhalf (\d{1,2})\b(?![/:.\d])"), half),
    )


def _written(at: ClockReader) -> Iterable[Rule]:
    """Returns rules for hours and minutes in digits."""
    return (
        (
            re.compile(
                r"(?<![\w/.:])(\d{1,2}) ?[:h] ?([0-5]\d)(?!\d)(?: ?([ap])m\b| ?hrs?\b)?"
            ),
            lambda m: at.read(m[1], m[2], m[3]),
        ),
        (
            re.compile(rf"{HOUR}\.([0-5]\d) ?([ap])m\b"),
            lambda m: at.read(m[1], m[2], m[3]),
        ),
        (
            re.compile(rf"\b({LEAD}) (\d{{1,2}})\.([0-5]\d)(?![\d.])"),
            lambda m: _led(m[1], at.read(m[2], m[3])),
        ),
        (
            re.compile(rf"{FREE}([01]\d|2[0-4])([0-5]\d) ?h(?:rs?|ours)?\b"),
            lambda m: at.read(m[1], m[2]),
        ),
        (
            re.compile(rf"\b({LEAD}) ([01]\d|2[0-3])([0-5]\d)\b(?![/.-])"),
            lambda m: _led(m[1], at.read(m[2], m[3])),
        ),
    )


def _marked(at: ClockReader) -> Iterable[Rule]:
    """Returns rules for hours with a word that makes them a time."""
    return (
        (
            re.compile(rf"{HOUR}{TO}(\d{{1,2}}) ?([ap])m\b"),
            lambda m: _range(
                at.read(m[1], "00", _same_half(m)), at.read(m[2], "00", m[3])
            ),
        ),
        (re.compile(rf"{HOUR} ?([ap])m\b"), lambda m: at.read(m[1], "00", m[2])),
        (
            re.compile(rf"{HOUR} ?(?:h|hrs|o'? ?clock|uur)\b"),
            lambda m: at.read(m[1]),
        ),
        (
            re.compile(rf"{HOUR}[ -]?ish\b"),
            lambda m: [f"{time} ish" for time in at.read(m[1]) or ()] or None,
        ),
        (
            re.compile(rf"{HOUR} (?:in the|in die|at) ({'|'.join(HALF_OF_PART)})\b"),
            lambda m: at.read(m[1], "00", HALF_OF_PART[m[2]]),
        ),
    )


def _bare(at: ClockReader) -> Iterable[Rule]:
    """Returns rules for hours that only the words before them make a time."""
    return (
        (
            re.compile(rf"\b(?:between|from) {NUMBER} ?(?:-|and|to|until) ?{NUMBER}"),
            lambda m: _range(at.read(m[1]), at.read(m[2])),
        ),
        (
            re.compile(rf"({LEAD}) ?{NUMBER}"),
            lambda m: _led(m[1], at.read(m[2])),
        ),
        (
            re.compile(rf"{CLOCK_WORD} ?(?:-|to|and|until) ?{NUMBER}"),
            lambda m: _led(f"C{m[1]} to", at.read(m[2])),
        ),
        (
            re.compile(rf"{CLOCK_WORD}( ish)? ?(?:or|/) ?{NUMBER}"),
            lambda m: _led(f"C{m[1]}{m[2] or ''} or", at.read(m[3])),
        ),
        (
            re.compile(rf"{HOUR}{TO}{CLOCK_WORD}"),
            lambda m: _range(at.read(m[1]), [f"C{m[2]}"]),
        ),
    )


def _led(lead: str, times: Readings) -> Readings:
    return None if times is None else [f"{lead} {time}" for time in times]


def _same_half(match: re.Match[str]) -> str:
    """Returns the half of the day in which "11-2pm" begins."""
    first, last = int(match[1]) % 12, int(match[2]) % 12
    if first <= last:
        return match[3]
    return "a" if match[3] == "p" else "p"


def _range(starts: Readings, ends: Readings) -> Readings:
    pairs = ((a, b) for a in starts or () for b in ends or () if a < b)
    return [f"{a} to {b}" for a, b in pairs] or None
