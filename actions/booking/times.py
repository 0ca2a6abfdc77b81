"""Times of day that a patient can come, as parts of the day or as a window."""

import re
from dataclasses import dataclass

DAY = 24 * 60
# From and until, in minutes. Midday is also part of the afternoon.
PARTS = {
    "morning": (0, 12 * 60),
    "midday": (12 * 60, 14 * 60),
    "afternoon": (12 * 60, 17 * 60),
    "evening": (17 * 60, DAY),
}
CLOCK = r"\d\d:\d\d"
TIMES_CODE = rf"(?:@{CLOCK}|{CLOCK}-(?:{CLOCK})?|-{CLOCK}|{'|'.join(PARTS)})"
SHAPE = re.compile(r"(@)?(\d\d:\d\d)?(-)?(\d\d:\d\d)?")


@dataclass(frozen=True)
class Times:
    """A stretch of the day, in minutes since midnight.

    Attributes:
        start: the earliest minute.
        end: the latest minute; the same as `start` for an exact time.
        part: the name of the part of the day, empty for a window or a time.
    """

    start: int
    end: int
    part: str = ""

    @classmethod
    def of_part(cls, part: str) -> "Times":
        """Returns the stretch of a part of the day."""
        return cls(*PARTS[part], part)

    @classmethod
    def from_code(cls, code: str) -> "Times":
        """Returns the times that a code such as `16:00-` or `morning` stands for.

        Raises:
            ValueError: the text is no such code.
        """
        if code in PARTS:
            return cls.of_part(code)
        match = SHAPE.fullmatch(code)
        if match is None or not (match[2] or match[4]) or not (match[1] or match[3]):
            raise ValueError(f"'{code}' is no code of times.")
        if match[1]:
            return cls(minutes(match[2]), minutes(match[2]))
        start = minutes(match[2]) if match[2] else 0
        return cls(start, minutes(match[4]) if match[4] else DAY)

    @property
    def is_exact(self) -> bool:
        """Whether this is one time rather than a stretch."""
        return self.start == self.end

    @property
    def code(self) -> str:
        """The times as `morning`, `@15:00`, `16:00-`, `-10:00` or `09:00-11:00`."""
        if self.part:
            return self.part
        if self.is_exact:
            return f"@{clock(self.start)}"
        start = clock(self.start) if self.start or self.end == DAY else ""
        return f"{start}-{clock(self.end) if self.end < DAY else ''}"

    def within(self, other: "Times") -> "Times | None":
        """Returns what two stretches share, or None."""
        if self.is_exact:
            return self._moved_into(other)
        if other.is_exact:
            return other._moved_into(self)
        start, end = max(self.start, other.start), min(self.end, other.end)
        for times in (self, other):
            if (times.start, times.end) == (start, end):
                return times
        return Times(start, end) if start < end else None

    def _moved_into(self, other: "Times") -> "Times | None":
        """Returns an exact time in a stretch, "7 in the evening" as 19:00."""
        for minute in (self.start, self.start + DAY // 2):
            if other.start <= minute <= other.end and minute < DAY:
                return Times(minute, minute)
        return None


def minutes(clock_time: str) -> int:
    """Returns the minutes since midnight of a time such as `07:30`.

    Raises:
        ValueError: the text is no time of day.
    """
    hour, _, minute = clock_time.partition(":")
    if not (int(hour) < 24 and int(minute) < 60) and clock_time != "24:00":
        raise ValueError(f"'{clock_time}' is no time of day.")
    return int(hour) * 60 + int(minute)


def clock(minute: int) -> str:
    """Returns minutes since midnight as a time such as `07:30`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def without(times: Times) -> tuple[Times, ...]:
    """Returns the rest of the day around a stretch."""
    around = ((0, times.start), (times.end, DAY))
    return tuple(Times(start, end) for start, end in around if start < end)
