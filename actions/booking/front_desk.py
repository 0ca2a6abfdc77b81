"""Leads booking, errands and privacy questions: what one message leads to in all."""

from collections.abc import Callable
from dataclasses import replace

from actions.booking import changes
from actions.booking.asking import Asker
from actions.booking.deeds import Dealt
from actions.booking.desk import ERRAND, FORM, PRIVACY, Call, Desk, DeskTurn
from actions.booking.errand import (
    ACCEPT,
    CANCEL,
    MOVE,
    STATUS,
    TASKS,
    Errand,
    find_reference,
)
from actions.booking.form import BookingForm
from actions.booking.manage import Manager
from actions.booking.sending import Sender
from actions.booking.talk import (
    ANSWER,
    DAY,
    NOTE,
    PART,
    PHONE,
    SEND,
    STOPPED,
    Form,
)
from actions.privacy import FORGET, KNOWN, PrivacyDesk
from actions.replies import Reply

BOOK = "book"
# No routine slot is offered, and nothing is sent, while an emergency stands.
NOT_IN_EMERGENCY = (BOOK, MOVE, ACCEPT)
# What these steps take cannot be mistaken for something else.
STRICT = (PHONE, DAY, PART)


class FrontDesk:
    """Takes messages one after the other; knows nothing of Rasa."""

    def __init__(
        self,
        form: BookingForm,
        asker: Asker,
        sender: Sender,
        manager: Manager,
        privacy: PrivacyDesk,
        new_key: Callable[[], str],
    ) -> None:
        self._form = form
        self._asker = asker
        self._sender = sender
        self._manager = manager
        self._privacy = privacy
        self._new_key = new_key

    async def hear(self, desk: Desk, call: Call) -> DeskTurn:
        """Returns what a message leads to."""
        if call.situation.level == "emergency" and self._must_wait(desk, call):
            if call.said.asks:
                return DeskTurn(desk, answer_first=True)
            return DeskTurn(desk, (Reply("utter_emergency_reminder"),))
        turn = await self._wished(desk, call)
        if turn:
            return turn
        if desk.open == FORM and desk.form:
            return await self._hear_form(desk, desk.form, call)
        if desk.open == ERRAND and desk.errand:
            return await self._hear_errand(desk, desk.errand, call)
        if desk.open == PRIVACY:
            return await self._hear_privacy(desk, call)
        return await self._late_tap(desk, call)

    def _must_wait(self, desk: Desk, call: Call) -> bool:
        moving = desk.errand is not None and desk.errand.task in NOT_IN_EMERGENCY
        asked = call.wish in NOT_IN_EMERGENCY or call.said.command == "book_send"
        inside = desk.open == FORM or (desk.open == ERRAND and moving)
        return asked or (inside and not call.wish)

    async def _wished(self, desk: Desk, call: Call) -> DeskTurn | None:
        """Begins what the message asks for; None if it goes on with what is open."""
        wish, said = call.wish, call.said
        in_form = desk.open == FORM and desk.form is not None
        if wish == BOOK and (not in_form or said.command == BOOK or call.resumes):
            return self._book(desk, call)
        if wish == KNOWN:
            return await self._known(desk, call)
        if wish == FORGET:
            turn = self._privacy.ask()
            return DeskTurn(replace(desk, open=PRIVACY), turn.replies)
        if wish not in TASKS or self._is_reference(desk, call):
            return None
        named = find_reference(said.text, asked=False)[0] or said.command or desk.sent
        if in_form and wish in (CANCEL, MOVE) and not named:
            # Most likely this very request is meant.
            return self._stopped(desk, call) if wish == CANCEL else None
        before = desk.errand
        if before is None and desk.sent:
            before = Errand(wish, reference=str(desk.sent["reference"]))
        dealt = await self._manager.begin(
            wish, before, said, call.situation.conversation
        )
        return self._dealt(desk, dealt, call)

    def _is_reference(self, desk: Desk, call: Call) -> bool:
        """Says whether a reference was typed that was asked for, and no new wish."""
        typed = call.wish == STATUS and not call.said.command
        return typed and desk.open == ERRAND and desk.errand is not None

    def _book(self, desk: Desk, call: Call) -> DeskTurn:
        urgent = call.situation.level == "urgent"
        first = (Reply("utter_booking_urgent"),) if urgent else ()
        if desk.form is None:
            if not call.asks_note and not urgent:
                first = (Reply("utter_card"),)
            form = self._form.begin(
                self._new_key(),
                call.said,
                call.first_words or call.said.text,
                asks_note=call.asks_note,
            )
            desk = replace(desk, form=form)
        return self._ask(replace(desk, open=FORM), call, *first)

    async def _hear_form(self, desk: Desk, form: Form, call: Call) -> DeskTurn:
        said = call.said
        typed = call.interrupted and not said.command and form.step not in STRICT
        if call.resumes or (typed and not changes.stops(said.text)):
            return self._resume(desk, form, call)
        heard = self._form.hear(form, said, version=self._sender.version)
        desk = replace(desk, form=heard.form)
        if heard.then == SEND:
            return await self._send(desk, heard.form, call)
        if heard.then == STOPPED:
            return self._stopped(desk, call)
        if heard.then == ANSWER:
            return self._ask(desk, call, answer_first=True)
        if not heard.ask:
            return DeskTurn(desk, heard.replies)
        return self._ask(desk, call, *heard.replies)

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
        turn = self._ask(desk, call, *first)
        return replace(turn, answer_first=call.said.asks and not call.resumes)

    async def _send(self, desk: Desk, form: Form, call: Call) -> DeskTurn:
        reference, replies = await self._sender.send(form, call.situation, call.said)
        if not reference:
            return DeskTurn(replace(desk, form=replace(form, tried=True)), replies)
        # The contact details are stored; the conversation needs them no more.
        sent = {"key": form.key, "reference": reference}
        return DeskTurn(replace(desk, open="", form=None, sent=sent), replies)

    def _stopped(self, desk: Desk, call: Call) -> DeskTurn:
        tried = desk.form is not None and desk.form.tried
        name = "utter_booking_stopped_unsure" if tried else "utter_booking_stopped"
        offer = (Reply("utter_manage_offer"),) if call.wish == CANCEL else ()
        return DeskTurn(replace(desk, open="", form=None), (Reply(name), *offer))

    async def _hear_errand(self, desk: Desk, errand: Errand, call: Call) -> DeskTurn:
        if call.resumes:
            errand, question = self._manager.ask(errand, call.said)
            return DeskTurn(replace(desk, errand=errand), (question,))
        conversation = call.situation.conversation
        dealt = await self._manager.hear(errand, call.said, conversation)
        return self._dealt(desk, dealt, call)

    def _dealt(self, desk: Desk, dealt: Dealt, call: Call) -> DeskTurn:
        if dealt.answer:
            errand, question = self._manager.ask(dealt.errand, call.said)
            return DeskTurn(
                replace(desk, errand=errand), (question,), answer_first=True
            )
        desk = replace(desk, errand=dealt.errand, open=ERRAND if dealt.open else "")
        if dealt.open:
            return DeskTurn(desk, dealt.replies)
        return self._closed(desk, call, dealt.replies)

    async def _known(self, desk: Desk, call: Call) -> DeskTurn:
        reply = await self._privacy.known(
            call.situation.conversation,
            days=self._sender.conversation_days,
            booking_days=self._sender.booking_days,
        )
        return self._closed(desk, call, (reply,))

    async def _hear_privacy(self, desk: Desk, call: Call) -> DeskTurn:
        said = call.said
        if said.asks:
            return DeskTurn(desk, self._privacy.ask().replies, answer_first=True)
        answer = "no" if changes.stops(said.text) else said.answer
        if call.resumes:
            answer = ""
        turn = await self._privacy.answer(answer, call.situation.conversation)
        if turn.forgotten:
            return DeskTurn(Desk(), turn.replies, forgotten=True)
        if turn.open:
            return DeskTurn(desk, turn.replies)
        return self._closed(replace(desk, open=""), call, turn.replies)

    def _closed(self, desk: Desk, call: Call, replies: tuple[Reply, ...]) -> DeskTurn:
        """Goes on with the form that was interrupted, if there is one."""
        if desk.form is None or call.situation.level == "emergency":
            return DeskTurn(replace(desk, open="" if not desk.form else FORM), replies)
        return self._ask(replace(desk, open=FORM), call, *replies)

    async def _late_tap(self, desk: Desk, call: Call) -> DeskTurn:
        """Answers a button of a form that is over: "Send" gives the same reference."""
        if call.said.command == "book_send" and desk.sent:
            reference = str(desk.sent["reference"])
            return DeskTurn(
                desk, (self._sender.receipt(reference, call.situation, call.said),)
            )
        if call.said.command.startswith("manage_"):
            return DeskTurn(desk, (Reply("utter_manage_offer"),))
        return DeskTurn(desk, (Reply("utter_book_appointment"),))

    def _ask(
        self, desk: Desk, call: Call, *first: Reply, answer_first: bool = False
    ) -> DeskTurn:
        """Puts the open question of the form, after other replies."""
        assert desk.form is not None  # noqa: S101
        again = bool(desk.form.offered) and call.wish != BOOK and not call.resumes
        form, question = self._asker.ask(desk.form, call.said.now, again=again)
        desk = replace(desk, form=form)
        return DeskTurn(desk, (*first, question), answer_first=answer_first)
