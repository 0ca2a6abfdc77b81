"""Says a preferred day in the words of `day_phrases.yml`."""

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from actions.booking.errors import DayPhrasesError
from actions.booking.preference import ALL_DAYS, Choice, Days, Option, Preference, Wish
from actions.booking.times import DAY, PARTS, Times, clock

PHRASES_FILE = Path("data/language/day_phrases.yml")
# With more days than these, it is shorter to name the others.
MOST_NAMED = 3
FIELDS = {
    "day": {"weekday", "number", "month"},
    "day_of_other_year": {"weekday", "number", "month", "year"},
    "range": {"first", "last"},
    "no_end": {"first"},
    "any_day": set(),
    "soonest": set(),
    "only_on": {"days", "weekdays"},
    "except_on": {"days", "weekdays"},
    "weekday_in_list": {"weekday"},
    "at": {"start"},
    "after": {"start"},
    "before": {"end"},
    "between": {"start", "end"},
    "any_time": set(),
    "timed": {"days", "times"},
    "timed_first": {"days", "times"},
    "except_then": {"days", "weekdays", "times"},
    "soonest_of": {"days"},
    "or": set(),
    "and": set(),
}
LENGTHS = {"weekdays": 7, "months": 12}


@dataclass(frozen=True)
class DayPhrases:
    """The words in which days are read back."""

    phrases: Mapping[str, str]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    parts: Mapping[str, str]

    @classmethod
    def from_file(cls, file: Path = PHRASES_FILE) -> "DayPhrases":
        """Reads `day_phrases.yml`.

        Raises:
            DayPhrasesError: the file is missing or lacks a phrase, or a phrase has
                other braces than it should.
        """
        tree = _read(file)
        for name, length in LENGTHS.items():
            if not isinstance(tree.get(name), list) or len(tree[name]) != length:
                raise DayPhrasesError(f"{file}: '{name}' must list {length} names.")
        parts = tree.get("parts")
        if not isinstance(parts, Mapping) or set(parts) != set(PARTS):
            names = ", ".join(PARTS)
            raise DayPhrasesError(f"{file}: 'parts' must hold a phrase for {names}.")
        for name, fields in FIELDS.items():
            if name not in tree or _fields(tree[name]) != fields:
                braces = " ".join(f"{{{field}}}" for field in sorted(fields)) or "none"
                raise DayPhrasesError(
                    f"{file}: '{name}' is missing or has other braces than it should. "
                    f"Write a phrase with these braces: {braces}."
                )
        phrases = {name: str(tree[name]) for name in FIELDS}
        return cls(phrases, tuple(tree["weekdays"]), tuple(tree["months"]), dict(parts))

    def read_back(self, wish: Wish | Preference, *, today: date) -> str:
        """Returns a preference in words, such as "any day except Mondays"."""
        if wish.soonest and all(_is_any(choice, today) for choice in wish.choices):
            return self.phrases["soonest"]
        text = self._all(wish.choices, today)
        return self.phrases["soonest_of"].format(days=text) if wish.soonest else text

    def label(self, option: Option, *, today: date) -> str:
        """Returns the words on the button of an offered day."""
        times = (Times.of_part(option.part),) if option.part else ()
        return self._choice(Choice(Days(option.day, option.day), times), today)

    def _all(self, choices: tuple[Choice, ...], today: date) -> str:
        refused = _refused(choices)
        if refused:
            return self.phrases["except_then"].format(
                days=self._days(replace(refused.days, weekdays=ALL_DAYS), today),
                weekdays=self._weekdays(refused.days.weekdays),
                times=self._times(refused.times[0]),
            )
        timed = any(choice.times for choice in choices)
        said = (self._choice(choice, today, timed=timed) for choice in choices)
        return self.phrases["or"].join(said)

    def _choice(self, choice: Choice, today: date, *, timed: bool = False) -> str:
        days = self._days(choice.days, today)
        if choice.times:
            times = self.phrases["or"].join(map(self._times, choice.times))
        elif timed:
            times = self.phrases["any_time"]
        else:
            return days
        excepts = MOST_NAMED < len(choice.days.weekdays) < len(ALL_DAYS)
        name = "timed_first" if excepts else "timed"
        return self.phrases[name].format(days=days, times=times)

    def _days(self, days: Days, today: date) -> str:
        first = self._date(days.first, today)
        if days.last is None:
            text = self.phrases["no_end"].format(first=first)
            if days.first <= today:
                text = self.phrases["any_day"]
        elif days.is_one:
            return first
        else:
            last = self._date(days.last, today)
            text = self.phrases["range"].format(first=first, last=last)
        if days.weekdays == ALL_DAYS:
            return text
        named = len(days.weekdays) <= MOST_NAMED
        others = [day for day in ALL_DAYS if (day in days.weekdays) == named]
        phrase = self.phrases["only_on" if named else "except_on"]
        return phrase.format(days=text, weekdays=self._weekdays(others))

    def _weekdays(self, numbers: Iterable[int]) -> str:
        phrase = self.phrases["weekday_in_list"]
        return self.phrases["and"].join(
            phrase.format(weekday=self.weekdays[number]) for number in numbers
        )

    def _date(self, day: date, today: date) -> str:
        near = today <= day < today.replace(day=1, year=today.year + 1)
        return self.phrases["day" if near else "day_of_other_year"].format(
            weekday=self.weekdays[day.weekday()],
            number=day.day,
            month=self.months[day.month - 1],
            year=day.year,
        )

    def _times(self, times: Times) -> str:
        if times.part:
            return self.parts[times.part]
        name = "between"
        if times.is_exact:
            name = "at"
        elif times.end == DAY:
            name = "after"
        elif times.start == 0:
            name = "before"
        start, end = clock(times.start), clock(times.end)
        return self.phrases[name].format(start=start, end=end)


