"""Finds a request by reference and phone number, and does what the patient wants."""

from dataclasses import replace

from actions.booking import changes
from actions.booking.agreeing import read_agreement
from actions.booking.asking import Asker
from actions.booking.day_answers import DayAnswers
from actions.booking.deeds import Dealt, Deeds
from actions.booking.errand import (
    ACCEPT,
    CANCEL,
    MOVE,
    OFFER,
    PHONE,
    REFERENCE,
    STATUS,
    SURE,
    WHEN,
    Errand,
    find_reference,
)
from actions.booking.moving import Moving
from actions.booking.phones import PhoneBook
from actions.booking.states_told import told
from actions.booking.talk import Said
from actions.replies import Reply
from records import states
from records.requests import Appointment

STEPS = {CANCEL: "cancel", MOVE: "move", ACCEPT: "confirm"}
ASKS = {REFERENCE: "utter_manage_ask_reference", PHONE: "utter_manage_ask_phone"}
HELP = {
    REFERENCE: "utter_manage_help_reference",
    PHONE: "utter_manage_help_phone",
    OFFER: "utter_manage_help_offer",
}
PATIENCE = 2
# The buttons below an offer, in the order shown.
OFFERED = tuple(f"button:{task}" for task in (ACCEPT, MOVE, CANCEL))


