"""Narrows, joins and takes away from choices of days."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from actions.booking.preference import ALL_DAYS, Choice, Days
from actions.booking.times import DAY, Times, without

ONE_DAY = timedelta(days=1)


def merged(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """Joins choices that differ only in the days of the week."""
    joined: dict[object, Choice] = {}
    for choice in choices:
        days = choice.days
        key = days.first, days.last, choice.times
        other = joined.get(key, choice).days.weekdays
        weekdays = {*days.weekdays, *other}
        if days.last is not None:
            last = min(days.last, days.first + 6 * ONE_DAY)
            listed = replace(days, weekdays=ALL_DAYS).listed(until=last)
            if weekdays.issuperset(day.weekday() for day in listed):
                weekdays = set(ALL_DAYS)
        kept = replace(days, weekdays=tuple(sorted(weekdays)))
        joined[key] = replace(choice, days=kept)
    return tuple(joined.values())


def refuse(
    choice: Choice, days: Sequence[Days], times: Sequence[Times]
) -> Iterable[Choice]:
    """Returns what is left of a choice without some days, or some times of them."""
    if not days:
        yield from _at_other_times(choice, times)
        return
    rest = [choice.days]
    for refused in days:
        rest = [left for piece in rest for left in _outside(piece, refused)]
    yield from (Choice(left, choice.times) for left in rest)
    if times:
        for refused in days:
            shared = _shared(choice.days, refused)
            if shared:
                yield from _at_other_times(Choice(shared, choice.times), times)


def _at_other_times(choice: Choice, refused: Iterable[Times]) -> Iterable[Choice]:
    left = list(choice.times) or [Times(0, DAY)]
    for times in refused:
        pieces = (piece.within(rest) for piece in left for rest in without(times))
        left = list(dict.fromkeys(piece for piece in pieces if piece is not None))
    if left == [Times(0, DAY)]:
        yield choice
    elif left:
        yield replace(choice, times=tuple(left))


def _outside(days: Days, refused: Days) -> Iterable[Days]:
    covers = refused.first <= days.first and (
        refused.last is None or (days.last is not None and days.last <= refused.last)
    )
    if days.is_one:
        if not (covers and days.first.weekday() in refused.weekdays):
            yield days
        return
    if refused.weekdays != ALL_DAYS and covers:
        left = tuple(day for day in days.weekdays if day not in refused.weekdays)
        if left:
            yield replace(days, weekdays=left)
        return
    if days.last is None or days.last >= refused.first:
        if days.first < refused.first:
            yield replace(days, last=refused.first - ONE_DAY)
    else:
        yield days
        return
    if refused.last is not None and (days.last is None or days.last > refused.last):
        yield replace(days, first=max(days.first, refused.last + ONE_DAY))


def narrowed(days: Days, other: Days) -> Days | None:
    """Returns days of the week within a range, in whichever order they are named."""
    for range_, weekly in ((days, other), (other, days)):
        is_weekly = weekly.last is None and weekly.weekdays != ALL_DAYS
        if is_weekly and not range_.is_one and range_.weekdays == ALL_DAYS:
            return _shared(range_, weekly)
    return None


def _shared(days: Days, refused: Days) -> Days | None:
    lasts = [last for last in (days.last, refused.last) if last is not None]
    first = max(days.first, refused.first)
    weekdays = tuple(day for day in days.weekdays if day in refused.weekdays)
    if not weekdays or (lasts and min(lasts) < first):
        return None
    return Days(first, min(lasts) if lasts else None, weekdays)
