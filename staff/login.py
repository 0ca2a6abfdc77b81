"""Logging in and out, and changing one's own password."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from records.errors import InvalidStaffError, LockedOutError, WrongLoginError
from records.logins import SHORTEST_PASSWORD
from records.staff import LONGEST_SESSION
from staff.console import Console
from staff.errors import ProblemError
from staff.web import (
    Call,
    cookie_name,
    explain,
    go,
    own_page,
    page,
    read_form,
    render,
    token,
)

FORM_COOKIE = "clinic_staff_form"
ENDED = "You were logged out, or too much time has passed. Log in again."
CHANGED = "Your password is changed. All your other logins have ended."


@dataclass(frozen=True)
class Attempt:
    """What somebody typed to log in."""

    name: str
    password: str
    address: str


async def show_login(request: Request) -> Response:
    """Returns the page for name and password."""
    console: Console = request.app.state.console
    query = request.query_params
    note = ENDED if "ended" in query else ""
    return _login_page(console, next_page=own_page(query.get("next", "/")), note=note)


async def log_in(request: Request) -> Response:
    """Starts a session, or says why not."""
    console: Console = request.app.state.console
    try:
        form = await read_form(request)
    except ProblemError as error:
        return _login_page(console, status=413, problem=str(error))
    return await run_in_threadpool(_log_in, console, request, form)


def _log_in(console: Console, request: Request, form: Mapping[str, str]) -> Response:
    next_page = own_page(form.get("next", "/"))
    sent, kept = form.get("csrf", ""), request.cookies.get(FORM_COOKIE, "")
    if not kept or not hmac.compare_digest(sent.encode(), kept.encode()):
        text = "This page was open for too long. Please type it once more."
        return _login_page(console, next_page=next_page, status=403, problem=text)
    client = request.client.host if request.client else "unknown"
    attempt = Attempt(form.get("name", ""), form.get("password", ""), client)
    try:
        new = checked_login(console, attempt)
        # A login that was there before in this browser ends.
        console.staff.log_out(token(request))
    except (WrongLoginError, LockedOutError) as error:
        status = 429 if isinstance(error, LockedOutError) else 401
        return _login_page(
            console, next_page=next_page, status=status, problem=str(error)
        )
    except Exception as error:  # the person must get a page, whatever it is
        status, text = explain(error)
        return _login_page(console, next_page=next_page, status=status, problem=text)
    answer = go(next_page)
    _set_cookie(console, answer, new)
    answer.delete_cookie(FORM_COOKIE, path="/login")
    return answer


def checked_login(console: Console, attempt: Attempt) -> str:
    """Returns the token of a new session.

    Raises:
        WrongLoginError: the name or the password is wrong.
        LockedOutError: too many logins failed.
        BusyError: too many are checked right now.
    """
    now = console.now()
    console.guard.require_patience(attempt.name, attempt.address, now=now)
    with console.guard.one_check():
        return console.staff.log_in(
            attempt.name, attempt.password, address=attempt.address
        )


def log_out(call: Call) -> Response:
    """Ends the session."""
    console = call.console
    console.staff.log_out(token(call.request))
    console.trail.note(call.actor, "log_out")
    answer = go("/login")
    answer.delete_cookie(
        cookie_name(console), secure=not console.settings.local, httponly=True
    )
    return answer


def show_password(call: Call) -> Response:
    """Returns the page to change one's own password."""
    note = CHANGED if "changed" in call.request.query_params else ""
    return call.render("password.html", note=note, shortest=SHORTEST_PASSWORD)


def change_password(call: Call) -> Response:
    """Changes one's own password; all other sessions end."""
    console, name = call.console, call.session.user.name
    new, again = call.form.get("new", ""), call.form.get("again", "")
    client = call.request.client.host if call.request.client else "unknown"
    try:
        if new != again:
            raise ProblemError("The two new passwords differ. Nothing was changed.")
        proof = checked_login(
            console, Attempt(name, call.form.get("current", ""), client)
        )
        try:
            console.staff.set_password(name, new, actor=call.actor)
        finally:
            console.staff.log_out(proof)
    except WrongLoginError:
        text = "Your current password is not right. Nothing was changed."
        return _password_page(call, text, 422)
    except (ProblemError, InvalidStaffError) as error:
        return _password_page(call, str(error), 422)
    except LockedOutError as error:
        return _password_page(call, str(error), 429)
    answer = go("/password?changed=1")
    _set_cookie(console, answer, checked_login(console, Attempt(name, new, client)))
    return answer


def _password_page(call: Call, problem: str, status: int) -> Response:
    return call.render(
        "password.html", status=status, problem=problem, shortest=SHORTEST_PASSWORD
    )


def _login_page(
    console: Console,
    *,
    next_page: str = "/",
    status: int = 200,
    problem: str = "",
    note: str = "",
) -> Response:
    csrf = secrets.token_urlsafe(32)
    answer = render(
        console,
        "login.html",
        status=status,
        csrf=csrf,
        next_page=next_page,
        problem=problem,
        note=note,
    )
    # The form must come back with what stands in this cookie: no other site knows it.
    answer.set_cookie(
        FORM_COOKIE,
        csrf,
        path="/login",
        secure=not console.settings.local,
        httponly=True,
        samesite="strict",
    )
    return answer


def _set_cookie(console: Console, answer: Response, new: str) -> None:
    answer.set_cookie(
        cookie_name(console),
        new,
        max_age=int(LONGEST_SESSION.total_seconds()),
        secure=not console.settings.local,
        httponly=True,
        # Not strict, so that a link in a mail to the clinic opens. Whatever changes
        # something is sent by POST, with a token.
        samesite="lax",
    )


def routes() -> list[Route]:
    """Returns the routes of this module."""
    return [
        Route("/login", show_login, methods=["GET"]),
        Route("/login", log_in, methods=["POST"]),
        page("/logout", log_out, post=True),
        page("/password", show_password),
        page("/password", change_password, post=True),
    ]
