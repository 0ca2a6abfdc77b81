"""Clinics and moments that the tests of booking share."""

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

from actions.booking.opening import Opening
from documents.facts import Facts

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOURS = dict.fromkeys((f"hours.{day}" for day in DAYS[:5]), "07:30-17:30")
CLINIC = {
    "country": "ZA",
    "time_zone": "Africa/Johannesburg",
    **HOURS,
    "hours.saturday": "08:00-12:00",
    "hours.sunday": "closed",
    "hours.public_holidays": "closed",
    "appointments.session_minutes": "60",
}
# A Wednesday morning in Pretoria.
NOW = datetime(2026, 7, 15, 6, 0, tzinfo=timezone.utc)
TODAY = date(2026, 7, 15)


def opening(**changed: str) -> Opening:
    values = CLINIC | {
        name.replace("__", "."): value for name, value in changed.items()
    }
    return Opening.from_facts(Facts(values, file="clinic.yml"))


def at(zone: str, *numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=ZoneInfo(zone))
