"""Checks wished days against the opening hours, and finds the nearest open ones."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from actions.booking.opening import Opening
from actions.booking.preference import (
    UNAVAILABLE,
    UNDERSTOOD,
    Choice,
    Option,
    Preference,
    Problem,
)
from actions.booking.times import PARTS, Times

MOST_DAYS = 10
MOST_OPTIONS = 3


def checked(choices: tuple[Choice, ...], opening: Opening, now: datetime) -> Preference:
    """Returns the preference for choices: the days that fit, or what is wrong."""
    days: set[date] = set()
    problems, possible = [], []
    for choice in (_from_today(choice, opening.today(now)) for choice in choices):
        fitting = open_days(choice, opening, now)
        days.update(fitting)
        if fitting:
            possible.append(choice)
        else:
            problems.append(_problem(choice, opening, now))
    return Preference(
        UNDERSTOOD if days else UNAVAILABLE,
        choices=tuple(possible) or choices,
        days=tuple(sorted(days)[:MOST_DAYS]),
        problems=tuple(dict.fromkeys(problems)),
        options=() if days else _nearest(choices, opening, now),
    )


def open_days(choice: Choice, opening: Opening, now: datetime) -> tuple[date, ...]:
    """Returns the days of a choice on which a visit fits, from today on."""
    return tuple(
        day
        for day in _reachable(choice, opening, now)
        if _fits(choice.times, day, opening, now)
    )


def upcoming_options(
    opening: Opening, now: datetime, times: tuple[Times, ...] = ()
) -> tuple[Option, ...]:
    """Returns the next open days as options."""
    return _options(opening.next_days(now, MOST_OPTIONS), times, opening, now)


def _from_today(choice: Choice, today: date) -> Choice:
    """Returns a choice without the days of a range that are over."""
    days = choice.days
    if days.first >= today or (days.last is not None and days.last < today):
        return choice
    return replace(choice, days=replace(days, first=today))


def _reachable(choice: Choice, opening: Opening, now: datetime) -> tuple[date, ...]:
    today, last = opening.today(now), opening.last_day(now)
    if choice.days.first > last:
        return ()
    return _from_today(choice, today).days.listed(until=last)


def _fits(
    times: tuple[Times, ...], day: date, opening: Opening, now: datetime | None
) -> bool:
    wanted: Iterable[Times | None] = times or (None,)
    return any(opening.fits(day, part, now=now) for part in wanted)


def _problem(choice: Choice, opening: Opening, now: datetime) -> Problem:
    """Returns why no day of a choice will do."""
    days, today = choice.days, opening.today(now)
    day = days.first if days.is_one else None
    if days.last is not None and days.last < today:
        return Problem("past", day)
    if days.first > opening.last_day(now):
        return Problem("too_far", day)
    listed = _reachable(choice, opening, now)
    if any(_fits(choice.times, each, opening, None) for each in listed):
        return Problem("past", day)
    if any(opening.is_open(each) for each in listed):
        return Problem("closed_then", day)
    on_holiday = [each for each in listed if opening.holiday(each)]
    if on_holiday and any(opening.week[each.weekday()] for each in on_holiday):
        return Problem("holiday", day, opening.holiday(on_holiday[0]))
    return Problem("closed", day)


def _nearest(
    choices: tuple[Choice, ...], opening: Opening, now: datetime
) -> tuple[Option, ...]:
    """Returns the open days nearest to the first choice."""
    wanted, times = choices[0].days.first, choices[0].times
    everything = opening.next_days(now, opening.ahead_days + 1)
    nearest = sorted(everything, key=lambda day: (abs(day - wanted), day < wanted))
    at_that_time = [day for day in nearest if _fits(times, day, opening, now)]
    # The day itself at another time comes first; then other days at that time.
    same_day = [day for day in nearest[:1] if day == wanted]
    days = list(dict.fromkeys([*same_day, *(at_that_time or nearest)]))
    return _options(sorted(days[:MOST_OPTIONS]), times, opening, now)


def _options(
    days: Iterable[date], times: tuple[Times, ...], opening: Opening, now: datetime
) -> tuple[Option, ...]:
    options = []
    for day in days:
        open_parts = opening.parts(day, now=now)
        wished = [part for part in open_parts if _overlaps(part, times)]
        part = wished[-1] if times and wished else ""
        if times and not wished and open_parts:
            part = open_parts[-1]
        options.append(Option(day, part))
    return tuple(options)


def _overlaps(part: str, times: tuple[Times, ...]) -> bool:
    start, end = PARTS[part]
    return any(wish.start < end and wish.end >= start for wish in times)
