"""One step of an appointment request, inside a transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from records import audit, slices, states
from records.errors import (
    InvalidRequestError,
    StaleRequestError,
    UnknownRequestError,
)
from records.notices import notify
from records.requests import Appointment, NewRequest, Visit, rank
from records.tables import appointment_requests as requests

# Steps after which somebody is waited for, so that the wait begins anew.
STEPS_THAT_WAIT = ("propose", "move")
STEPS_THAT_END = ("decline", "cancel", "expire")


def first_row(key: str, request: NewRequest, now: datetime) -> dict[str, Any]:
    """Returns the row of a new request, without its reference."""
    return {
        "key": key,
        "conversation": request.conversation,
        "channel": request.channel,
        "created_at": now,
        "state": states.REQUESTED,
        "waiting_since": now,
        "level": request.level,
        "urgency": rank(request.level),
        "reason": request.reason,
        "flags": list(request.flags),
        "screening": dict(request.screening),
        "for_whom": request.for_whom,
        "visit_type": request.visit_type,
        "day_typed": request.wish.day_typed,
        "day": request.wish.day,
        "part_typed": request.wish.part_typed,
        "part": request.wish.part,
        "preference": dict(request.wish.preference),
        "note": request.note,
        "consent_version": request.consent_version,
        "consented_at": request.consented_at,
        "version": 1,
    }


def record(
    connection: Connection,
    request_id: int,
    step: str,
    *,
    actor: str,
    detail: str = "",
    gave_back_time: bool = False,
) -> Appointment:
    """Writes down a step that was taken, and tells who must know of it."""
    appointment = get(connection, request_id)
    audit.write_line(connection, actor, step, request_id=request_id, detail=detail)
    notify(connection, appointment, step, actor=actor, gave_back_time=gave_back_time)
    return appointment


def take(
    connection: Connection,
    request_id: int,
    step: str,
    *,
    version: int,
    actor: str,
    now: datetime,
    visit: Visit | None = None,
    values: Mapping[str, Any] | None = None,
) -> Appointment:
    """Takes a step and returns the request after it.

    Raises:
        RequestError: the step is refused; undo the transaction.
    """
    before = get(connection, request_id)
    if before.version != version:
        raise StaleRequestError(request_id)
    state = states.after(before.state, step)
    changes: dict[str, Any] = {**(values or {}), "state": state, "version": version + 1}
    if step == "confirm":
        visit = visit or _proposed(before)
    if visit:
        changes |= {
            "practitioner": visit.practitioner.strip(),
            "starts_at": visit.starts_at,
            "ends_at": visit.ends_at,
        }
    if step in STEPS_THAT_WAIT:
        changes["waiting_since"] = now
    _update(connection, request_id, version, changes)
    if step == "confirm" and visit:
        slices.hold(connection, visit, request_id)
    gave_back = step in STEPS_THAT_END and slices.release(connection, request_id)
    detail = f"{before.state} > {state}" if state != before.state else ""
    return record(
        connection,
        request_id,
        step,
        actor=actor,
        detail=detail,
        gave_back_time=gave_back,
    )


def get(connection: Connection, request_id: int) -> Appointment:
    """Returns a request.

    Raises:
        UnknownRequestError: there is none.
    """
    query = sa.select(requests).where(requests.c.id == request_id)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise UnknownRequestError(request_id)
    return Appointment.from_row(row)


def _proposed(request: Appointment) -> Visit:
    if not (request.practitioner and request.starts_at and request.ends_at):
        raise InvalidRequestError(
            f"Request {request.id} has no proposed time. Confirm it with a time."
        )
    return Visit(request.practitioner, request.starts_at, request.ends_at)


def _update(
    connection: Connection, request_id: int, version: int, changes: Mapping[str, Any]
) -> None:
    # The version once more: on PostgreSQL another change may come in between.
    mine = sa.and_(requests.c.id == request_id, requests.c.version == version)
    change = sa.update(requests).where(mine).values(**changes)
    if connection.execute(change).rowcount != 1:
        raise StaleRequestError(request_id)
