"""What a clinic's records need every hour: old rows deleted, old requests ended."""

from datetime import timedelta
from pathlib import Path

from documents.library import CLINIC_FOLDER
from records.appointments import AppointmentBook
from records.columns import utc_now
from records.jobs import Job
from records.retention import Retention, days

EVERY_SECONDS = 3600.0


def upkeep(folder: Path = CLINIC_FOLDER) -> tuple[Job, ...]:
    """Returns the jobs; `clinic.yml` is read at each run, so an edit counts at once."""
    return (
        Job("Ending old requests", lambda: end_waiting(folder), EVERY_SECONDS),
        Job("Deleting old records", lambda: delete_old(folder), EVERY_SECONDS),
    )


def delete_old(folder: Path = CLINIC_FOLDER) -> dict[str, int]:
    """Deletes what is older than the clinic promises; returns how much, by kind.

    Raises:
        SettingsError: a period of `clinic.yml` is not a number of days.
    """
    return Retention().delete_old(
        conversation_days=days("privacy.conversation_days", folder),
        booking_days=days("privacy.booking_days", folder),
    )


def end_waiting(folder: Path = CLINIC_FOLDER) -> int:
    """Ends requests that nobody has answered for too long; returns how many.

    Raises:
        SettingsError: the period of `clinic.yml` is not a number of days.
    """
    longest = timedelta(days=days("appointments.expire_days", folder))
    return AppointmentBook().expire(utc_now() - longest)
