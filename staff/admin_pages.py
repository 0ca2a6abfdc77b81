"""For administrators: accounts, audit trail, exports."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from records.desk import safe_cell
from records.errors import InvalidStaffError
from records.logins import SHORTEST_PASSWORD, same_name
from records.staff import ROLES
from staff import asked_page
from staff.errors import ProblemError
from staff.web import ADMIN, Call, go, page

AUDIT_PAGE = 50
DONE = {
    "added": "The account is made. Give the password to its owner in person.",
    "password": "The password is changed, and all logins of this account have ended.",
    "closed": "The account is closed, and all its logins have ended.",
    "opened": "The account is open again, with the password that it had.",
    "role": "The role is changed. Its owner has to log in again.",
}
AT_ONCE = 500
MOST_QUESTIONS = 10_000


def users(call: Call) -> Response:
    """Lists all accounts."""
    return _users_page(call, note=DONE.get(call.request.query_params.get("done", "")))


def _users_page(call: Call, *, status: int = 200, **values: Any) -> Response:
    return call.render(
        "users.html",
        status=status,
        users=call.console.staff.users(),
        roles=ROLES,
        shortest=SHORTEST_PASSWORD,
        name=call.form.get("name", ""),
        role=call.form.get("role", ""),
        **values,
    )


def add_user(call: Call) -> Response:
    """Makes an account."""
    name, role = call.form.get("name", ""), call.form.get("role", "")
    password = call.form.get("password", "")
    return _change(
        call,
        "added",
        lambda: call.console.staff.create(name, password, role, actor=call.actor),
    )


def set_password(call: Call) -> Response:
    """Gives an account a new password."""
    name, password = call.form.get("name", ""), call.form.get("password", "")
    return _change(
        call,
        "password",
        lambda: call.console.staff.set_password(name, password, actor=call.actor),
    )


def close_user(call: Call) -> Response:
    """Closes an account."""
    name = call.form.get("name", "")

    def close() -> None:
        if same_name(name) == call.session.user.name:
            raise ProblemError(
                "You cannot close your own account. Ask another administrator."
            )
        call.console.staff.deactivate(name, actor=call.actor)

    return _change(call, "closed", close)


def open_user(call: Call) -> Response:
    """Opens a closed account again."""
    name = call.form.get("name", "")
    return _change(
        call, "opened", lambda: call.console.staff.activate(name, actor=call.actor)
    )


def set_role(call: Call) -> Response:
    """Gives an account another role."""
    name, role = call.form.get("name", ""), call.form.get("role", "")

    def change() -> None:
        # So there is always one administrator left.
        if same_name(name) == call.session.user.name:
            raise ProblemError(
                "You cannot change your own role. Ask another administrator."
            )
        call.console.staff.set_role(name, role, actor=call.actor)

    return _change(call, "role", change)


def _change(call: Call, done: str, change: Callable[[], object]) -> Response:
    try:
        change()
    except (InvalidStaffError, ProblemError) as error:
        return _users_page(call, status=422, problem=str(error))
    return go(f"/users?done={done}")


def audit(call: Call) -> Response:
    """Shows who did what, newest first."""
    skip = (call.page - 1) * AUDIT_PAGE
    lines = call.console.trail.newest(AUDIT_PAGE + 1, skip=skip)
    return call.render(
        "audit.html",
        lines=lines[:AUDIT_PAGE],
        page=call.page,
        has_next=len(lines) > AUDIT_PAGE,
    )


def exports(call: Call) -> Response:
    """Shows what can be exported."""
    return call.render("exports.html")


def export(call: Call) -> Response:
    """Sends a CSV file."""
    which = call.request.path_params["which"]
    if which not in EXPORTS:
        raise ProblemError("There is no such export.")
    call.console.trail.note(call.actor, "export", detail=which)
    rows = EXPORTS[which](call)
    return StreamingResponse(
        csv_text(rows),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{which}.csv"'},
    )


def csv_text(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Yields CSV, with a mark at its start so that Excel reads it as UTF-8."""
    buffer = io.StringIO("\ufeff")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    for number, row in enumerate(rows, start=1):
        writer.writerow([safe_cell(value) for value in row])
        if number % AT_ONCE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _questions(call: Call) -> Iterator[list[Any]]:
    yield ["asked_at", "outcome", "question"]
    for row in call.console.questions.page(most=MOST_QUESTIONS):
        yield [row["asked_at"], row["outcome"], row["question"]]


EXPORTS: dict[str, Callable[[Call], Iterable[Iterable[Any]]]] = {
    "requests": lambda call: call.console.desk.csv_rows(),
    "asked": asked_page.csv_rows,
    "questions": _questions,
}


def routes() -> list[Route]:
    """Returns the routes of this module."""
    return [
        page("/users", users, role=ADMIN),
        page("/users/add", add_user, role=ADMIN, post=True),
        page("/users/password", set_password, role=ADMIN, post=True),
        page("/users/close", close_user, role=ADMIN, post=True),
        page("/users/open", open_user, role=ADMIN, post=True),
        page("/users/role", set_role, role=ADMIN, post=True),
        page("/audit", audit, role=ADMIN),
        page("/exports", exports, role=ADMIN),
        page("/exports/{which}.csv", export, role=ADMIN, post=True),
    ]
