"""The form of a booking: one question after the other, any of which can be changed."""

from collections.abc import Callable
from dataclasses import replace

from actions.booking import changes
from actions.booking.asking import Asker
from actions.booking.correcting import Corrector
from actions.booking.day_answers import LONGEST_TYPED, DayAnswers
from actions.booking.phones import PhoneBook
from actions.booking.step_answers import HELP, StepAnswers
from actions.booking.talk import (
    ANSWER,
    CHANGE,
    CONSENT,
    DAY,
    NOTE,
    PART,
    PHONE,
    SEND,
    STOPPED,
    SUMMARY,
    VISIT,
    Form,
    Heard,
    Said,
)
from actions.replies import Button, Reply

# Without these nobody can be called back, and nothing may be kept.
NEVER_SKIPPED = (CONSENT, PHONE, SUMMARY, CHANGE)
MOST_FAILURES = 2
# No answer to a question, and no mistake.
NO_ANSWER = (changes.is_pleasantry, changes.sends)
BACK_TO_SUMMARY = (changes.goes_on, changes.goes_back, changes.sends)


class BookingForm:
    """Takes one message after the other; knows nothing of Rasa and stores nothing."""

    def __init__(self, asker: Asker, days: DayAnswers, phones: PhoneBook) -> None:
        self._asker = asker
        self._days = days
        self._answers = StepAnswers(days, phones)
        self._corrector = Corrector(asker, days, self._answers)
        self._phones = phones

    def begin(self, key: str, said: Said, text: str, *, asks_note: bool) -> Form:
        """Returns a new form, with the day that the first message may have named."""
        early = self._days.early(text, said.now) if text else ()
        return Form(
            key=key,
            asks_note=asks_note,
            early=early,
            day_typed=text[:LONGEST_TYPED] if early else "",
        )

    def hear(self, form: Form, said: Said, *, version: str) -> Heard:
        """Returns what a message leads to.

        Args:
            form: the answers so far.
            said: the message.
            version: the version of what is consented to.
        """
        picked = changes.picked(said.text, form.offered)
        if picked and not (form.step == NOTE and not said.text.strip().isdigit()):
            name, _, value = picked.removeprefix("button:").partition(":")
            said = replace(said, text="", command=name, value=value)
        if said.command and not said.answer:
            return self._tapped(form, said, version)
        if changes.stops(said.text) and not self._is_plain_no(form, said):
            return Heard(form, then=STOPPED, ask=False)
        if form.step == CONSENT:
            return self._consent(form, said, version)
        return self._typed(form, said)

    def _tapped(self, form: Form, said: Said, version: str) -> Heard:
        command, value = said.command, said.value
        if not command.startswith("book_"):
            return Heard(form, then=ANSWER)
        if command == "book_stop":
            return Heard(form, then=STOPPED, ask=False)
        if command == "book_consent" and not form.consented:
            return self._consent(form, replace(said, answer="yes"), version)
        if not form.consented:
            return Heard(form)
        taps: dict[str, Callable[[], Heard | None]] = {
            "book_who": lambda: self._answers.who(form, (value,)),
            "book_visit": lambda: self._answers.visit(form, (value,)),
            "book_day": lambda: self._days.tapped(form, value, said.now),
            "book_part": lambda: self._part(form, said),
            "book_reading": lambda: self._reading(form, said),
            "book_skip": lambda: self._skip(form),
            "book_change": lambda: self._corrector.ask(form, value),
            "book_send": lambda: self._send(form, said),
        }
        heard = taps[command]() if command in taps else None
        return heard or Heard(form)

    def _typed(self, form: Form, said: Said) -> Heard:
        heard = self._corrector.hear(form, said)
        if heard:
            return heard
        change = changes.change(said.text)
        if form.step in (SUMMARY, CHANGE):
            heard = self._at_summary(form, said, change)
        elif changes.goes_back(said.text):
            heard = self._corrector.back(form)
        elif change and change != form.step and form.step != NOTE and form.has(change):
            heard = self._corrector.changed(form, change, said)
        else:
            heard = self._step(form, said)
        if heard:
            return heard
        if said.polite or any(reads(said.text) for reads in NO_ANSWER):
            return Heard(form)
        if said.asks:
            return Heard(form, then=ANSWER)
        return self._failed(form, said)

    def _step(self, form: Form, said: Said) -> Heard | None:
        """Takes an answer to the open question; None if it is none."""
        if changes.goes_on(said.text):
            return Heard(form)
        if form.step == DAY and form.suggested and (_agrees(said) or said.answer):
            if _agrees(said) and len(form.suggested) == 1:
                return self._days.reading(form, 1, said.now)
            if said.answer == "no":
                return Heard(replace(form, suggested=(), failures=0))
        heard = self._answers.read(form, said)
        if heard is None and form.step in (DAY, PART, VISIT):
            return self._skip(form) if changes.is_unsure(said.text) else None
        return heard

    def _consent(self, form: Form, said: Said, version: str) -> Heard:
        if said.answer == "no":
            return Heard(form, then=STOPPED, ask=False)
        if said.answer != "yes" and not changes.agrees(said.text):
            if said.asks:
                return Heard(form, then=ANSWER)
            # The whole promise once more would bury the question.
            return replace(self._failed(form), ask=False)
        moment = said.now.isoformat()
        form = replace(form, consented=moment, version=version, failures=0)
        return Heard(replace(form, step=form.next))

    def _at_summary(self, form: Form, said: Said, change: str | None) -> Heard | None:
        if change:
            return self._corrector.changed(form, change, said)
        if change == "" or said.answer == "no":
            return self._corrector.ask(form, "")
        if form.step == SUMMARY and _agrees(said):
            return self._send(form, said)
        if any(reads(said.text) for reads in BACK_TO_SUMMARY):
            return Heard(replace(form, step=SUMMARY))
        if said.asks:
            return None
        named = changes.change(f"change {said.text}") if form.step == CHANGE else None
        if named:
            return self._corrector.changed(form, named, said)
        if self._phones.read(said.text).phones:
            return self._answers.phone(form, said.text)
        return self._days.typed_part(form, said.text, said.now)

    def _part(self, form: Form, said: Said) -> Heard | None:
        return self._days.part(form, said.value, "", said.now) if form.wish else None

    def _reading(self, form: Form, said: Said) -> Heard | None:
        number = int(said.value) if said.value.isdigit() else 0
        return self._days.reading(form, number, said.now)

    def _skip(self, form: Form) -> Heard | None:
        if form.step in NEVER_SKIPPED:
            return None
        skipped = tuple(dict.fromkeys([*form.skipped, form.step]))
        if form.step == NOTE:
            form = replace(form, note="")
        if form.step == DAY:
            form = replace(form, wish={}, day_typed="", part_typed="")
            skipped = (*skipped, PART)
        form = replace(form, skipped=skipped, suggested=(), failures=0)
        return Heard(replace(form, step=form.next))

    def _send(self, form: Form, said: Said) -> Heard:
        if not form.complete:
            return Heard(replace(form, step=form.next))
        late = self._days.still_fits(form, said.now)
        return late or Heard(replace(form, step=SUMMARY), then=SEND, ask=False)

    def _failed(self, form: Form, said: Said | None = None) -> Heard:
        """Helps; the second time with the phone number and a way round."""
        form = replace(form, failures=form.failures + 1)
        told = self._answers.problem(form, said.text) if said else ""
        if form.failures < MOST_FAILURES:
            return Heard(form, (Reply(told or HELP[form.step]),))
        buttons: tuple[Button, ...] = ()
        if form.step not in NEVER_SKIPPED and form.step != NOTE:
            buttons = (self._asker.skip(),)
        stuck = Reply("utter_booking_stuck", {}, buttons)
        return Heard(form, (*((Reply(told),) if told else ()), stuck))

    def _is_plain_no(self, form: Form, said: Said) -> bool:
        """Says whether "no thanks" declines a note or a suggestion, not the booking."""
        if form.step == NOTE:
            return changes.skips(said.text)
        return form.step == DAY and bool(form.suggested) and said.answer == "no"


def _agrees(said: Said) -> bool:
    """Says whether a message is a yes."""
    return said.answer == "yes" or changes.agrees(said.text) or changes.sends(said.text)
