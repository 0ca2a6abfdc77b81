"""Calendar invitations (.ics) that say nothing about the visit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from icalendar import Calendar, Event, vCalAddress

PRODUCT = "-//Clinic front desk//EN"


def invitation(
    details: Mapping[str, Any],
    *,
    reference: str,
    title: str,
    organiser: str,
    attendee: str,
    written_at: datetime,
) -> bytes:
    """Returns an invitation, or its cancellation, as the file's content.

    Args:
        details: what the outbox keeps: method, sequence, start and end.
        reference: the reference of the request; the invitation's identity.
        title: what stands in the calendar.
        organiser: the clinic's e-mail address.
        attendee: the patient's.
        written_at: when the message was written, so that a repetition is the same.
    """
    event = Event()
    # A calendar finds the entry to change or remove by it.
    event.add("uid", f"{reference.lower()}@{organiser.rpartition('@')[2]}")
    event.add("dtstamp", written_at)
    event.add("dtstart", datetime.fromisoformat(details["starts_at"]))
    event.add("dtend", datetime.fromisoformat(details["ends_at"]))
    event.add("sequence", details["sequence"])
    event.add("summary", title)
    event.add("class", "PRIVATE")
    cancelled = details["method"] == "CANCEL"
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("organizer", vCalAddress(f"mailto:{organiser}"))
    event.add("attendee", vCalAddress(f"mailto:{attendee}"))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", details["method"])
    calendar.add_component(event)
    return bytes(calendar.to_ical())
