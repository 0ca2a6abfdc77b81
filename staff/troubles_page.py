"""Messages that did not reach a patient, and troubles of the WhatsApp account."""

from starlette.responses import Response
from starlette.routing import Route

from staff.trouble_words import explained
from staff.web import RECEPTION, Call, go, page

PAGE = 25
DONE = "It is off the list."


def troubles(call: Call) -> Response:
    """Lists what nobody has dealt with: the account first, then the newest."""
    skip = (call.page - 1) * PAGE
    found = call.console.troubles.open(skip=skip, most=PAGE + 1)
    return call.render(
        "troubles.html",
        troubles=[(trouble, explained(trouble)) for trouble in found[:PAGE]],
        page=call.page,
        has_next=len(found) > PAGE,
        note=DONE if "done" in call.request.query_params else "",
    )


def end(call: Call) -> Response:
    """Takes one off the list."""
    call.console.troubles.end(call.id, actor=call.actor)
    return go("/messages?done=1")


def routes() -> list[Route]:
    """Returns the routes of this module."""
    return [
        page("/messages", troubles),
        page("/messages/{id:int}/end", end, role=RECEPTION, post=True),
    ]
