"""Puts the days, times and exclusions of an answer together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from actions.booking.preference import ALL_DAYS, Choice, Days
from actions.booking.times import DAY, Times, without

TOKEN = re.compile(r"[DK]\d\S*|T(?=[\d@a-z-])\S+|NOT|END|ANY|SOON|X|[a-z]+|\d+|,")
JOINS = frozenset({"or", "and", ","})
ONE_DAY = timedelta(days=1)


@dataclass
class Group:
    """Days that share their times."""

    days: list[Days] = field(default_factory=list)
    times: list[Times] = field(default_factory=list)
    weeks: list[Days] = field(default_factory=list)
    times_came_first: bool = False

    def add_times(self, times: Times, join: str) -> None:
        """Adds times, as a further possibility or as a narrower one."""
        latest = self.times[-1] if self.times else None
        opposite = latest is not None and {latest.start, times.end} == {0, DAY}
        narrower = latest.within(times) if latest else None
        if latest and narrower and (not join or (join == "and" and opposite)):
            self.times[-1] = narrower
        else:
            self.times.append(times)


@dataclass(frozen=True)
class Meaning:
    """What the words of an answer say together."""

    choices: tuple[Choice, ...] = ()
    any_day: bool = False
    soonest: bool = False
    wrong: bool = False
    words: tuple[str, ...] = ()


def combine(text: str, everything: Days) -> Meaning:
    """Reads an answer in which days and times have become words of their own."""
    tokens = TOKEN.findall(text)
    wanted, refused = _grouped(tokens)
    named = any(
        group.days or group.weeks or group.times for group in (*wanted, *refused)
    )
    choices = list(_choices(wanted, everything))
    if not choices and (named or "ANY" in tokens or "SOON" in tokens):
        choices = [Choice(everything)]
    for group in refused:
        choices = [rest for c in choices for rest in _refuse(c, group, everything)]
    return Meaning(
        _merged(choices),
        "ANY" in tokens,
        "SOON" in tokens,
        "X" in tokens,
        tuple(t for t in tokens if t.isalpha() and t.islower() and t not in JOINS),
    )


def _grouped(tokens: list[str]) -> tuple[list[Group], list[Group]]:
    """Returns the groups that are wanted and those that are not."""
    wanted, refused = [Group()], []
    current, join, negative = wanted[-1], "", False
    for place, token in enumerate(tokens):
        if token == "NOT":
            if not negative or not join:
                refused.append(Group())
            current, join, negative = refused[-1], "", True
            continue
        is_item = token[0] in "DKT"
        if negative and _ends(tokens, place, is_item=is_item, join=join):
            wanted.append(Group())
            current, negative = wanted[-1], False
        if not is_item:
            join = token if token in JOINS else "" if token == "END" else join
            continue
        current = _add(
            token, join, current, refused if negative else wanted, tokens[place + 1 :]
        )
        join = ""
    return wanted, refused


def _ends(tokens: list[str], place: int, *, is_item: bool, join: str) -> bool:
    """Says whether "not Monday" has come to its end."""
    token = tokens[place]
    if token == ",":
        rest = tokens[place + 1 : place + 6]
        return not ({"or", "and"} & set(rest)) or not rest[0][:1] in "DKT"
    return token == "END" or (not is_item and token not in JOINS)


def _add(
    token: str, join: str, current: Group, groups: list[Group], rest: list[str]
) -> Group:
    """Adds days or times to a group, or to a new one, and returns it."""
    if token[0] == "T":
        before_a_day = bool(rest) and rest[0][0] in "DK"
        full = current.days or current.weeks
        if full and join and before_a_day and current.times_came_first:
            current = Group()
            groups.append(current)
        current.times_came_first = current.times_came_first or not (
            current.days or current.weeks
        )
        current.add_times(Times.from_code(token[1:]), join)
        return current
    if current.times and not current.times_came_first:
        current = Group()
        groups.append(current)
    kind = current.weeks if token[0] == "K" else current.days
    kind.append(Days.from_code(token[1:]))
    return current


def _choices(groups: Iterable[Group], everything: Days) -> Iterable[Choice]:
    groups = [group for group in groups if group.days or group.weeks or group.times]
    single = [days for group in groups for days in group.days]
    some_days = any(group.days or group.weeks for group in groups)
    for group in groups:
        times = tuple(dict.fromkeys(group.times))
        # A week that only says where its days lie is not a wish of its own.
        weeks = [
            week
            for week in group.weeks
            if not any(_inside(day, week) for day in single)
        ]
        if not group.days and not group.weeks:
            if not some_days:
                yield Choice(everything, times)
            continue
        for days in (*weeks, *group.days):
            yield Choice(days, times)


def _inside(day: Days, week: Days) -> bool:
    if day.last is None or week.last is None:
        return False
    monday = week.last - 6 * ONE_DAY
    return min(monday, week.first) <= day.first and day.last <= week.last


def _merged(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """Joins choices that differ only in the days of the week."""
    merged: dict[object, Choice] = {}
    for choice in choices:
        days = choice.days
        key = days.first, days.last, choice.times
        other = merged.get(key, choice).days.weekdays
        weekdays = tuple(sorted({*days.weekdays, *other}))
        merged[key] = replace(choice, days=replace(days, weekdays=weekdays))
    return tuple(merged.values())


def _refuse(choice: Choice, group: Group, everything: Days) -> Iterable[Choice]:
    """Returns what is left of a choice without the days or times of a group."""
    days = [*group.days, *group.weeks]
    if not days:
        yield from _at_other_times(choice, group.times)
        return
    rest = [choice.days]
    for refused in days:
        rest = [left for piece in rest for left in _outside(piece, refused)]
    yield from (Choice(left, choice.times) for left in rest)
    if group.times:
        for refused in days:
            shared = _shared(choice.days, refused)
            if shared:
                yield from _at_other_times(Choice(shared, choice.times), group.times)


def _at_other_times(choice: Choice, refused: Iterable[Times]) -> Iterable[Choice]:
    left = list(choice.times) or [Times(0, DAY)]
    for times in refused:
        pieces = (piece.within(rest) for piece in left for rest in without(times))
        left = [piece for piece in pieces if piece is not None]
    if left:
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


def _shared(days: Days, refused: Days) -> Days | None:
    lasts = [last for last in (days.last, refused.last) if last is not None]
    first = max(days.first, refused.first)
    weekdays = tuple(day for day in days.weekdays if day in refused.weekdays)
    if not weekdays or (lasts and min(lasts) < first):
        return None
    return Days(first, min(lasts) if lasts else None, weekdays)
