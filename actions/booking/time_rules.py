"""Reads times of day in an answer; each becomes a word such as `T16:00-`."""

import re
from collections.abc import Iterable

from actions.booking.opening import Opening
from actions.booking.rewriting import Rule
from actions.booking.times import DAY, Times, clock, minutes

HALF_A_DAY = 12 * 60
NEAR = 30
LAST_NIGHT_HOUR = 6
NOT_A_TIME = (
    r"(?! ?(?:st|nd|rd|th|days?|weeks?|months?|kids|children|people|years?|minutes?|mins?|of|"
    r"M\d|hours?\b)|[/.:\d-]\d|[a-z])"
)
BEFORE_TIME = (
    r"(?:at|@|om|after|before|by|around|about|until|from|than|past|between|since)"
)
C = r"C(\d\d:\d\d)"
PART_WORDS = r"morning|midday|afternoon|evening"


def time_rules(clock_reader: "ClockReader") -> tuple[Rule, ...]:
    """Returns the rules, in the order in which they apply."""
    return (*_clock_rules(clock_reader), *WINDOWS, *PARTS)


class ClockReader:
    """Decides whether "at 3" is in the morning or the afternoon."""

    def __init__(self, opening: Opening) -> None:
        stretches = [times for hours in opening.week for times in hours]
        self._first = min(times.start for times in stretches)
        self._last = max(times.end for times in stretches)

    def read(
        self, hour: str, minute: str = "00", half: str = ""
    ) -> Iterable[str] | None:
        """Returns the times that may be meant, None if there are none."""
        at = int(hour) * 60 + int(minute)
        if at > DAY or int(minute) > 59 or (half and int(hour) > 12):
            return None
        if at == DAY:
            at = 0
        if half:
            at = at % HALF_A_DAY + (HALF_A_DAY if half == "p" else 0)
        elif HALF_A_DAY > at >= 60 and len(hour) < 2 or hour in ("10", "11"):
            return self._in_opening(at)
        return (f"C{clock(at)}",)

    def is_open_at(self, time: str) -> bool:
        """Says whether a time lies within the hours of any day."""
        return self._first <= minutes(time) < self._last

    def _in_opening(self, at: int) -> Iterable[str]:
        open_at = [
            f"C{clock(minute)}"
            for minute in (at, at + HALF_A_DAY)
            if self._first <= minute <= self._last
        ]
        later = at + HALF_A_DAY if at < (LAST_NIGHT_HOUR + 1) * 60 else at
        return open_at or (f"C{clock(later)}",)


