"""Tells a patient what has become of a request."""

from datetime import datetime

from actions.booking.asking import Asker
from actions.booking.opening import Opening
from actions.booking.preference import Choice, Days
from actions.booking.times import Times
from actions.replies import Reply
from records import states
from records.requests import CALL_BACK_VISIT, Appointment

STATES = {
    states.REQUESTED: "utter_manage_requested",
    states.PROPOSED: "utter_manage_proposed",
    states.CONFIRMED: "utter_manage_confirmed",
    states.DECLINED: "utter_manage_declined",
    states.CANCELLED: "utter_manage_is_cancelled",
    states.EXPIRED: "utter_manage_expired",
    states.ATTENDED: "utter_manage_over",
    states.NO_SHOW: "utter_manage_over",
    states.CALLED: "utter_manage_called",
}


def told(request: Appointment, opening: Opening, asker: Asker, now: datetime) -> Reply:
    """Returns what a patient is told of a request, with its time if it has one."""
    values = {"reference": request.reference, "time": "", "practitioner": ""}
    if request.starts_at:
        local = opening.local(request.starts_at)
        minute = local.hour * 60 + local.minute
        day = Days(local.date(), local.date())
        choice = Choice(day, (Times(minute, minute),))
        values["time"] = asker.wish({"choices": [choice.code]}, now)
        values["practitioner"] = request.practitioner or ""
    if request.visit_type == CALL_BACK_VISIT and request.state == states.REQUESTED:
        return Reply("utter_manage_call_back", values)
    return Reply(STATES[request.state], values)
