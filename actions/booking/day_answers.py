"""Takes the answers to "which day" and "which part of the day"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from actions.booking import changes
from actions.booking.agreeing import read_agreement
from actions.booking.asking import Asker
from actions.booking.checking import checked
from actions.booking.days import read_preference
from actions.booking.opening import Opening
from actions.booking.preference import (
    AMBIGUOUS,
    NO_DAY,
    UNAVAILABLE,
    Choice,
    Days,
    Preference,
    Problem,
    Wish,
)
from actions.booking.talk import DAY, PART, SUMMARY, Form, Heard, Said
from actions.booking.times import PARTS, Times
from actions.replies import Reply

ANY = "any"
SOONEST = "soonest"
# What a tapped day is stored as, beside what it means.
LONGEST_TYPED = 200
ANY_TIME = re.compile(r"\b(?:any ?time|whenever|no preference|enige tyd)\b")
PROBLEMS = {
    "past": "utter_booking_day_past",
    "closed": "utter_booking_day_closed",
    "holiday": "utter_booking_day_holiday",
    "closed_then": "utter_booking_day_closed_then",
    "too_far": "utter_booking_day_too_far",
    "no_such_date": "utter_booking_day_no_such_date",
}


@dataclass(frozen=True)
class DayAnswers:
    """Reads days and parts of the day, and checks them against the opening hours."""

    opening: Opening
    asker: Asker

    def early(self, text: str, now: datetime) -> tuple[Mapping[str, Any], ...]:
        """Returns the days that a first message names, if a visit is possible then."""
        read = read_preference(text, self.opening, now=now)
        readings = read.readings or (read,)
        possible = [each for each in readings if each.days and not each.soonest]
        return tuple(each.to_slot() for each in possible)

    def hear(self, form: Form, said: Said) -> Heard | None:
        """Returns what an answer about the day alone leads to, for moving a visit."""
        picked = changes.picked(said.text, form.offered)
        command, value = said.command, said.value
        if picked:
            command, _, value = picked.removeprefix("button:").partition(":")
        if command == "book_day":
            return self.tapped(form, value, said.now)
        if command == "book_reading" and value.isdigit():
            return self.reading(form, int(value), said.now)
        if command == "book_part" and form.wish:
            return self.part(form, value, "", said.now)
        if form.suggested and (said.answer == "yes" or changes.agrees(said.text)):
            return self.reading(form, 1, said.now)
        if form.suggested and said.answer == "no":
            return Heard(replace(form, suggested=()))
        return self.typed_part(form, said.text, said.now)

    def typed(self, form: Form, text: str, now: datetime) -> Heard | None:
        """Returns what a typed day leads to; None if it is no day."""
        read = read_preference(text, self.opening, now=now)
        if read.outcome == NO_DAY:
            return None
        typed = text[:LONGEST_TYPED]
        if read.outcome == AMBIGUOUS:
            readings = tuple(each.to_slot() for each in read.readings)
            form = replace(form, step=DAY, suggested=readings, day_typed=typed)
            return Heard(replace(form, failures=0))
        if read.outcome == UNAVAILABLE:
            return self.refused(form, read, now)
        if read.leftover:
            form = replace(form, step=DAY, suggested=(read.to_slot(),), day_typed=typed)
            return Heard(replace(form, failures=0))
        return self.accepted(form, read.to_slot(), typed, now)

    def tapped(self, form: Form, value: str, now: datetime) -> Heard | None:
        """Returns what the button of a day leads to; None if it is no day."""
        if value == SOONEST:
            today = self.opening.today(now)
            choice, soonest = Choice(Days(today, None)), True
        else:
            day, _, part = value.partition("/")
            try:
                first = date.fromisoformat(day)
                times = (Times.of_part(part),) if part else ()
            except (ValueError, KeyError):  # nobody was offered that
                return None
            choice, soonest = Choice(Days(first, first), times), False
        read = checked((choice,), self.opening, now)
        if read.outcome == UNAVAILABLE:
            return self.refused(form, read, now)
        return self.accepted(form, replace(read, soonest=soonest).to_slot(), "", now)

    def reading(self, form: Form, number: int, now: datetime) -> Heard | None:
        """Returns what agreeing to a suggestion leads to."""
        if not 0 < number <= len(form.suggested):
            return None
        wish = form.suggested[number - 1]
        choices = Wish.from_slot(wish).choices
        read = checked(choices, self.opening, now)
        if read.outcome == UNAVAILABLE:
            return self.refused(form, read, now)
        return self.accepted(form, wish, form.day_typed, now)

    def part(self, form: Form, value: str, typed: str, now: datetime) -> Heard | None:
        """Returns what the button of a part of the day leads to."""
        if value == ANY:
            return self._timed(form, (), typed or ANY, now)
        if value not in PARTS:
            return None
        return self._timed(form, (Times.of_part(value),), typed or value, now)

    def typed_part(self, form: Form, text: str, now: datetime) -> Heard | None:
        """Returns what a typed time leads to: a time on the days said, or new days."""
        agreed = read_agreement(text)
        if agreed.answer == "yes" and agreed.rest:
            text = agreed.rest  # "Tuesday is perfect"
        read = read_preference(text, self.opening, now=now)
        if read.outcome == NO_DAY:
            return None
        times = self._only_times(read, now)
        # "Any day" says no time either, but new days.
        is_time = bool(times) or (form.step == PART and "day" not in text.lower())
        if times is None or not is_time or not (form.wish or form.suggested):
            return self.typed(form, text, now)
        if form.suggested:
            form = replace(form, wish=form.suggested[0], suggested=())
        return self._timed(form, times, text[:LONGEST_TYPED], now)

    def is_day(self, text: str, now: datetime) -> bool:
        """Says whether a text names days or times, and nothing else."""
        read = read_preference(text, self.opening, now=now)
        readings = read.readings or (read,)
        named = read.outcome != NO_DAY and any(
            r.choices or r.problems for r in readings
        )
        return named and not any(each.leftover for each in readings)

    def instead(self, form: Form, text: str, now: datetime) -> Heard | None:
        """Returns what another day leads to; the part of the day stays if it can."""
        heard = self.typed_part(form, text, now)
        if heard is None or heard.form.step != PART or not form.wish:
            return heard
        before = {choice.times for choice in Wish.from_slot(form.wish).choices}
        if len(before) != 1 or not (form.has(PART) and form.wish):
            return heard
        same = self._timed(heard.form, before.pop(), form.part_typed or ANY, now)
        return heard if same.form.step == DAY else same

    def _only_times(self, read: Preference, now: datetime) -> tuple[Times, ...] | None:
        """Returns the times of an answer that names no day; None if it names one."""
        today = self.opening.today(now)
        if not read.choices or any(
            choice.days != Days(today, None) for choice in read.choices
        ):
            return None
        times = (each for choice in read.choices for each in choice.times)
        return tuple(dict.fromkeys(times))

    def still_fits(self, form: Form, now: datetime) -> Heard | None:
        """Returns what is wrong with the wish by now; None if it can be sent."""
        choices = Wish.from_slot(form.wish).choices
        if not choices:
            return None
        read = checked(choices, self.opening, now)
        return self.refused(form, read, now) if read.outcome == UNAVAILABLE else None

    def accepted(
        self, form: Form, wish: Mapping[str, Any], typed: str, now: datetime
    ) -> Heard:
        """Keeps a wish and reads it back, unless the next question does that."""
        form = replace(
            form,
            wish=dict(wish),
            day_typed=typed,
            # "Any time" says both.
            part_typed=typed if ANY_TIME.search(typed.lower()) else "",
            suggested=(),
            failures=0,
            skipped=tuple(part for part in form.skipped if part not in (DAY, PART)),
        )
        form = replace(form, step=form.next)
        return Heard(form, self._read_back(form, now))

    def _timed(
        self, form: Form, times: tuple[Times, ...], typed: str, now: datetime
    ) -> Heard:
        wish = Wish.from_slot(form.wish)
        choices = tuple(Choice(choice.days, times) for choice in wish.choices)
        read = checked(choices, self.opening, now)
        if read.outcome == UNAVAILABLE:
            return self.refused(form, read, now)
        slot = {**Preference("", choices=choices).to_slot(), "flexible": wish.flexible}
        form = replace(form, wish=slot, part_typed=typed, failures=0)
        form = replace(form, step=form.next)
        return Heard(form, self._read_back(form, now))

    def _read_back(self, form: Form, now: datetime) -> tuple[Reply, ...]:
        if form.step in (PART, SUMMARY):  # they say the day themselves
            return ()
        heard = {"day": self.asker.wish(form.wish, now)}
        return (Reply("utter_booking_heard_day", heard),)

    def refused(self, form: Form, read: Preference, now: datetime) -> Heard:
        """Says why a day is not possible and offers the nearest that are."""
        form = replace(form, step=DAY, suggested=(), failures=0)
        problem = read.problems[0]
        buttons = self.asker.options(read.options, now)
        values = self._problem_values(problem, read, now)
        offered = tuple(button.payload for button in buttons)
        reply = Reply(PROBLEMS[problem.code], values, buttons)
        return Heard(replace(form, offered=offered), (reply,), ask=False)

    def _problem_values(
        self, problem: Problem, read: Preference, now: datetime
    ) -> dict[str, str]:
        wish = Preference("", choices=read.choices).to_slot() if read.choices else {}
        last = self.opening.last_day(now)
        last_wish = {"choices": [Days(last, last).code]}
        return {
            "day": self.asker.wish(wish, now),
            "holiday": problem.holiday,
            "last_day": self.asker.wish(last_wish, now),
        }
