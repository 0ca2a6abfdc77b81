"""Puts the days, times and exclusions of an answer together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from actions.booking.preference import ALL_DAYS, DAYS_CODE, Choice, Days
from actions.booking.times import DAY, TIMES_CODE, Times, without

TOKEN = re.compile(rf"[DK]{DAYS_CODE}|T{TIMES_CODE}|NOT|END|ANY|SOON|X|[a-z]+|\d+|,")
# Words that would change the meaning, but that no rule has read.
UNREAD = re.compile(
    r"\b(?:but|except|than|without|besides) (?:[a-z]+ )?[DK]\d"
    r"|\b(?:after|before|until|next|last|first|end|not|away|back)\b|\bNOT (?![DKT])"
)
CODE = re.compile(rf"[DK]{DAYS_CODE}|T{TIMES_CODE}")
JOINS = frozenset({"or", "and", ","})
ONE_DAY = timedelta(days=1)


@dataclass
class Group:
    """Days that share their times."""

    days: list[Days] = field(default_factory=list)
    times: list[Times] = field(default_factory=list)
    weeks: list[Days] = field(default_factory=list)
    times_came_first: bool = False
    is_any_time: bool = False

    def add_days(self, days: Days, join: str, *, is_week: bool) -> None:
        """Adds days, or narrows a range such as "in April on Mondays"."""
        for kind in () if join in ("or", "and") else (self.days, self.weeks):
            shared = _narrowed(kind[-1], days) if kind else None
            if shared:
                kind[-1] = shared
                return
        (self.weeks if is_week else self.days).append(days)

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
    doubtful: bool = False


def combine(text: str, everything: Days) -> Meaning:
    """Reads an answer in which days and times have become words of their own."""
    words = TOKEN.findall(text)
    wanted, refused = _grouped(words)
    named = any(
        group.days or group.weeks or group.times for group in (*wanted, *refused)
    )
    choices = list(_choices(wanted, everything))
    if not choices and (named or "ANY" in words or "SOON" in words):
        choices = [Choice(everything)]
    for group in refused:
        choices = [rest for c in choices for rest in _refuse(c, group, everything)]
    return Meaning(
        _merged(choices),
        "ANY" in words,
        "SOON" in words,
        "X" in words,
        tuple(w for w in words if w.isalpha() and w.islower() and w not in JOINS),
        bool(UNREAD.search(text) or re.search(r"\d", CODE.sub("", text))),
    )


def _grouped(words: list[str]) -> tuple[list[Group], list[Group]]:
    """Returns the groups that are wanted and those that are not."""
    wanted, refused = [Group()], []
    current, join, negative = wanted[-1], "", False
    for place, word in enumerate(words):
        if word == "NOT":
            if not negative or not join:
                refused.append(Group())
            current, join, negative = refused[-1], "", True
            continue
        is_item = word[0] in "DKT"
        if negative and _ends(words, place, is_item=is_item, join=join):
            wanted.append(Group())
            current, negative = wanted[-1], False
        if word == "ANY" and current.days and not current.times:
            # "Friday at any time or Monday morning": the morning is Monday's alone.
            current.is_any_time = True
        if not is_item:
            join = word if word in JOINS else "" if word == "END" else join
            continue
        current = _add(
            word, join, current, refused if negative else wanted, words[place + 1 :]
        )
        join = ""
    return wanted, refused


def _ends(words: list[str], place: int, *, is_item: bool, join: str) -> bool:
    """Says whether "not Monday" has come to its end."""
    word = words[place]
    if word == ",":
        rest = words[place + 1 : place + 6]
        return not ({"or", "and"} & set(rest)) or rest[0][0] not in "DK"
    return word == "END" or (not is_item and word not in JOINS)


def _add(
    word: str, join: str, current: Group, groups: list[Group], rest: list[str]
) -> Group:
    """Adds days or times to a group, or to a new one, and returns it."""
    if word[0] == "T":
        before_a_day = bool(rest) and rest[0][0] in "DK"
        full = current.days or current.weeks
        if full and join and before_a_day and current.times_came_first:
            current = Group()
            groups.append(current)
        current.times_came_first = current.times_came_first or not (
            current.days or current.weeks
        )
        current.add_times(Times.from_code(word[1:]), join)
        return current
    if current.is_any_time or (current.times and not current.times_came_first):
        current = Group()
        groups.append(current)
    current.add_days(Days.from_code(word[1:]), join, is_week=word[0] == "K")
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


def _narrowed(days: Days, other: Days) -> Days | None:
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
