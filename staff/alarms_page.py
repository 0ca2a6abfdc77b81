"""Red-flag alarms: all that are open, and one of them."""

from starlette.responses import Response
from starlette.routing import Route

from records.errors import RecordsError
from staff.alarm_lookup import AlarmLookup
from staff.errors import ProblemError
from staff.web import CLINICIAN, Call, go, page

PAGE = 25
LONGEST_REASON = 1000
NOTES = {
    "told": "The red flag is cleared, and the chat answers this patient as usual.",
    "here": "The red flag is cleared in this list. The chat itself stays careful with "
    "this patient, until the patient says there that a doctor has checked it.",
}


def alarms(call: Call) -> Response:
    """Lists open alarms, the gravest first."""
    skip = (call.page - 1) * PAGE
    found = call.console.alarms.open(skip=skip, most=PAGE + 1)
    note = NOTES.get(call.request.query_params.get("cleared", ""), "")
    shown = found[:PAGE]
    now = call.console.now()
    call.console.views.note(
        call.session.user.name, f"alarms, page {call.page}", now=now
    )
    return call.render(
        "alarms.html",
        alarms=shown,
        people=_lookup(call).people(shown),
        page=call.page,
        has_next=len(found) > PAGE,
        flags=call.console.flags,
        note=note,
    )


def show(call: Call) -> Response:
    """Shows one alarm with the words that raised it."""
    return _page(call)


def _page(call: Call, *, status: int = 200, problem: str = "") -> Response:
    console = call.console
    conversation = _lookup(call).conversation(call.id)
    alarm = console.alarms.of(conversation)
    console.trail.note(call.actor, "view_alarm", detail=f"escalation {call.id}")
    try:
        said = console.transcripts.of(conversation) if call.is_clinician else ()
    except RecordsError:
        # An alarm must be seen even if the dialogue server's database is away.
        said = None
    return call.render(
        "alarm.html",
        status=status,
        problem=problem,
        alarm=alarm,
        person=_lookup(call).people([alarm])[conversation] if alarm else None,
        ambulance=console.facts.get("emergency.ambulance"),
        cleared=console.alarms.cleared(conversation),
        requests=_lookup(call).requests(conversation),
        said=said,
        flags=console.flags,
        reason=call.form.get("reason", ""),
        longest=LONGEST_REASON,
    )


def clear(call: Call) -> Response:
    """Clears what was seen; what came since stays open."""
    conversation = _lookup(call).conversation(call.id)
    alarm = call.console.alarms.of(conversation)
    reason = call.form.get("reason", "").strip()
    if alarm is None:
        text = "Somebody else has cleared this red flag already. Nothing was changed."
        return _page(call, status=409, problem=text)
    if not 3 <= len(reason) <= LONGEST_REASON:
        text = "Write why the red flag can be cleared: what was done, and by whom."
        return _page(call, status=422, problem=text)
    up_to = call.number("up_to")
    if not any(row["id"] == up_to for row in alarm.escalations):
        raise ProblemError("Load the page again: its list of dangers has changed.")
    by = call.session.user.name
    call.console.alarms.clear(conversation, up_to, by=by, reason=reason)
    told = call.console.alarms.of(conversation) is None and call.console.dialogue.clear(
        conversation
    )
    return go("/alarms?cleared=told" if told else "/alarms?cleared=here")


def _lookup(call: Call) -> AlarmLookup:
    return call.console.alarm_lookup


def routes() -> list[Route]:
    """Returns the routes of this module."""
    return [
        page("/alarms", alarms),
        page("/alarms/{id:int}", show),
        page("/alarms/{id:int}/clear", clear, role=CLINICIAN, post=True),
    ]
