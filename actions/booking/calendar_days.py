"""Days and ranges of days as seen from today."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import dateparser
from dateutil.relativedelta import relativedelta

from actions.booking.opening import Opening
from actions.booking.preference import ALL_DAYS, Days

LANGUAGES = ["en", "af", "zu"]
LATELY = timedelta(days=60)
MONTH_FIRST = frozenset({"US"})
SHORT_HOLIDAYS = frozenset({"christmas", "new year's"})
NO_SUCH_DATE = "X"
# Which days of a week, from Monday as 0, and how many of a month.
WEEK_PORTIONS = {"early": (0, 1), "mid": (1, 3), "end": (3, 4), "": (0, 6)}
MONTH_PORTIONS = {"early": (1, 7), "mid": (11, 20)}
END_OF_MONTH = 7


@dataclass(frozen=True)
class Calendar:
    """Where an answer stands in time.

    Attributes:
        today: the day at the clinic.
        today_is_open: whether there is still time for a visit today.
        month_first: whether "3/12" is the twelfth of March.
        holidays: the next public holidays by their names in lower case.
    """

    today: date
    today_is_open: bool = True
    month_first: bool = False
    holidays: tuple[tuple[str, date], ...] = ()

    @classmethod
    def of(cls, opening: Opening, now: datetime) -> "Calendar":
        """Returns the calendar of a clinic at a moment."""
        today = opening.today(now)
        is_open = opening.fits(today, now=now)
        return cls(
            today, is_open, opening.country in MONTH_FIRST, _holidays(opening, today)
        )

    def any_day(self, weekdays: tuple[int, ...] = ALL_DAYS) -> Days:
        """Returns all days from today, or some days of each week."""
        return Days(self.today, None, weekdays)

    def after(self, days: int) -> Days:
        """Returns the day that is some days from today."""
        return _one(self.today + timedelta(days=days))

    def upcoming(self, weekday: int) -> date:
        """Returns the next such day of the week, never today."""
        return self.today + timedelta(days=(weekday - self.today.weekday() - 1) % 7 + 1)

    def week(self, number: int, portion: str = "") -> Days:
        """Returns a week from Monday to Sunday, this one being 0, or part of it."""
        monday = self.today + timedelta(days=7 * number - self.today.weekday())
        first, last = WEEK_PORTIONS[portion]
        return self.from_today(
            monday + timedelta(days=first), monday + timedelta(days=last)
        )

    def month(self, first: date, portion: str = "") -> Days:
        """Returns the month that begins on a day, or part of it."""
        last = first + relativedelta(months=1, days=-1)
        if portion == "end":
            return self.from_today(last - timedelta(days=END_OF_MONTH - 1), last)
        start, end = MONTH_PORTIONS.get(portion, (1, last.day))
        return self.from_today(first.replace(day=start), first.replace(day=end))

    def from_today(self, first: date, last: date) -> Days:
        """Returns a range without the days that are over, if any are left."""
        return Days(max(first, self.today) if last >= self.today else first, last)

    def month_of(self, number: int) -> date:
        """Returns the first day of the next such month, this month included."""
        year = self.today.year + (number < self.today.month)
        return date(year, number, 1)

    def dated(self, day: int, month: int, year: int | None = None) -> date | None:
        """Returns a date, the next one if no year is given; None if there is none."""
        if year is not None:
            return _date(year + 2000 if year < 100 else year, month, day)
        this_year = (month, day) >= (self.today.month, self.today.day)
        coming = _date(self.today.year + (not this_year), month, day)
        past = None if this_year else _date(self.today.year, month, day)
        if past and self.today - past <= LATELY:
            return past
        return coming

    def day_of_month(self, day: int, weekday: int | None = None) -> date | None:
        """Returns the next day with a number, on a day of the week if it is given."""
        for months in range(13 if weekday is None else 4):
            month = self.today.replace(day=1) + relativedelta(months=months)
            found = _date(month.year, month.month, day)
            if found and found >= self.today and weekday in (None, found.weekday()):
                return found
        return None

    def in_units(self, count: str, unit: str) -> date | None:
        """Returns the day that is "in 2 weeks"; None if it is out of all reach."""
        base = datetime.combine(self.today, datetime.min.time())
        found = dateparser.parse(
            f"in {count} {unit}", languages=["en"], settings={"RELATIVE_BASE": base}
        )
        return found.date() if found else None


@lru_cache(maxsize=4096)
def month_number(word: str) -> int:
    """Returns the number of a month's name or its short form, 0 if it is none."""
    found = dateparser.parse(
        f"1 {word} 2024",
        languages=LANGUAGES,
        settings={
            "DATE_ORDER": "DMY",
            "STRICT_PARSING": True,
            "REQUIRE_PARTS": ["day", "month", "year"],
            "PARSERS": ["absolute-time"],
        },
    )
    return found.month if found and (found.year, found.day) == (2024, 1) else 0


def code(day: date | Days | None) -> str:
    """Returns the word that stands for days in an answer that is being read."""
    if day is None:
        return NO_SUCH_DATE
    return f"D{(day if isinstance(day, Days) else _one(day)).code}"


def _holidays(opening: Opening, today: date) -> tuple[tuple[str, date], ...]:
    """Returns the holidays of a year to come, by their full and known short names."""
    found: dict[str, date] = {}
    for day in (today + timedelta(days=n) for n in range(366)):
        name = opening.holiday(day).lower()
        short = name.removesuffix(" day")
        for known in (name, short) if short in SHORT_HOLIDAYS else (name,):
            found.setdefault(known, day)
    return tuple((name, day) for name, day in found.items() if name)


def _one(day: date) -> Days:
    return Days(day, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
