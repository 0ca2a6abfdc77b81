"""What a patient prefers: days and times as meant, and what is wrong with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from actions.booking.times import Times

ALL_DAYS = tuple(range(7))
DATE = r"\d{4}-\d\d-\d\d"
DAYS_CODE = rf"{DATE}(?:\.\.(?:{DATE})?)?(?:\[[0-6](?:,[0-6])*\])?"
CODE = re.compile(rf"({DATE})(\.\.({DATE})?)?(?:\[([\d,]*)\])?")

UNDERSTOOD = "understood"
UNAVAILABLE = "unavailable"
AMBIGUOUS = "ambiguous"
NO_DAY = "no_day"


@dataclass(frozen=True)
class Days:
    """A day or a range of days.

    Attributes:
        first: the first day.
        last: the last day, the same as `first` for one day; None without an end.
        weekdays: which days of the week, from Monday as 0.
    """

    first: date
    last: date | None
    weekdays: tuple[int, ...] = ALL_DAYS

    @classmethod
    def from_code(cls, code: str) -> "Days":
        """Returns the days that a code such as `2026-03-10..[0,2]` stands for.

        Raises:
            ValueError: the text is no such code.
        """
        match = CODE.fullmatch(code)
        if match is None:
            raise ValueError(f"'{code}' is no code of days.")
        first = date.fromisoformat(match[1])
        last = date.fromisoformat(match[3]) if match[3] else None
        weekdays = ALL_DAYS
        if match[4] is not None:
            weekdays = tuple(int(number) for number in match[4].split(",") if number)
        return cls(first, last if match[2] else first, weekdays)

    @property
    def code(self) -> str:
        """The days as `2026-03-10`, `2026-03-10..2026-03-12` or `2026-03-10..`."""
        until = f"..{self.last or ''}" if self.last != self.first else ""
        only = ",".join(str(number) for number in self.weekdays)
        return f"{self.first}{until}" + (
            f"[{only}]" if self.weekdays != ALL_DAYS else ""
        )

    @property
    def is_one(self) -> bool:
        """Whether this is one day."""
        return self.first == self.last

    def listed(self, *, until: date) -> tuple[date, ...]:
        """Returns the days one by one, up to a last one."""
        end = min(self.last or until, until)
        days = (self.first + timedelta(n) for n in range((end - self.first).days + 1))
        return tuple(day for day in days if day.weekday() in self.weekdays)


@dataclass(frozen=True)
class Choice:
    """Days, and the times on them; no times means any time."""

    days: Days
    times: tuple[Times, ...] = ()

    @property
    def code(self) -> str:
        """The choice as text that `from_code` reads."""
        return " ".join([self.days.code, *(times.code for times in self.times)])

    @classmethod
    def from_code(cls, code: str) -> "Choice":
        """Returns the choice of a code.

        Raises:
            ValueError: the text is no such code.
        """
        days, *times = code.split(" ")
        return cls(Days.from_code(days), tuple(Times.from_code(t) for t in times))


@dataclass(frozen=True)
class Problem:
    """What is wrong with a choice.

    Attributes:
        code: `past`, `closed`, `holiday`, `closed_then` (open, but not at that time),
            `too_far` or `no_such_date`.
        day: the day that it is about, if it is about one.
        holiday: the name of the public holiday.
    """

    code: str
    day: date | None = None
    holiday: str = ""


@dataclass(frozen=True)
class Option:
    """A day to offer as a button, and a part of it; empty for any time."""

    day: date
    part: str = ""


@dataclass(frozen=True)
class Preference:
    """How an answer to "which day" was read.

    Attributes:
        outcome: `understood`; `unavailable` (understood, but not possible);
            `ambiguous`; or `no_day`.
        kind: why it is no day: `stop`, `question`, `empty` or `other`.
        choices: what the patient would take; any of them will do. Those that are not
            possible are left out, if others are.
        days: the first open days among the choices, ten at most.
        flexible: the patient says that other days or times would do as well.
        soonest: the patient wants to come as soon as possible.
        problems: what is wrong with choices that are not possible.
        options: the nearest open days to offer instead, three at most.
        readings: what an ambiguous answer may mean, three at most.
        leftover: words about something else were left out, so confirm with care.
    """

    outcome: str
    kind: str = ""
    choices: tuple[Choice, ...] = ()
    days: tuple[date, ...] = ()
    flexible: bool = False
    soonest: bool = False
    problems: tuple[Problem, ...] = ()
    options: tuple[Option, ...] = ()
    readings: tuple["Preference", ...] = ()
    leftover: bool = False

    @property
    def understood(self) -> bool:
        """Whether the answer has one meaning, possible or not."""
        return self.outcome in (UNDERSTOOD, UNAVAILABLE)

    def to_slot(self) -> dict[str, Any]:
        """Returns what was preferred as JSON-ready values."""
        return {
            "choices": [choice.code for choice in self.choices],
            "flexible": self.flexible,
            "soonest": self.soonest,
        }


@dataclass(frozen=True)
class Wish:
    """The part of a preference that is kept and stored, free of today's checks."""

    choices: tuple[Choice, ...] = ()
    flexible: bool = False
    soonest: bool = False

    @classmethod
    def from_slot(cls, values: Mapping[str, Any]) -> "Wish":
        """Returns the wish that `Preference.to_slot` wrote.

        Raises:
            ValueError: a choice is not written as it should be.
        """
        return cls(
            tuple(Choice.from_code(code) for code in values.get("choices", ())),
            bool(values.get("flexible")),
            bool(values.get("soonest")),
        )
