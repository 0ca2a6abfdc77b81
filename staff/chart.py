"""Measures for a chart of bars, one for each day, in four kinds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

KINDS = ("answered", "offered", "unanswered", "escalated")
# How an outcome is counted. What is not here was not answered.
KIND_OF = {
    "answered": "answered",
    "answer": "answered",
    "search": "answered",
    "intent": "answered",
    "choose": "offered",
    "offered": "offered",
    "escalated": "escalated",
}
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 260, 44, 30, 10


@dataclass(frozen=True)
class Bar:
    """A part of a bar."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Chart:
    """What the template draws."""

    bars: tuple[Bar, ...]
    days: tuple[tuple[float, str], ...]
    steps: tuple[tuple[float, int], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = HEIGHT - BOTTOM


def kind(outcome: str) -> str:
    """Returns how an outcome is counted."""
    return KIND_OF.get(outcome, "unanswered")


def table(rows: Iterable[Mapping[str, Any]], column: str) -> dict[Any, dict[str, int]]:
    """Returns the numbers of each kind by day or by topic."""
    found: dict[Any, dict[str, int]] = {}
    for row in rows:
        numbers = found.setdefault(row[column], dict.fromkeys(KINDS, 0))
        numbers[kind(row["outcome"])] += row["times"]
    return found


def draw(numbers: Mapping[date, Mapping[str, int]], first: date, last: date) -> Chart:
    """Returns the measures of a chart; a day without questions is empty."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    most = max([sum(row.values()) for row in numbers.values()] or [0])
    step = step_for(most)
    top = max(step, -(-most // step) * step)
    room, slot = HEIGHT - BOTTOM - TOP, (WIDTH - LEFT) / len(days)
    bars = []
    for number, day in enumerate(days):
        y = float(HEIGHT - BOTTOM)
        for name in KINDS:
            height = numbers.get(day, {}).get(name, 0) / top * room
            if height:
                y -= height
                x = LEFT + number * slot + slot * 0.1
                bars.append(
                    Bar(name, round(x, 1), round(y, 1), slot * 0.8, round(height, 1))
                )
    every = max(1, -(-len(days) // 8))
    named = tuple(
        (round(LEFT + (n + 0.5) * slot, 1), f"{day.day} {day:%b}")
        for n, day in enumerate(days)
        if n % every == 0
    )
    lines = tuple(
        (round(HEIGHT - BOTTOM - value / top * room, 1), value)
        for value in range(0, top + 1, step)
    )
    return Chart(tuple(bars), named, lines)


def step_for(most: int) -> int:
    """Returns a round distance of lines, so that there are at most six."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if size * factor * 5 >= most:
                return size * factor
        size *= 10


def total(rows: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Returns the sums of each kind."""
    return {name: sum(row[name] for row in rows) for name in KINDS}
