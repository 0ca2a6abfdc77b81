"""Leads booking, errands and privacy questions: what one message leads to in all."""

from dataclasses import dataclass, replace

from actions.booking import changes
from actions.booking.call_back import CallBackDesk
from actions.booking.deeds import Dealt
from actions.booking.desk import (
    CALL_BACK,
    ERRAND,
    FORM,
    PRIVACY,
    Call,
    Desk,
    DeskTurn,
)
from actions.booking.errand import (
    ACCEPT,
    CANCEL,
    MOVE,
    OFFER,
    STATUS,
    SURE,
    TASKS,
    WHEN,
    Errand,
    find_reference,
)
from actions.booking.form_desk import BOOK, FormDesk
from actions.booking.manage import Manager
from actions.booking.talk import PHONE
from actions.privacy import FORGET, KNOWN, PrivacyDesk
from actions.replies import Reply

CHANGE = "change_visit"
# No routine slot is offered, and nothing is sent, while an emergency stands.
NOT_IN_EMERGENCY = (BOOK, MOVE, ACCEPT)


@dataclass(frozen=True)
class FrontDesk:
    """Takes messages one after the other; knows nothing of Rasa."""

    forms: FormDesk
    manager: Manager
    privacy: PrivacyDesk
    calls: CallBackDesk

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
            return await self.forms.hear(desk, desk.form, call)
        if desk.open == ERRAND and desk.errand:
            return await self._hear_errand(desk, desk.errand, call)
        if desk.open == PRIVACY:
            return await self._hear_privacy(desk, call)
        if desk.open == CALL_BACK and desk.call_back:
            turn = await self.calls.hear(desk, desk.call_back, call)
            return self._called(turn, call)
        return await self._late_tap(desk, call)

    def _must_wait(self, desk: Desk, call: Call) -> bool:
        errand = desk.errand
        moving = errand is not None and (
            errand.task in NOT_IN_EMERGENCY or errand.step == OFFER
        )
        asked = call.wish in NOT_IN_EMERGENCY or call.said.command == "book_send"
        inside = desk.open == FORM or (desk.open == ERRAND and moving)
        return asked or (inside and not call.wish)

    async def _wished(self, desk: Desk, call: Call) -> DeskTurn | None:
        """Begins what the message asks for; None if it goes on with what is open."""
        wish, said = call.wish, call.said
        in_form = desk.open == FORM and desk.form is not None
        if wish == BOOK and self._is_answer(desk, call):
            return None
        if wish == BOOK and (not in_form or said.command == BOOK or call.resumes):
            return self.forms.begin(desk, call)
        if wish == KNOWN:
            return await self._known(desk, call)
        if wish == FORGET:
            turn = self.privacy.ask()
            return DeskTurn(replace(desk, open=PRIVACY), turn.replies)
        if wish == CALL_BACK and not self._is_number(desk, call):
            return self._called(await self.calls.begin(desk, call), call)
        if wish == CHANGE and desk.sent:
            values = {"reference": str(desk.sent["reference"])}
            return DeskTurn(desk, (Reply("utter_manage_change", values),))
        if wish not in TASKS or self._is_reference(desk, call):
            return None
        named = find_reference(said.text, asked=False)[0] or said.command or desk.sent
        if in_form and wish in (CANCEL, MOVE) and not named:
            # Most likely this very request is meant.
            if wish == MOVE:
                return None
            return self.forms.stopped(desk, Reply("utter_manage_offer"))
        dealt = await self.manager.begin(
            wish, self._before(desk, call), said, call.situation.conversation
        )
        return self._dealt(desk, dealt, call)

    def _before(self, desk: Desk, call: Call) -> Errand | None:
        """Returns the errand that a new one goes on from: the request in question."""
        if desk.sent is None or (desk.errand and not desk.errand.key):
            return desk.errand
        key = desk.sent_key(call.said.now)
        if key and desk.errand:
            return desk.errand
        # For a while this conversation is proof enough, and then the number as well.
        return Errand(call.wish, reference=str(desk.sent["reference"]), key=key)

    def _is_number(self, desk: Desk, call: Call) -> bool:
        """Says whether "call me on ..." answers the open question for a number."""
        if call.said.command:
            return False
        in_form = desk.open == FORM and desk.form is not None
        asked = in_form and desk.form is not None and desk.form.step == PHONE
        return asked or desk.open == CALL_BACK

    def _is_answer(self, desk: Desk, call: Call) -> bool:
        """Says whether "wednesday after 3" answers an errand, and books nothing."""
        if desk.open != ERRAND or desk.errand is None or call.said.command:
            return False
        return desk.errand.step in (OFFER, SURE, WHEN) and not call.resumes

    def _is_reference(self, desk: Desk, call: Call) -> bool:
        """Says whether a reference was typed that was asked for, and no new wish."""
        typed = call.wish == STATUS and not call.said.command
        waits = desk.open == ERRAND and desk.errand is not None
        return typed and waits and desk.errand.step != OFFER  # type: ignore[union-attr]

    async def _hear_errand(self, desk: Desk, errand: Errand, call: Call) -> DeskTurn:
        # "Ok" after an alarm accepts no time.
        doubtful = call.interrupted and not call.said.command
        if call.resumes or (doubtful and errand.step in (OFFER, SURE)):
            errand, question = self.manager.ask(errand, call.said)
            return DeskTurn(replace(desk, errand=errand), (question,))
        conversation = call.situation.conversation
        dealt = await self.manager.hear(errand, call.said, conversation)
        return self._dealt(desk, dealt, call)

    def _dealt(self, desk: Desk, dealt: Dealt, call: Call) -> DeskTurn:
        if dealt.answer:
            errand, question = self.manager.ask(dealt.errand, call.said)
            return DeskTurn(
                replace(desk, errand=errand), (question,), answer_first=True
            )
        desk = replace(desk, errand=dealt.errand, open=ERRAND if dealt.open else "")
        if dealt.open:
            return DeskTurn(desk, dealt.replies)
        return self._closed(desk, call, dealt.replies)

    def _called(self, turn: DeskTurn, call: Call) -> DeskTurn:
        """Goes on with a form once the call is asked for, or not wanted."""
        if turn.desk.open == CALL_BACK:
            return turn
        return self._closed(turn.desk, call, turn.replies)

    async def _known(self, desk: Desk, call: Call) -> DeskTurn:
        reply = await self.privacy.known(
            call.situation.conversation,
            days=self.forms.sender.conversation_days,
            booking_days=self.forms.sender.booking_days,
        )
        return self._closed(desk, call, (reply,))

    async def _hear_privacy(self, desk: Desk, call: Call) -> DeskTurn:
        said = call.said
        if said.asks:
            return DeskTurn(desk, self.privacy.ask().replies, answer_first=True)
        answer = "no" if changes.stops(said.text) else said.answer
        if call.resumes:
            answer = ""
        turn = await self.privacy.answer(answer, call.situation.conversation)
        if turn.forgotten:
            return DeskTurn(Desk(), turn.replies, forgotten=True)
        if turn.open:
            return DeskTurn(desk, turn.replies)
        return self._closed(replace(desk, open=""), call, turn.replies)

    def _closed(self, desk: Desk, call: Call, replies: tuple[Reply, ...]) -> DeskTurn:
        """Goes on with the form that was interrupted, if there is one."""
        if desk.form is None or call.situation.level == "emergency":
            return DeskTurn(replace(desk, open="" if not desk.form else FORM), replies)
        return self.forms.ask(replace(desk, open=FORM), call, *replies)

    async def _late_tap(self, desk: Desk, call: Call) -> DeskTurn:
        """Answers a button of a form that is over: "Send" gives the same reference."""
        if call.said.command == "book_send" and desk.sent:
            reference = str(desk.sent["reference"])
            return DeskTurn(
                desk, (self.forms.sender.receipt(reference, call.situation, call.said),)
            )
        if call.said.command.startswith("manage_"):
            return DeskTurn(desk, (Reply("utter_manage_offer"),))
        return DeskTurn(desk, (Reply("utter_book_appointment"),))
