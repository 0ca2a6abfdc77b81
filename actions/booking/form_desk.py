"""Leads a patient through the form of a booking, with all that may interrupt it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from actions.booking import changes
from actions.booking.asking import Asker
from actions.booking.desk import FORM, Call, Desk, DeskTurn
from actions.booking.form import BookingForm
from actions.booking.sending import Sender
from actions.booking.talk import ANSWER, DAY, NOTE, PART, PHONE, SEND, STOPPED, Form
from actions.replies import Reply

BOOK = "book"
# What these steps take cannot be mistaken for something else.
STRICT = (PHONE, DAY, PART)


@dataclass(frozen=True)
class FormDesk:
    """Begins, continues and ends the form of one request."""

    form: BookingForm
    asker: Asker
    sender: Sender
    new_key: Callable[[], str]

    def begin(self, desk: Desk, call: Call) -> DeskTurn:
        """Begins a form, or goes on with the one that is there."""
        urgent = call.situation.level == "urgent"
        first = (Reply("utter_booking_urgent"),) if urgent else ()
        if desk.form is None:
            if not call.asks_note and not urgent:
                first = (Reply("utter_card"),)
            form = self.form.begin(
                self.new_key(),
                call.said,
                call.first_words or call.said.text,
                asks_note=call.asks_note,
            )
            desk = replace(desk, form=form)
        return self.ask(replace(desk, open=FORM), call, *first)

    async def hear(self, desk: Desk, form: Form, call: Call) -> DeskTurn:
        """Takes an answer, or what comes in between."""
        said = call.said
        typed = call.interrupted and not said.command and form.step not in STRICT
        if call.resumes or (typed and not changes.stops(said.text)):
            return self._resume(desk, form, call)
        heard = self.form.hear(form, said, version=self.sender.version)
        desk = replace(desk, form=heard.form)
        if heard.then == SEND:
            return await self._send(desk, heard.form, call)
        if heard.then == STOPPED:
            return self.stopped(desk)
        if heard.then == ANSWER:
            return self.ask(desk, call, answer_first=True)
        if not heard.ask:
            return DeskTurn(desk, heard.replies)
        return self.ask(desk, call, *heard.replies)

    def ask(
        self, desk: Desk, call: Call, *first: Reply, answer_first: bool = False
    ) -> DeskTurn:
        """Puts the open question of the form, after other replies."""
        assert desk.form is not None  # noqa: S101
        again = bool(desk.form.offered) and call.wish != BOOK and not call.resumes
        form, question = self.asker.ask(desk.form, call.said.now, again=again)
        desk = replace(desk, form=form)
        return DeskTurn(desk, (*first, question), answer_first=answer_first)

    def stopped(self, desk: Desk, *more: Reply) -> DeskTurn:
        """Ends a form that is not wanted."""
        tried = desk.form is not None and desk.form.tried
        name = "utter_booking_stopped_unsure" if tried else "utter_booking_stopped"
        return DeskTurn(replace(desk, open="", form=None), (Reply(name), *more))

    def _resume(self, desk: Desk, form: Form, call: Call) -> DeskTurn:
        """Asks the open question again after the safety questions or an alarm."""
        first: tuple[Reply, ...] = ()
        if (
            form.step == NOTE
            and call.interrupted
            and call.patient_words
            and not form.note
        ):
            # What was typed as a note has raised an alarm: it is not lost.
            form = replace(form, note=call.patient_words)
            desk = replace(desk, form=replace(form, step=form.next))
        if call.interrupted and call.situation.level == "urgent":
            first = (Reply("utter_booking_urgent"),)
        elif call.interrupted and not call.resumes:
            first = (Reply("utter_booking_resume"),)
        turn = self.ask(desk, call, *first)
        return replace(turn, answer_first=call.said.asks and not call.resumes)

    async def _send(self, desk: Desk, form: Form, call: Call) -> DeskTurn:
        reference, replies = await self.sender.send(form, call.situation, call.said)
        if not reference:
            return DeskTurn(replace(desk, form=replace(form, tried=True)), replies)
        # The contact details are stored; the conversation needs them no more.
        desk = desk.with_sent(form.key, reference, call.said.now)
        return DeskTurn(replace(desk, open="", form=None, errand=None), replies)
