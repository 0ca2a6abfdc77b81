"""One request: everything about it, and what staff can do with it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from records.errors import (
    IllegalMoveError,
    OverlapError,
    RequestError,
    StaleRequestError,
    UnknownRequestError,
)
from records.requests import CALL_BACK_VISIT, Appointment, Visit
from records.states import STEPS as POSSIBLE
from staff.errors import ProblemError
from staff.visit_form import VisitFields, read_visit
from staff.web import CLINICIAN, Call, go, page
from staff.words import STATES, plain, time_title

NOTES = {
    "claim": "This request is yours now.",
    "release": "The request is given back: nobody looks after it.",
    "confirm": "The time is confirmed. If the patient left an e-mail address, an "
    "invitation is on its way; otherwise phone the patient.",
    "propose": "The time is proposed. It is not held until it is confirmed.",
    "decline": "The request is declined.",
    "cancel": "The request is cancelled, and its time is free again.",
    "attend": "Marked as attended.",
    "call": "Marked as called. Nothing more has to be done for it.",
    "enter": "The request is entered. You can give it a time now.",
    "miss": "Marked as did not come.",
}
STALE = (
    "Somebody else changed this request while you had it open. Nothing of yours was "
    "saved. Below is how it stands now; decide again."
)


def show(call: Call) -> Response:
    """Shows a request; the view is noted in the audit trail."""
    note = NOTES.get(call.request.query_params.get("done", ""), "")
    return _page(call, note=note)


def _page(call: Call, *, status: int = 200, **values: Any) -> Response:
    console = call.console
    record = console.desk.record(call.id, viewer=call.actor)
    request = record.request
    fields = VisitFields.of(request, console)
    today = console.clock.local(console.now()).date()
    begins = request.starts_at and console.clock.local(request.starts_at).date()
    return call.render(
        "request.html",
        status=status,
        **{
            "record": record,
            "request": request,
            "fields": fields,
            "free": (),
            "step": "",
            "steps": POSSIBLE.get(request.state, {}),
            "wants_call": request.visit_type == CALL_BACK_VISIT,
            "time_title": time_title(
                request.state,
                was_confirmed=any(
                    line["action"] == "confirm" for line in record.history
                ),
            ),
            "has_begun": bool(begins and begins <= today),
            "practitioners": console.practitioners,
            "flags": console.flags,
            "screening": console.screening,
            "hours": console.facts.get("hours.summary"),
            **values,
        },
    )


def act(call: Call, step: str) -> Response:
    """Takes a step; if it is refused, shows the request as it is now and why."""
    fields = VisitFields.from_form(call.form)
    shown: dict[str, Any] = {"step": step}
    if step in ("confirm", "propose"):
        shown["fields"] = fields
    try:
        STEPS[step](call, fields)
    except UnknownRequestError:
        raise
    except OverlapError as error:
        shown |= {"free": _free(call, fields)}
        return _page(call, status=409, problem=_overlap(error, shown["free"]), **shown)
    except StaleRequestError:
        return _page(call, status=409, problem=STALE, **shown)
    except IllegalMoveError as error:
        state = plain(error.state, STATES).lower()
        text = f"This is not possible any more: the request is '{state}'. {STALE}"
        return _page(call, status=409, problem=text, **shown)
    except (ProblemError, RequestError) as error:
        return _page(call, status=422, problem=str(error), **shown)
    return go(f"/requests/{call.id}?done={step}")


def _overlap(error: OverlapError, free: Sequence[datetime]) -> str:
    nearest = (
        "The nearest free times are below the form."
        if free
        else "There is no free time within two weeks."
    )
    return f"{error} Nothing was changed. {nearest}"


def _free(call: Call, fields: VisitFields) -> list[datetime]:
    console = call.console
    wanted = read_visit(fields, console)
    free = console.diary.nearest(
        wanted, console.opening, now=console.now(), but=call.id
    )
    return [console.clock.local(start) for start in free]


def _claim(call: Call, _: VisitFields) -> Appointment:
    name = call.session.user.name
    return call.console.book.claim(call.id, name, **_who(call))


def _release(call: Call, _: VisitFields) -> Appointment:
    return call.console.book.claim(call.id, None, **_who(call))


def _confirm(call: Call, fields: VisitFields) -> Appointment:
    visit: Visit = read_visit(fields, call.console)
    return call.console.book.confirm(call.id, visit, **_who(call))


def _propose(call: Call, fields: VisitFields) -> Appointment:
    visit = read_visit(fields, call.console)
    if call.console.diary.taken(visit, but=call.id):
        raise OverlapError(visit.practitioner)
    return call.console.book.propose(call.id, visit, **_who(call))


def _decline(call: Call, _: VisitFields) -> Appointment:
    reason = call.form.get("reason", "")
    return call.console.endings.end(call.id, "decline", reason=reason, **_who(call))


def _cancel(call: Call, _: VisitFields) -> Appointment:
    reason = call.form.get("reason", "")
    return call.console.endings.end(call.id, "cancel", reason=reason, **_who(call))


def _attend(call: Call, _: VisitFields) -> Appointment:
    return call.console.book.mark_attended(call.id, **_who(call))


def _call_made(call: Call, _: VisitFields) -> Appointment:
    return call.console.book.called(call.id, **_who(call))


def _miss(call: Call, _: VisitFields) -> Appointment:
    return call.console.book.mark_no_show(call.id, **_who(call))


STEPS: dict[str, Callable[[Call, VisitFields], Appointment]] = {
    "claim": _claim,
    "release": _release,
    "confirm": _confirm,
    "propose": _propose,
    "decline": _decline,
    "cancel": _cancel,
    "attend": _attend,
    "call": _call_made,
    "miss": _miss,
}


def _who(call: Call) -> dict[str, Any]:
    return {"version": call.number("version"), "actor": call.actor}


def conversation(call: Call) -> Response:
    """Shows what was said before a request; noted in the audit trail by itself."""
    console = call.console
    request = console.book.get(call.id)
    console.trail.note(call.actor, "view_conversation", request_id=request.id)
    said = console.transcripts.of(request.conversation)
    return call.render(
        "conversation.html",
        title=f"Conversation of {request.reference}",
        back=f"/requests/{request.id}",
        said=said,
    )


def routes() -> list[Route]:
    """Returns the routes of this module."""
    return [
        page("/requests/{id:int}", show),
        page("/requests/{id:int}/conversation", conversation, role=CLINICIAN),
        *(_route(step) for step in STEPS),
    ]


def _route(step: str) -> Route:
    handler = partial(act, step=step)
    return page(f"/requests/{{id:int}}/{step}", handler, post=True)
