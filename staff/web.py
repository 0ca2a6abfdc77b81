"""Turns HTTP into calls of the pages: login, role, CSRF token, errors in words."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from documents.errors import DocumentError
from records.audit import staff
from records.errors import (
    RecordsError,
    RequestError,
    StaffError,
    UnavailableError,
    UnknownRequestError,
)
from records.staff import ROLES, Session, is_same_csrf
from staff.console import Console
from staff.errors import BusyError, ForbiddenError, ForgedFormError, ProblemError

logger = logging.getLogger(__name__)

RECEPTION, CLINICIAN, ADMIN = ROLES
LARGEST_FORM = 64 * 1024
MOST_FIELDS = 200
# PostgreSQL takes no larger number.
LARGEST_ID = 2**31
PAGE_OF_CONSOLE = re.compile(r"/(?:[a-z0-9-]+(?:/[a-z0-9-]+)*)?(?:\?[a-z0-9=&_-]*)?")
GONE = "This page, or this request, does not exist any more. It may have been deleted."


@dataclass(frozen=True)
class Call:
    """One request to the console, by somebody who is logged in.

    Attributes:
        form: what was sent by POST; empty for GET.
    """

    console: Console
    request: Request
    session: Session
    form: Mapping[str, str]

    @property
    def actor(self) -> str:
        """Who does it, for the audit trail."""
        return staff(self.session.user.name)

    @property
    def is_clinician(self) -> bool:
        """Whether conversations may be read."""
        return may(self.session, CLINICIAN)

    def number(self, name: str, default: int = 0) -> int:
        """Returns a number of the address or the form; nonsense is the default."""
        text = str(self.form.get(name) or self.request.query_params.get(name) or "")
        is_number = text.isascii() and text.isdigit() and len(text) < 10
        return int(text) if is_number else default

    @property
    def page(self) -> int:
        """The page of a list, 1 for the first."""
        return min(max(self.number("page", 1), 1), 100_000)

    @property
    def id(self) -> int:
        """The number in the address; 0, which nothing has, if it is too large."""
        number = int(self.request.path_params["id"])
        return number if number < LARGEST_ID else 0

    def render(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Returns a page."""
        return render(
            self.console, template, status=status, session=self.session, **values
        )


Handler = Callable[[Call], Response]


def page(
    path: str, handler: Handler, *, role: str = RECEPTION, post: bool = False
) -> Route:
    """Returns a route for people of a role and those above it."""

    async def endpoint(request: Request) -> Response:
        console: Console = request.app.state.console
        try:
            form = await read_form(request) if post else {}
        except ProblemError as error:
            return render(console, "error.html", status=413, text=str(error))
        return await run_in_threadpool(serve, console, request, form, handler, role)

    method = "POST" if post else "GET"
    return Route(path, endpoint, methods=[method], name=f"{method} {path}")


async def read_form(request: Request) -> Mapping[str, str]:
    """Returns the fields of a form.

    Raises:
        ProblemError: it is larger than any form of the console.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise ProblemError("That is too much text. Nothing was changed.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/x-www-form-urlencoded":
        return {}
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise ProblemError("That form has too many fields.") from None
    return dict(pairs)


def serve(
    console: Console,
    request: Request,
    form: Mapping[str, str],
    handler: Handler,
    role: str,
) -> Response:
    """Answers one request; what goes wrong is told in plain words."""
    session = None
    try:
        session = console.staff.session(token(request))
        if session is None:
            return to_login(request)
        if request.method == "POST" and not is_same_csrf(session, form.get("csrf", "")):
            raise ForgedFormError
        if not may(session, role):
            raise ForbiddenError(role)
        return handler(Call(console, request, session, form))
    except Exception as error:  # the person must get a page, whatever it is
        status, text = explain(error)
        return render(console, "error.html", status=status, session=session, text=text)


def explain(error: Exception) -> tuple[int, str]:
    """Returns the status and the words for an error; logs what nobody foresaw."""
    if isinstance(error, ProblemError):
        return error.status, str(error)
    if isinstance(error, UnknownRequestError):
        return 404, GONE
    if isinstance(error, RequestError):
        return 409, str(error)
    if isinstance(error, StaffError):
        return 422, str(error)
    if isinstance(error, BusyError):
        return 503, str(error)
    if isinstance(error, UnavailableError):
        logger.error("%s", error)
        return 503, (
            "The console cannot reach its database right now. Nothing was changed. "
            "Try again in a minute; if it stays so, tell whoever runs the program."
        )
    # Only its kind and its place: the message of a stranger could hold a name.
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    known = error if isinstance(error, RecordsError | DocumentError) else ""
    logger.error("A page failed: %s at %s. %s", type(error).__name__, where, known)
    return 500, (
        "Something went wrong in the console. Try again; if it happens once more, tell "
        "whoever runs the program at what time it was."
    )


def render(
    console: Console,
    template: str,
    *,
    status: int = 200,
    session: Session | None = None,
    **values: Any,
) -> Response:
    """Returns a page of the console."""
    user = session.user if session else None
    html = console.templates.get_template(template).render(
        session=session,
        user=user,
        is_clinician=session is not None and may(session, CLINICIAN),
        is_admin=session is not None and may(session, ADMIN),
        **{"problem": "", "note": "", **values},
    )
    return HTMLResponse(html, status)


def may(session: Session, role: str) -> bool:
    """Returns whether somebody has a role or one above it."""
    mine = session.user.role
    return mine in ROLES and ROLES.index(mine) >= ROLES.index(role)


def cookie_name(console: Console) -> str:
    """Returns the name of the session's cookie; the prefix binds it to this host."""
    return "clinic_staff" if console.settings.local else "__Host-clinic_staff"


def token(request: Request) -> str:
    """Returns the token of a session, or ""."""
    return request.cookies.get(cookie_name(request.app.state.console), "")


def go(path: str) -> Response:
    """Returns a redirect after something was done."""
    return RedirectResponse(path, 303)


def to_login(request: Request) -> Response:
    """Returns a redirect to the login, which leads back to this page."""
    if request.method == "POST":
        return go("/login?ended=1")
    wanted = own_page(request.url.path)
    return go("/login" if wanted == "/" else f"/login?next={quote(wanted)}")


def own_page(path: str) -> str:
    """Returns a path if it is a page of the console, otherwise the first page."""
    return path if PAGE_OF_CONSOLE.fullmatch(path) else "/"