def _clock_rules(at: ClockReader) -> Iterable[Rule]:
    half_day = {"morning": "a", "afternoon": "p", "evening": "p"}
    past = {
        "half past": 30,
        "quarter past": 15,
        "quarter to": -15,
        "quarter before": -15,
    }

    def fraction(match: re.Match[str]) -> Iterable[str] | None:
        total = (int(match[2]) * 60 + past[match[1]]) % DAY
        return at.read(str(total // 60), f"{total % 60:02}", match[3] or "")

    def half(match: re.Match[str]) -> Iterable[str]:
        hour = int(match[1])
        before = at.read(str((hour - 2) % 12 + 1), "30") or ()
        return (*before, *(at.read(match[1], "30") or ()))

    yield re.compile(r"\b(?:12 )?noon\b"), lambda _: "C12:00"
    yield re.compile(r"\bmidnight\b"), lambda _: "C00:00"
    yield (
        re.compile(
            r"\b(half past|quarter (?:past|to|before)) (\d{1,2})(?: ?([ap])m)?\b"
        ),
        fraction,
    )
    yield re.compile(r"\bhalf (\d{1,2})\b(?![/:.\d])"), half
    yield (
        re.compile(
            r"(?<![\w/.:-])(\d{1,2}) ?[:h] ?([0-5]\d)(?!\d)(?: ?([ap])m\b| ?hrs?\b)?"
        ),
        lambda m: at.read(m[1], m[2], m[3] or ""),
    )
    yield (
        re.compile(r"(?<![\w/.:-])(\d{1,2})\.([0-5]\d) ?([ap])m\b"),
        lambda m: at.read(m[1], m[2], m[3]),
    )
    yield (
        re.compile(rf"\b({BEFORE_TIME}) (\d{{1,2}})\.([0-5]\d)(?![\d.])"),
        lambda m: _after(m[1], at.read(m[2], m[3])),
    )
    yield (
        re.compile(r"(?<![\w/.:-])(\d{1,2}) ?(?:-|to|until) ?(\d{1,2}) ?([ap])m\b"),
        lambda m: _range(at.read(m[1], "00", _same_half(m)), at.read(m[2], "00", m[3])),
    )
    yield (
        re.compile(r"(?<![\w/.:-])(\d{1,2}) ?([ap])m\b"),
        lambda m: at.read(m[1], "00", m[2]),
    )
    yield (
        re.compile(r"(?<![\w/.:-])([01]\d|2[0-4])([0-5]\d) ?h(?:rs?|ours)?\b"),
        lambda m: at.read(m[1], m[2]),
    )
    yield (
        re.compile(rf"\b({BEFORE_TIME}) ([01]\d|2[0-3])([0-5]\d)\b(?![/.-])"),
        lambda m: _after(m[1], at.read(m[2], m[3])),
    )
    yield (
        re.compile(r"(?<![\w/.:-])(\d{1,2}) ?(?:h|hrs|o'? ?clock|uur|ish|-ish)\b"),
        lambda m: _with_ish(m[0], at.read(m[1])),
    )
    yield (
        re.compile(rf"(?<![\w/.:-])(\d{{1,2}}) (?:in the|in die|at) ({PART_WORDS})\b"),
        lambda m: at.read(m[1], "00", half_day.get(m[2], "p")),
    )
    yield (
        re.compile(
            rf"\b(between|from) (\d{{1,2}}){NOT_A_TIME} ?(?:-|and|to|until) ?(\d{{1,2}}){NOT_A_TIME}"
        ),
        lambda m: _range(at.read(m[2]), at.read(m[3])),
    )
    yield (
        re.compile(rf"({BEFORE_TIME}) ?(\d{{1,2}}){NOT_A_TIME}"),
        lambda m: _after(m[1], at.read(m[2])),
    )
    yield (
        re.compile(rf"{C} ?(-|to|and|until) ?(\d{{1,2}}){NOT_A_TIME}"),
        lambda m: _after(f"C{m[1]} to", at.read(m[3])),
    )
    yield (
        re.compile(rf"(?<![\w/.:-])(\d{{1,2}}) ?(?:-|to|until) ?{C}"),
        lambda m: _range(at.read(m[1]), (f"C{m[2]}",)),
    )


def _after(lead: str, times: Iterable[str] | None) -> list[str] | None:
    return None if times is None else [f"{lead} {time}" for time in times]


def _with_ish(text: str, times: Iterable[str] | None) -> list[str] | None:
    end = " ish" if text.endswith("ish") else ""
    return None if times is None else [time + end for time in times]


def _same_half(match: re.Match[str]) -> str:
    """Returns the half of the day in which "11-2pm" begins."""
    first, last = int(match[1]) % 12, int(match[2]) % 12
    if first <= last:
        return match[3]
    return "a" if match[3] == "p" else "p"


def _range(
    starts: Iterable[str] | None, ends: Iterable[str] | None
) -> list[str] | None:
    if starts is None or ends is None:
        return None
    pairs = [f"{a} to {b}" for a in starts for b in ends if a < b]
    return pairs or None


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
    (re.compile(rf"(?:between |from )?{C} ?(?:-|to|until|and) {C}"), _between),
    (
        re.compile(
            rf"\b(?:any ?time )?(?:from|after|past|later than) {C}(?: (?:onwards?|on))?\b"
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
    (re.compile(r"\bafter (?:lunch|midday)\b"), lambda _: "T14:00-"),
    (re.compile(r"\bbefore (?:lunch|midday)\b"), lambda _: "T-12:00"),
    (re.compile(r"\bafter (?:work|werk|hours)\b"), lambda _: "T16:00-"),
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
