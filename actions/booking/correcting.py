"""Changes answers that were given before, while another question may be open."""

import re
from dataclasses import dataclass, replace

from actions.booking import changes
from actions.booking.asking import Asker
from actions.booking.corrections import Correction, read_correction
from actions.booking.day_answers import DayAnswers
from actions.booking.names import read_name
from actions.booking.step_answers import StepAnswers, stored_person
from actions.booking.talk import (
    CHANGE,
    DAY,
    FIELDS,
    NAME,
    NOTE,
    PART,
    PHONE,
    SUMMARY,
    VISIT,
    WHO,
    Form,
    Heard,
    Said,
)
from actions.booking.visits import people, visits
from actions.replies import Reply

# A value alone must say what it is in few words, or it is no correction.
MOST_WORDS = 6
FOR_SOMEBODY = re.compile(r"^(?:(?:it'?s|it is|this is|that is) )?(?:for|vir) ", re.I)
NO_NAME = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|morning|afternoon"
    r"|(?:home|video|follow-?up|first) visit)\b",
    re.IGNORECASE,
)
VISIT_WORD = re.compile(
    r"\b(?:visit|call|consult\w*|follow|video|online|zoom|first)", re.I
)


@dataclass(frozen=True)
class Corrector:
    """Takes a new answer from the same message, or asks the question again."""

    asker: Asker
    days: DayAnswers
    answers: StepAnswers

    def hear(self, form: Form, said: Said) -> Heard | None:
        """Returns what words that put an earlier answer right lead to; else None."""
        found = read_correction(said.text)
        if found is None and form.step in (NAME, PHONE):
            # Nobody is called "for my son", and hardly anybody "Friday morning".
            plain = FOR_SOMEBODY.match(said.text.strip()) or NO_NAME.search(said.text)
            found = Correction("", said.text.strip()) if plain else None
        if found is None:
            return None
        part = found.part or self._part_of(found.value, said)
        if part in ("", form.step) and not found.part:
            return None
        if part == NOTE and form.step == NOTE:
            return None
        taken = self._taken(form, part, found.value, said)
        if taken is None and found.value and form.step == NOTE:
            return None  # "the person should be gentle" is a note
        return taken or self.ask(form, part)

    def changed(self, form: Form, part: str, said: Said) -> Heard:
        """Changes a named answer, from what else the message says if that will do."""
        value = ""
        if part == PHONE:
            value = said.text
        if part in (DAY, PART):
            value = said.text.rpartition(" to ")[2]
        if part == NAME:
            value = said.text.partition(" is ")[2]
        return self._taken(form, part, value, said) or self.ask(form, part)

    def ask(self, form: Form, part: str) -> Heard:
        """Asks a question again; what was answered stays until it is replaced."""
        if part == NOTE and not form.asks_note:
            part = ""
        if part not in FIELDS:
            step = CHANGE if form.complete else form.next
            return Heard(replace(form, step=step, suggested=(), failures=0))
        if part == PART and not form.wish:
            part = DAY
        return Heard(replace(form, step=part, suggested=(), failures=0))

    def back(self, form: Form) -> Heard:
        """Asks the question before the open one."""
        answered = [part for part in FIELDS if form.has(part) and part != form.step]
        if form.step in FIELDS:
            before = FIELDS[: FIELDS.index(form.step)]
            answered = [part for part in answered if part in before]
        last = [p for p in answered if p != PART or form.part_typed][-1:]
        return self.ask(form, last[0]) if last else Heard(form)

    def _part_of(self, value: str, said: Said) -> str:
        """Returns which answer a new value belongs to, empty if that is not clear."""
        if self.answers.phones.read(value).phones:
            return PHONE
        if len(value.split()) > MOST_WORDS:
            return ""
        if self.days.is_day(value, said.now):
            return DAY
        if FOR_SOMEBODY.match(value) and len(people(value)) == 1:
            return WHO
        return VISIT if VISIT_WORD.search(value) and len(visits(value)) == 1 else ""

    def _taken(self, form: Form, part: str, value: str, said: Said) -> Heard | None:
        """Takes a new answer and reads it back; None if it cannot be read."""
        if not value:
            return None
        asked = self.ask(form, part).form
        if part in (DAY, PART):
            heard = self.days.instead(asked, value, said.now)
            return _unless_read_back(form, heard, self._day(heard, said))
        heard = self._read(asked, part, value)
        if heard is None or heard.replies:
            return heard
        return _unless_read_back(form, heard, (self._told(heard.form, part),))

    def _read(self, form: Form, part: str, value: str) -> Heard | None:
        if part == PHONE:
            return self.answers.phone(form, value)
        if part == WHO:
            found = people(value)
            return self.answers.who(form, tuple(map(stored_person, found)))
        if part == VISIT:
            return self.answers.visit(form, visits(value))
        if part == NAME and read_name(value).name and changes.change(value) is None:
            return self.answers.name(form, value)
        return self.answers.note(form, value) if part == NOTE else None

    def _day(self, heard: Heard | None, said: Said) -> tuple[Reply, ...]:
        if heard is None or heard.replies or heard.form.step in (DAY, PART):
            return ()
        day = self.asker.wish(heard.form.wish, said.now)
        return (Reply("utter_booking_heard_day", {"day": day}),)

    def _told(self, form: Form, part: str) -> Reply:
        value = self.asker.answer(form, part)
        return Reply("utter_booking_changed", {"value": value})


def _unless_read_back(
    before: Form, heard: Heard | None, told: tuple[Reply, ...]
) -> Heard | None:
    """Adds what was understood, unless the summary says it all once more."""
    if heard is None or heard.form.step == SUMMARY or before.step == SUMMARY:
        return heard
    return replace(heard, replies=heard.replies or told)
