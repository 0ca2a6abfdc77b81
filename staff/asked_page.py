"""What the assistant is asked: numbers by day and by topic, with a plot."""

from datetime import date, datetime, time, timedelta
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from staff.chart import KINDS, draw, table, total
from staff.web import CLINICIAN, Call, page

PERIODS = (7, 30, 90)
USUAL = 30
NAMES = {
    "answered": "Answered",
    "offered": "Choice offered",
    "unanswered": "Not answered",
    "escalated": "Escalated",
}
# Kind -> colour by day and by night: far apart in lightness, and each has a pattern.
COLOURS = {
    "light": {
        "ink": "#2b2622", "line": "#d8cbb8", "answered": "#1f6f66",
        "offered": "#7fb8ad", "unanswered": "#b7791f", "escalated": "#8f1d14",
    },
    "dark": {
        "ink": "#f4ece1", "line": "#4a4139", "answered": "#8fd3c6",
        "offered": "#3f7d74", "unanswered": "#e0a84a", "escalated": "#ff9c8b",
    },
}  # fmt: skip


def asked(call: Call) -> Response:
    """Shows numbers without words and without names."""
    first, last, days = _period(call)
    by_day = table(call.console.counts.by_day(first, last), "day")
    by_topic = table(call.console.counts.by_topic(first, last), "topic")
    topics = sorted(by_topic.items(), key=lambda item: (-sum(item[1].values()), item))
    return call.render(
        "asked.html",
        first=first,
        last=last,
        days=days,
        periods=PERIODS,
        by_day=sorted(by_day.items(), reverse=True),
        by_topic=topics,
        total=total(list(by_day.values())),
        rated=_rated(call, first, last),
        kinds=KINDS,
        names=NAMES,
    )


def chart(call: Call) -> Response:
    """Returns the plot, as an image of its own: no page holds a style inline."""
    first, last, _ = _period(call)
    numbers = table(call.console.counts.by_day(first, last), "day")
    theme = "dark" if call.request.query_params.get("theme") == "dark" else "light"
    svg = call.console.templates.get_template("chart.svg").render(
        chart=draw(numbers, first, last),
        colours=COLOURS[theme],
        kinds=KINDS,
        names=NAMES,
    )
    return Response(svg, media_type="image/svg+xml")


def _rated(call: Call, first: date, last: date) -> list[tuple[str, int, int]]:
    """Returns sections with how often they helped and did not; the worst first."""
    zone = call.console.opening.zone
    rows = call.console.ratings.by_topic(
        datetime.combine(first, time(), zone),
        datetime.combine(last + timedelta(days=1), time(), zone),
    )
    counts: dict[str, dict[bool, int]] = {}
    for row in rows:
        counts.setdefault(row["topic"], {})[row["helpful"]] = row["times"]
    found = [(topic, n.get(True, 0), n.get(False, 0)) for topic, n in counts.items()]
    return sorted(found, key=lambda row: (-row[2], row[1], row[0]))


def _period(call: Call) -> tuple[date, date, int]:
    days = call.number("days", USUAL)
    days = days if days in PERIODS else USUAL
    last = call.console.opening.today(call.console.now())
    return last - timedelta(days=days - 1), last, days


def csv_rows(call: Call) -> list[list[Any]]:
    """Returns a heading and the numbers of a quarter, for the export."""
    last = call.console.opening.today(call.console.now())
    first = last - timedelta(days=365)
    by_day = table(call.console.counts.by_day(first, last), "day")
    heading = ["day", *KINDS]
    return [
        heading,
        *([day.isoformat(), *row.values()] for day, row in sorted(by_day.items())),
    ]


def routes() -> list[Route]:
    """Returns the routes of this module."""
    return [
        page("/asked", asked, role=CLINICIAN),
        page("/asked/chart.svg", chart, role=CLINICIAN),
    ]
