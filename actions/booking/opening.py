"""When the clinic is open: its hours and its country's public holidays."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from actions.booking.times import DAY, PARTS, Times, minutes
from documents.errors import FactsError
from documents.facts import Facts

WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
CLOSED = "closed"
AS_USUAL = "as usual"
SHORTEST_VISIT = 30
BOOK_AHEAD_DAYS = 90
STRETCH = re.compile(r"(\d{1,2}:\d\d)\s*(?:-|–|to)\s*(\d{1,2}:\d\d)")

Hours = tuple[Times, ...]


@dataclass(frozen=True)
class Opening:
    """The clinic's opening hours; every method is told what day or time it is.

    Attributes:
        zone: the clinic's time zone.
        country: two letters, such as `ZA`.
        week: the open stretches of Monday to Sunday.
        holiday_hours: those of a public holiday; None if it is a day like any other.
        visit_minutes: how long a stretch must be for a visit to fit.
        ahead_days: how far ahead a day can be asked for.
    """

    zone: ZoneInfo
    country: str
    week: tuple[Hours, ...]
    holiday_hours: Hours | None = ()
    visit_minutes: int = SHORTEST_VISIT
    ahead_days: int = BOOK_AHEAD_DAYS
    holidays: Mapping[date, str] = field(default_factory=dict, repr=False)

    @classmethod
    def from_facts(cls, facts: Facts) -> "Opening":
        """Reads the hours of `clinic.yml`.

        Raises:
            FactsError: a fact about hours, country or time zone cannot be used.
        """
        as_usual = facts.get("hours.public_holidays").lower() == AS_USUAL
        week = tuple(_hours(facts, f"hours.{day}") for day in WEEKDAYS)
        if not any(week):
            raise FactsError(
                f"{facts.file}: every day under 'hours' is closed. Give at least one "
                'day its hours, such as "07:30-17:30".'
            )
        return cls(
            _zone(facts),
            facts.get("country"),
            week,
            None if as_usual else _hours(facts, "hours.public_holidays", CLOSED),
            _number(facts, "appointments.session_minutes", SHORTEST_VISIT),
            _number(facts, "appointments.book_ahead_days", BOOK_AHEAD_DAYS),
            {} if as_usual else _holidays(facts),
        )

    def local(self, now: datetime) -> datetime:
        """Returns a moment as the clinic's clock shows it."""
        return now.astimezone(self.zone)

    def today(self, now: datetime) -> date:
        """Returns the day that it is at the clinic."""
        return self.local(now).date()

    def last_day(self, now: datetime) -> date:
        """Returns the last day that can be asked for."""
        return self.today(now) + timedelta(days=self.ahead_days)

    def holiday(self, day: date) -> str:
        """Returns the name of a public holiday, empty on other days."""
        return str(self.holidays.get(day, ""))

    def hours(self, day: date) -> Hours:
        """Returns the stretches in which the clinic is open on a day."""
        if self.holiday_hours is not None and self.holiday(day):
            return self.holiday_hours
        return self.week[day.weekday()]

    def is_open(self, day: date) -> bool:
        """Says whether the clinic opens at all on a day."""
        return bool(self.hours(day))

    def parts(self, day: date, *, now: datetime | None = None) -> tuple[str, ...]:
        """Returns the parts of a day that hold a visit, after `now` if it is given."""
        return tuple(
            part for part in PARTS if self.fits(day, Times.of_part(part), now=now)
        )

    def fits(
        self, day: date, times: Times | None = None, *, now: datetime | None = None
    ) -> bool:
        """Says whether a visit fits into a day, or into some times of it.

        Args:
            day: the day of the visit.
            times: when it may be on that day; at any time if None.
            now: if given, the visit must not have begun by then.
        """
        earliest = 0
        if now is not None:
            local = self.local(now)
            if day < local.date():
                return False
            if day == local.date():
                earliest = local.hour * 60 + local.minute
        wanted = times or Times(0, DAY)
        if wanted.is_exact:
            wanted = Times(wanted.start, wanted.start + self.visit_minutes)
            if wanted.start < earliest:
                return False
        return any(
            min(wanted.end, open_.end) - max(wanted.start, open_.start, earliest)
            >= self.visit_minutes
            for open_ in self.hours(day)
        )

    def next_days(self, now: datetime, count: int) -> tuple[date, ...]:
        """Returns the next days on which a visit fits, today among them."""
        found = (day for day in self._days(now) if self.fits(day, now=now))
        return tuple(day for day, _ in zip(found, range(count), strict=False))

    def _days(self, now: datetime) -> Iterator[date]:
        today = self.today(now)
        return (today + timedelta(days=n) for n in range(self.ahead_days + 1))


def _hours(facts: Facts, path: str, default: str = "") -> Hours:
    text = facts.get(path) or default
    if text.lower() == CLOSED:
        return ()
    try:
        stretches = tuple(_stretch(part) for part in text.split(","))
    except ValueError:
        raise _wrong_hours(facts, path, text) from None
    if any(a.end > b.start for a, b in zip(stretches, stretches[1:], strict=False)):
        raise _wrong_hours(facts, path, text)
    return stretches


def _stretch(text: str) -> Times:
    match = STRETCH.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    stretch = Times(minutes(match[1]), minutes(match[2]))
    if stretch.start >= stretch.end:
        raise ValueError(text)
    return stretch


def _wrong_hours(facts: Facts, path: str, text: str) -> FactsError:
    usual = f', or "{AS_USUAL}"' if path.endswith("public_holidays") else ""
    return FactsError(
        f"{facts.file}: '{path}' is '{text}'. Write from-to on the 24-hour clock, such "
        f'as "07:30-17:30" or "08:00-12:00, 13:00-17:00", or "{CLOSED}"{usual}.'
    )


def _zone(facts: Facts) -> ZoneInfo:
    name = facts.get("time_zone")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise FactsError(
            f"{facts.file}: 'time_zone' is '{name}', which is no time zone. Write a "
            'name such as "Africa/Johannesburg".'
        ) from error


def _number(facts: Facts, path: str, default: int) -> int:
    text = facts.get(path) or str(default)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1000):
        raise FactsError(
            f"{facts.file}: '{path}' is '{text}'. Write a whole number between 1 and "
            '999 without a unit, such as "60".'
        )
    return int(text)


def _holidays(facts: Facts) -> Mapping[date, str]:
    country, region = facts.get("country"), facts.get("region") or None
    try:
        return holidays.country_holidays(country, subdiv=region)
    except NotImplementedError as error:
        raise FactsError(
            f"{facts.file}: no public holidays are known for 'country' '{country}'"
            + (f" with 'region' '{region}'" if region else "")
            + '. Write the two letters of one country, such as "ZA", or set '
            f"'hours.public_holidays' to \"{AS_USUAL}\"."
        ) from error
