"""Moves a request: finds the new day in what is typed, and reads it back first."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from actions.booking.asking import Asker
from actions.booking.day_answers import DayAnswers
from actions.booking.days import read_preference
from actions.booking.deeds import Dealt
from actions.booking.errand import SURE, WHEN, Errand, day_form, find_reference
from actions.booking.preference import Choice, Preference
from actions.booking.talk import DAY, PART, Heard, Said
from actions.replies import Reply

TELEPHONE = re.compile(r"\+?\(?\d[\d ()-]{7,}\d")


@dataclass(frozen=True)
class Moving:
    """The day of an errand that moves a request; nothing is sent before a yes."""

    days: DayAnswers
    asker: Asker

    def with_early_day(self, errand: Errand, said: Said, words: str = "") -> Errand:
        """Returns the errand with the words that may name the new day."""
        if not words:
            _, words = find_reference(said.text, asked=False)
            words = TELEPHONE.sub(" ", words)
            before, _, after = words.rpartition(" to ")
            # "My Tuesday visit to Friday" names two days, and only one is meant.
            words = after if before and self._read(after, said.now).choices else words
        if not self._read(words, said.now).choices:
            return errand
        return replace(errand, when=replace(day_form(), day_typed=words.strip()))

    def begin(self, errand: Errand, said: Said) -> Dealt:
        """Takes the day that was named already, or asks for one."""
        words = errand.when.day_typed if errand.when else ""
        heard = self.days.typed(day_form(), words, said.now) if words else None
        if heard is None:
            errand = replace(errand, step=WHEN, when=day_form())
            errand, question = self.ask(errand, said)
            return Dealt(errand, (question,))
        return self._after(errand, self._taken(heard, said.now), said)

    def hear(self, errand: Errand, said: Said) -> Dealt:
        """Takes the answer to "which day" or "which part of the day"."""
        heard = self.days.hear(errand.when or day_form(), said)
        if heard is None:
            if said.asks:
                return Dealt(errand, answer=True)
            _, question = self.ask(errand, said)
            return Dealt(errand, (Reply("utter_booking_help_day"), question))
        return self._after(errand, heard, said)

    def change(self, errand: Errand, words: str, said: Said) -> Dealt | None:
        """Takes another day instead of the one just read back; None if it is none."""
        heard = self.days.typed_part(errand.when or day_form(), words, said.now)
        if heard is None:
            return None
        return self._after(errand, self._taken(heard, said.now), said)

    def ask(self, errand: Errand, said: Said) -> tuple[Errand, Reply]:
        """Returns the question for the day, or for the last yes."""
        form = errand.when or day_form()
        if errand.step == SURE:
            day = self.asker.wish(form.wish, said.now)
            values = {"reference": errand.reference, "day": day}
            return errand, Reply("utter_manage_move_sure", values)
        form, reply = self.asker.ask(form, said.now)
        return replace(errand, when=form), reply

    def other_day(self, errand: Errand, words: str, said: Said) -> str | None:
        """Returns the words if they name another time than the one that is offered.

        Empty if they name no other; None if they are about something else.
        """
        if not words:
            return ""
        read = self._read(words, said.now)
        readings = [each for each in (read.readings or (read,)) if each.choices]
        if not readings:
            return None
        offered = self.days.opening.local(
            datetime.fromisoformat(errand.offer["starts_at"])
        )
        today = self.days.opening.today(said.now)
        choices = [choice for each in readings for choice in each.choices]
        fits = any(_holds(choice, offered, today) for choice in choices)
        return "" if fits else words

    def _read(self, words: str, now: datetime) -> Preference:
        return read_preference(words, self.days.opening, now=now)

    def _taken(self, heard: Heard, now: datetime) -> Heard:
        """Takes the only reading at once: it is read back before anything is sent."""
        form = heard.form
        if form.step == DAY and len(form.suggested) == 1:
            return self.days.reading(form, 1, now) or heard
        return heard

    def _after(self, errand: Errand, heard: Heard, said: Said) -> Dealt:
        errand = replace(errand, step=WHEN, when=heard.form)
        if heard.form.step not in (DAY, PART):
            errand = replace(errand, step=SURE)
            _, question = self.ask(errand, said)
            return Dealt(errand, (question,))
        if not heard.ask:
            return Dealt(errand, heard.replies)
        errand, question = self.ask(errand, said)
        return Dealt(errand, (*heard.replies, question))


def _holds(choice: Choice, offered: datetime, today: date) -> bool:
    """Says whether a choice holds a moment; a time alone is read as one of today."""
    day, minute = offered.date(), offered.hour * 60 + offered.minute
    on_day = day in choice.days.listed(until=day)
    at_time = any(times.start <= minute <= times.end for times in choice.times)
    if choice.times and choice.days.is_one and choice.days.first == today != day:
        return at_time
    return on_day and (at_time or not choice.times)
