"""Reads the form for a time: practitioner, date, time, length."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from records.errors import InvalidRequestError
from records.requests import Appointment, Visit
from staff.console import Console
from staff.errors import ProblemError
from staff.free_times import is_within_hours

DEFAULT_MINUTES = 60
LONGEST_MINUTES = 12 * 60


class OutOfHoursError(ProblemError):
    """The clinic is closed then, and nobody said that it is on purpose."""

    def __init__(self, hours: str) -> None:
        super().__init__(
            f"The clinic is closed at that time. It is open {hours}. Nothing was "
            "changed. If the time is right all the same, tick 'outside opening hours'."
        )


@dataclass(frozen=True)
class VisitFields:
    """What stands in the form."""

    practitioner: str = ""
    day: str = ""
    time: str = ""
    minutes: str = ""
    outside: bool = False

    @classmethod
    def from_form(cls, form: Mapping[str, str]) -> "VisitFields":
        """Reads what was sent; a free time that was tapped goes before a typed one."""
        day, clock = form.get("day", ""), form.get("time", "")
        if form.get("at"):
            day, _, clock = form["at"].partition("T")
        return cls(
            practitioner=form.get("practitioner", "").strip(),
            day=day.strip(),
            time=clock.strip(),
            minutes=form.get("minutes", "").strip(),
            outside=bool(form.get("outside")),
        )

    @classmethod
    def of(cls, request: Appointment, console: Console) -> "VisitFields":
        """Returns what the form begins with."""
        minutes = _usual_minutes(request, console)
        day = request.day.isoformat() if request.day else ""
        if request.starts_at and request.ends_at:
            local = console.clock.local(request.starts_at)
            length = request.ends_at - request.starts_at
            return cls(
                request.practitioner or "",
                local.date().isoformat(),
                f"{local:%H:%M}",
                str(int(length.total_seconds() // 60)),
            )
        return cls(day=day, minutes=minutes)


def read_visit(fields: VisitFields, console: Console) -> Visit:
    """Returns the visit of a form.

    Raises:
        ProblemError: something is missing, or the time cannot be.
    """
    if fields.practitioner not in console.practitioners:
        raise ProblemError("Choose a practitioner of the list. Nothing was changed.")
    start = _moment(fields, console)
    length = _length(fields.minutes)
    if start < console.now():
        raise ProblemError("That time has passed. Choose a later one.")
    try:
        visit = Visit(fields.practitioner, start, start + length)
    except InvalidRequestError as error:
        raise ProblemError(str(error)) from error
    if not fields.outside and not is_within_hours(console.opening, visit):
        raise OutOfHoursError(console.facts.get("hours.summary"))
    return visit


def _moment(fields: VisitFields, console: Console) -> datetime:
    try:
        day, clock = date.fromisoformat(fields.day), time.fromisoformat(fields.time)
    except ValueError:
        raise ProblemError(
            "Give a date and a time, such as 2026-03-02 and 09:30. Nothing was changed."
        ) from None
    if clock.tzinfo or clock.second or clock.minute % 5:
        raise ProblemError("A visit begins at full five minutes, such as 09:30.")
    if day > console.now().date() + timedelta(days=730):
        raise ProblemError("That date is more than two years away. See if it is right.")
    start = datetime.combine(day, clock, console.clock.zone)
    # When clocks go forward, an hour of the night does not exist.
    there = start.astimezone(console.now().tzinfo).astimezone(console.clock.zone)
    if there.replace(tzinfo=None) != start.replace(tzinfo=None):
        raise ProblemError("That time does not exist: the clocks go forward then.")
    return start


def _length(text: str) -> timedelta:
    is_number = text.isascii() and text.isdigit() and len(text) < 5
    minutes = int(text) if is_number else 0
    if not 5 <= minutes <= LONGEST_MINUTES or minutes % 5:
        raise ProblemError("Give the length in steps of five minutes, such as 45.")
    return timedelta(minutes=minutes)


def _usual_minutes(request: Appointment, console: Console) -> str:
    first = request.visit_type == "first"
    name = "first_visit_minutes" if first else "session_minutes"
    return console.facts.get(f"appointments.{name}") or str(DEFAULT_MINUTES)