def _refused(choices: tuple[Choice, ...]) -> Choice | None:
    """Returns what was refused, if all other days and times of a range are wanted."""
    match choices:
        case (free, rest):
            pass
        case _:
            return None
    others = set(ALL_DAYS) - set(free.days.weekdays)
    same_range = replace(free.days, weekdays=rest.days.weekdays) == rest.days
    if free.times or not same_range or others != set(rest.days.weekdays):
        return None
    edges = [0, *(edge for t in rest.times for edge in (t.start, t.end)), DAY]
    gaps = [
        (start, end)
        for start, end in zip(edges[::2], edges[1::2], strict=False)
        if start < end
    ]
    if len(gaps) != 1 or not rest.times:
        return None
    part = next((name for name, span in PARTS.items() if span == gaps[0]), "")
    return Choice(rest.days, (Times(*gaps[0], part),))


def _is_any(choice: Choice, today: date) -> bool:
    days = choice.days
    return (
        not choice.times
        and days.last is None
        and days.first <= today
        and days.weekdays == ALL_DAYS
    )


def _fields(phrase: Any) -> set[str] | None:
    try:
        return {name for _, name, _, _ in string.Formatter().parse(str(phrase)) if name}
    except ValueError:
        return None


def _read(file: Path) -> Mapping[str, Any]:
    try:
        tree = YAML(typ="safe").load(file)
    except OSError as error:
        raise DayPhrasesError(
            f"{file}: cannot be read ({error.strerror}). Preferred days are read back "
            "in its words; put it back."
        ) from error
    except YAMLError as error:
        what = " ".join(str(error).split())
        raise DayPhrasesError(f"{file}: not valid YAML: {what}. Correct it.") from error
    phrases = tree.get("day_phrases") if isinstance(tree, Mapping) else None
    if not isinstance(phrases, Mapping):
        raise DayPhrasesError(f"{file}: must begin with `day_phrases:`. Write it.")
    return phrases
