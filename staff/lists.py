"""Lists: today at a glance, requests by state, search."""

from datetime import date, timedelta

from starlette.responses import Response
from starlette.routing import Route

from records import states
from records.requests import Appointment
from staff.web import Call, page

ON_TODAY = 20
PAGE = 25
# View -> its heading. Each has its own address, so that it can be kept as a bookmark.
VIEWS = {
    states.REQUESTED: "Waiting for us",
    states.PROPOSED: "Waiting for the patient",
    "all": "All requests",
}
OPEN_ALARMS_ON_TODAY = 10


def today(call: Call) -> Response:
    """Shows alarms first, then who waits, then the visits of today."""
    console, now = call.console, call.console.now()
    lines = console.desk.waiting(most=ON_TODAY + 1, now=now, allowed=console.allowed)
    open_alarms = console.alarms.open(most=OPEN_ALARMS_ON_TODAY + 1)
    begin = console.begin_of(console.opening.today(now))
    console.views.note(call.session.user.name, "today", now=now)
    alarms = open_alarms[:OPEN_ALARMS_ON_TODAY]
    return call.render(
        "today.html",
        today=console.clock.local(now).date(),
        alarms=alarms,
        people=console.alarm_lookup.people(alarms),
        alarm_count=console.alarms.count(),
        flags=console.flags,
        lines=lines[:ON_TODAY],
        more=len(lines) > ON_TODAY,
        counts=console.desk.counts(),
        overdue=console.overdue.count(now, console.allowed),
        trouble_count=console.troubles.count(),
        visits=console.desk.calendar(begin, begin + timedelta(days=1)),
    )


def requests(call: Call) -> Response:
    """Shows one list, page by page."""
    console, now = call.console, call.console.now()
    view = call.request.query_params.get("view", states.REQUESTED)
    view = view if view in VIEWS else states.REQUESTED
    skip = (call.page - 1) * PAGE
    if view == "all":
        rows = console.desk.newest(skip=skip, most=PAGE + 1, now=now)
    else:
        rows = console.desk.waiting(
            view, skip=skip, most=PAGE + 1, now=now, allowed=console.allowed
        )
    console.views.note(call.session.user.name, f"{view}, page {call.page}", now=now)
    return call.render(
        "requests.html",
        view=view,
        views=VIEWS,
        rows=rows[:PAGE],
        page=call.page,
        has_next=len(rows) > PAGE,
        counts=console.desk.counts(),
    )


def visits(call: Call) -> Response:
    """Shows the visits of one week."""
    console, now = call.console, call.console.now()
    today = console.opening.today(now)
    day = _day(call.request.query_params.get("day", ""), today)
    monday = day - timedelta(days=day.weekday())
    begin, end = (console.begin_of(monday + timedelta(days=n)) for n in (0, 7))
    console.views.note(call.session.user.name, f"visits, week {monday}", now=now)
    by_day: dict[date, list[Appointment]] = {}
    for visit in console.desk.calendar(begin, end):
        if visit.starts_at:
            at = console.clock.local(visit.starts_at).date()
            by_day.setdefault(at, []).append(visit)
    return call.render(
        "visits.html",
        by_day=by_day,
        monday=monday,
        sunday=monday + timedelta(days=6),
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        today=today,
    )


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    # Further away, and a calendar of years has no end.
    return day if abs(day - today) < timedelta(days=3650) else today


def search(call: Call) -> Response:
    """Finds requests by reference, name or number.

    By POST: a name in an address would end in logs and in the browser's history.
    """
    console, typed = call.console, call.form.get("q", "")[:200]
    skip = (call.page - 1) * PAGE
    found = console.desk.search(console.phones.as_stored(typed), now=console.now())
    shown = found[skip : skip + PAGE]
    ids = [line.request.id for line in shown]
    console.trail.note_views(call.actor, "view_search", ids)
    return call.render(
        "search.html",
        typed=typed,
        lines=shown,
        total=len(found),
        page=call.page,
        has_next=len(found) > skip + PAGE,
    )


def show_search(call: Call) -> Response:
    """Shows an empty search."""
    return call.render(
        "search.html", typed="", lines=[], total=None, page=1, has_next=False
    )


def routes() -> list[Route]:
    """Returns the routes of this module."""
    return [
        page("/", today),
        page("/requests", requests),
        page("/visits", visits),
        page("/search", show_search),
        page("/search", search, post=True),
    ]
