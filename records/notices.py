"""Who is told about which step, and what the message is made of."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from records import outbox
from records.audit import PATIENT
from records.requests import Appointment
from records.tables import contacts

# Step -> event. A step that is not here is nobody else's business.
EVENTS = {
    "submit": "requested",
    "propose": "proposed",
    "confirm": "confirmed",
    "decline": "declined",
    "cancel": "cancelled",
    "move": "move_asked",
    "expire": "expired",
    "attend": "attended",
    "miss": "no_show",
}
PATIENT_IS_TOLD = ("proposed", "confirmed", "declined", "cancelled", "expired")
ENDINGS = ("declined", "cancelled", "expired")
# Part of the name of each channel whose patients are told there.
WHATSAPP = "whatsapp"


def notify(
    connection: Connection,
    appointment: Appointment,
    step: str,
    *,
    actor: str,
    gave_back_time: bool = False,
) -> None:
    """Puts the messages about a step into the outbox.

    Args:
        connection: the transaction of the change.
        appointment: the request after the step.
        step: what was done.
        actor: who did it; what a patient does is told to the clinic.
        gave_back_time: it was confirmed before, so an invitation is out.
    """
    event = EVENTS.get(step)
    if event is None:
        return
    kinds = [outbox.WEBHOOK]
    if actor == PATIENT:
        kinds.append(outbox.MAIL_CLINIC)
    if event in PATIENT_IS_TOLD and _has_email(connection, appointment.id):
        kinds.append(outbox.MAIL_PATIENT)
    # What patients do themselves, they read in the chat.
    if (
        event in PATIENT_IS_TOLD
        and actor != PATIENT
        and WHATSAPP in appointment.channel
    ):
        kinds.append(outbox.WHATSAPP)
    details = _details(appointment, event, gave_back_time=gave_back_time)
    outbox.put(connection, appointment.id, event, kinds=kinds, details=details)


def _details(
    appointment: Appointment, event: str, *, gave_back_time: bool
) -> dict[str, Any]:
    method = ""
    if event == "confirmed":
        method = "REQUEST"
    elif event in ENDINGS and gave_back_time:
        method = "CANCEL"
    starts, ends = appointment.starts_at, appointment.ends_at
    return {
        "level": appointment.level,
        "starts_at": starts.isoformat() if starts else "",
        "ends_at": ends.isoformat() if ends else "",
        # Calendars take the invitation with the highest number.
        "sequence": appointment.version,
        "method": method,
    }


def _has_email(connection: Connection, request_id: int) -> bool:
    query = sa.select(contacts.c.email).where(contacts.c.request_id == request_id)
    return bool(connection.execute(query).scalar())
