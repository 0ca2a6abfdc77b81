"""Puts the days, times and exclusions of an answer together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from actions.booking.choices import merged, narrowed, refuse
from actions.booking.preference import DAYS_CODE, Choice, Days
from actions.booking.times import DAY, TIMES_CODE, Times

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
            shared = narrowed(kind[-1], days) if kind else None
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
        choices = [
            rest
            for choice in choices
            for rest in refuse(choice, [*group.days, *group.weeks], group.times)
        ]
    return Meaning(
        merged(choices),
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