class Manager:
    """Deals with errands; nothing is told before it is clear who asks."""

    def __init__(
        self, deeds: Deeds, asker: Asker, days: DayAnswers, phones: PhoneBook
    ) -> None:
        self._deeds = deeds
        self._asker = asker
        self._days = days
        self._phones = phones
        self._moving = Moving(days, asker)

    async def begin(
        self, task: str, before: Errand | None, said: Said, conversation: str
    ) -> Dealt:
        """Begins an errand, with what the message and an earlier errand say."""
        errand = Errand(task)
        reference, _ = find_reference(said.text, asked=False)
        if before and reference in ("", before.reference):
            errand = replace(before, task=task, failures=0, when=None)
        return await self._collect(errand, said, conversation, first=True)

    async def hear(self, errand: Errand, said: Said, conversation: str) -> Dealt:
        """Takes the answer to what the errand waits for."""
        if said.command == "manage_stop" or self._stops(errand, said):
            return Dealt(errand, (Reply("utter_manage_stopped"),), open=False)
        if said.command == "manage_retry":
            return await self._collect(errand, said, conversation, first=True)
        if said.command and not said.answer and not said.command.startswith("book_"):
            return Dealt(errand, answer=True)
        if errand.step == OFFER:
            return await self._offered(errand, said)
        if errand.step == SURE:
            return await self._sure(errand, said)
        if errand.step == WHEN:
            return self._moving.hear(errand, said)
        return await self._collect(errand, said, conversation)

    def ask(self, errand: Errand, said: Said) -> tuple[Errand, Reply]:
        """Returns the question that waits for an answer."""
        if errand.step in (WHEN, SURE) and errand.task == MOVE:
            return self._moving.ask(errand, said)
        if errand.step == OFFER:
            return errand, Reply("utter_manage_proposed", errand.offer)
        if errand.step == SURE:
            values = {"reference": errand.reference}
            return errand, Reply("utter_manage_cancel_sure", values)
        return errand, Reply(ASKS[errand.step])

    def _stops(self, errand: Errand, said: Said) -> bool:
        """Says whether the errand is not wanted; "cancel it" may be its very yes."""
        if said.command or (errand.step == OFFER and read_agreement(said.text).answer):
            return False
        agreed = errand.step == SURE and _cancels(errand, said)
        return changes.stops(said.text) and not agreed

    async def _collect(
        self, errand: Errand, said: Said, conversation: str, *, first: bool = False
    ) -> Dealt:
        """Takes reference and phone number, in any order, and goes on with both."""
        if errand.task == MOVE and first:
            errand = self._moving.with_early_day(errand, said)
        if errand.request_id:
            return await self._found(errand, said)
        reference, rest = errand.reference, said.text
        if not reference:
            reference, rest = find_reference(said.text, asked=not first)
        numbers = () if errand.phone else self._phones.read(rest).phones
        phone = errand.phone or (numbers[0].e164 if len(numbers) == 1 else "")
        took = (reference, phone) != (errand.reference, errand.phone)
        step = PHONE if reference else REFERENCE
        errand = replace(errand, reference=reference, phone=phone, step=step)
        if errand.key or (reference and phone):
            found = await self._deeds.find(errand, conversation)
            if isinstance(found, Dealt):
                return found
            return await self._found(found, said)
        if not (took or first):
            return self._not_understood(errand, said)
        errand, question = self.ask(replace(errand, failures=0), said)
        return Dealt(errand, (question,))

    def _not_understood(self, errand: Errand, said: Said) -> Dealt:
        if said.asks:
            return Dealt(errand, answer=True)
        errand = replace(errand, failures=errand.failures + 1)
        if errand.failures >= PATIENCE and errand.step != OFFER:
            return Dealt(errand, (Reply("utter_manage_stuck"),))
        # An offer must not stand in the way of all else for ever.
        patient = errand.failures <= PATIENCE
        return Dealt(errand, (Reply(HELP[errand.step]),), open=patient)

    async def _found(self, errand: Errand, said: Said) -> Dealt:
        """Tells the state, or asks what else the errand needs."""
        return await self._deeds.with_request(
            errand, lambda request: self._for(errand, request, said)
        )

    async def _for(self, errand: Errand, request: Appointment, said: Said) -> Dealt:
        if request.state == states.PROPOSED and errand.task in (STATUS, ACCEPT):
            return await self._offer(errand, request, said)
        possible = STEPS.get(errand.task, "") in states.STEPS[request.state]
        if errand.task in (STATUS, ACCEPT) or not possible:
            reply = told(request, self._days.opening, self._asker, said.now)
            return Dealt(replace(errand, step=""), (reply,), open=False)
        if errand.task == MOVE:
            return self._moving.begin(errand, said)
        errand, question = self.ask(replace(errand, step=SURE), said)
        return Dealt(errand, (question,))

    async def _offer(self, errand: Errand, request: Appointment, said: Said) -> Dealt:
        """Tells the offered time; accepts it if just this one was told before."""
        reply = told(request, self._days.opening, self._asker, said.now)
        offer = {**reply.values, "starts_at": f"{request.starts_at}"}
        same = all(
            errand.offer.get(key) == offer[key] for key in ("starts_at", "practitioner")
        )
        if errand.task == ACCEPT and same:
            return await self._deeds.act(replace(errand, offer=offer), said)
        errand = replace(errand, step=OFFER, offer=offer, failures=0)
        return Dealt(errand, (reply,))

    async def _offered(self, errand: Errand, said: Said) -> Dealt:
        """Takes words for "does that suit you?" as the buttons below it."""
        picked = changes.picked(said.text, OFFERED).removeprefix("button:")
        if picked:
            return await self._found(replace(errand, task=picked), said)
        read = read_agreement(said.text)
        answer = read.answer or ("" if said.text else said.answer)
        moves = self._moving.other_day(errand, read.rest, said)
        if answer == "yes" and moves == "":
            return await self._found(replace(errand, task=ACCEPT), said)
        if moves or answer == "no":
            errand = replace(errand, task=MOVE)
            errand = self._moving.with_early_day(errand, said, moves or "")
            return self._moving.begin(errand, said)
        return self._not_understood(errand, said)

    async def _sure(self, errand: Errand, said: Said) -> Dealt:
        read = read_agreement(said.text)
        if errand.task == MOVE and read.rest and not read.plain:
            again = self._moving.change(errand, read.rest, said)
            if again:
                return again
        agrees = read.plain == "yes" or changes.sends(said.text)
        if agrees or _cancels(errand, said) or (said.answer == "yes" and not read.rest):
            return await self._deeds.act(errand, said)
        if "no" in (said.answer, read.answer):
            return Dealt(errand, (Reply("utter_manage_left"),), open=False)
        if said.asks:
            return Dealt(errand, answer=True)
        _, question = self.ask(errand, said)
        return Dealt(errand, (question,))


def _cancels(errand: Errand, said: Said) -> bool:
    return errand.task == CANCEL and changes.cancels(said.text)
