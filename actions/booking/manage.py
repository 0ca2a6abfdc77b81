"""Finds a request by reference and phone number, and does what the patient wants."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from actions.booking import changes
from actions.booking.asking import Asker
from actions.booking.day_answers import DayAnswers
from actions.booking.errand import (
    ACCEPT,
    CANCEL,
    MOVE,
    PHONE,
    REFERENCE,
    STATUS,
    SURE,
    WHEN,
    Errand,
    day_form,
    find_reference,
)
from actions.booking.errors import NotWrittenError
from actions.booking.phones import PhoneBook
from actions.booking.states_told import told
from actions.booking.submit import stored_wish, unhurried
from actions.booking.talk import DAY, PART, Said
from actions.replies import Reply
from records import states
from records.appointments import AppointmentBook
from records.audit import PATIENT
from records.errors import RequestError, StaleRequestError, TooManyAttemptsError
from records.requests import Appointment

STEPS = {CANCEL: "cancel", MOVE: "move", ACCEPT: "confirm"}
ASKS = {REFERENCE: "utter_manage_ask_reference", PHONE: "utter_manage_ask_phone"}
HELP = {REFERENCE: "utter_manage_help_reference", PHONE: "utter_manage_help_phone"}
SURE_QUESTIONS = {
    CANCEL: "utter_manage_cancel_sure",
    ACCEPT: "utter_manage_accept_sure",
}
DONE = {
    CANCEL: "utter_manage_cancelled",
    MOVE: "utter_manage_moved",
    ACCEPT: "utter_manage_accepted",
}
TRIES = 2


@dataclass(frozen=True)
class Dealt:
    """What a message about an errand leads to.

    Attributes:
        errand: the errand after it.
        open: whether an answer is waited for.
        answer: whether the articles must answer first.
    """

    errand: Errand
    replies: tuple[Reply, ...] = ()
    open: bool = True
    answer: bool = False


class Manager:
    """Deals with errands; nothing is told before reference and phone number fit."""

    def __init__(
        self, book: AppointmentBook, asker: Asker, days: DayAnswers, phones: PhoneBook
    ) -> None:
        self._book = book
        self._asker = asker
        self._days = days
        self._phones = phones

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
        if said.command == "manage_stop" or (
            changes.stops(said.text) and not said.command
        ):
            return Dealt(errand, (Reply("utter_manage_stopped"),), open=False)
        if said.command == "manage_retry":
            return await self._collect(errand, said, conversation, first=True)
        if said.command and not said.answer and not said.command.startswith("book_"):
            return Dealt(errand, answer=True)
        if errand.step == SURE:
            return await self._sure(errand, said, conversation)
        if errand.step == WHEN:
            return await self._when(errand, said, conversation)
        return await self._collect(errand, said, conversation)

    def ask(self, errand: Errand, said: Said) -> tuple[Errand, Reply]:
        """Returns the question that waits for an answer."""
        if errand.step == WHEN and errand.when:
            when, reply = self._asker.ask(errand.when, said.now)
            return replace(errand, when=when), reply
        if errand.step == SURE:
            values = {"reference": errand.reference}
            return errand, Reply(SURE_QUESTIONS[errand.task], values)
        return errand, Reply(ASKS[errand.step])

    async def _collect(
        self, errand: Errand, said: Said, conversation: str, *, first: bool = False
    ) -> Dealt:
        """Takes reference and phone number, in any order, and goes on with both."""
        if errand.request_id:
            return await self._found(errand, said, conversation)
        reference, rest = errand.reference, said.text
        if not reference:
            reference, rest = find_reference(said.text, asked=not first)
        numbers = () if errand.phone else self._phones.read(rest).phones
        phone = errand.phone or (numbers[0].e164 if len(numbers) == 1 else "")
        took = (reference, phone) != (errand.reference, errand.phone)
        step = PHONE if reference else REFERENCE
        errand = replace(errand, reference=reference, phone=phone, step=step)
        if reference and phone:
            return await self._find(errand, said, conversation)
        if not (took or first):
            return self._not_understood(errand, said)
        errand, question = self.ask(replace(errand, failures=0), said)
        return Dealt(errand, (question,))

    def _not_understood(self, errand: Errand, said: Said) -> Dealt:
        if said.asks:
            return Dealt(errand, answer=True)
        errand = replace(errand, failures=errand.failures + 1)
        if errand.failures >= TRIES:
            return Dealt(errand, (Reply("utter_manage_stuck"),))
        return Dealt(errand, (Reply(HELP[errand.step]),))

    async def _find(self, errand: Errand, said: Said, conversation: str) -> Dealt:
        try:
            found = await unhurried(
                self._book.find,
                errand.reference,
                errand.phone,
                conversation=conversation,
            )
        except TooManyAttemptsError:
            told = (Reply("utter_manage_too_many"),)
            return Dealt(Errand(errand.task), told, open=False)
        except NotWrittenError:
            return Dealt(errand, (Reply("utter_manage_failed"),))
        if found is None:
            errand = Errand(errand.task)
            return Dealt(errand, (Reply("utter_manage_not_found"),))
        errand = replace(errand, request_id=found.id, phone="")
        return await self._found(errand, said, conversation)

    async def _found(self, errand: Errand, said: Said, conversation: str) -> Dealt:
        """Tells the state, or asks what else the errand needs."""
        return await self._with_request(
            errand, lambda request: self._for(errand, request, said)
        )

    async def _for(self, errand: Errand, request: Appointment, said: Said) -> Dealt:
        step = STEPS.get(errand.task, "")
        possible = step in states.STEPS[request.state]
        if errand.task == ACCEPT:
            possible = request.state == states.PROPOSED
        if errand.task == STATUS or not possible:
            reply = told(request, self._days.opening, self._asker, said.now)
            return Dealt(replace(errand, step=""), (reply,), open=False)
        if errand.task == MOVE:
            errand = replace(errand, step=WHEN, when=day_form())
        else:
            errand = replace(errand, step=SURE)
        errand, question = self.ask(errand, said)
        return Dealt(errand, (question,))

    async def _sure(self, errand: Errand, said: Said, conversation: str) -> Dealt:
        if said.answer == "yes" or changes.sends(said.text):
            return await self._act(errand, said)
        if said.answer == "no":
            return Dealt(errand, (Reply("utter_manage_left"),), open=False)
        if said.asks:
            return Dealt(errand, answer=True)
        _, question = self.ask(errand, said)
        return Dealt(errand, (question,))

    async def _when(self, errand: Errand, said: Said, conversation: str) -> Dealt:
        form = errand.when or day_form()
        heard = self._days.hear(form, said)
        if heard is None:
            if said.asks:
                return Dealt(errand, answer=True)
            _, question = self.ask(errand, said)
            return Dealt(errand, (Reply("utter_booking_help_day"), question))
        errand = replace(errand, when=heard.form)
        if heard.form.step not in (DAY, PART):
            return await self._act(errand, said)
        if not heard.ask:
            return Dealt(errand, heard.replies)
        errand, question = self.ask(errand, said)
        return Dealt(errand, (*heard.replies, question))

    async def _act(self, errand: Errand, said: Said) -> Dealt:
        """Takes the step in the appointment book."""

        async def take(request: Appointment) -> Dealt:
            version, request_id = request.version, request.id
            if errand.task == MOVE and errand.when:
                wish = stored_wish(errand.when)
                await unhurried(
                    self._book.move, request_id, wish, version=version, actor=PATIENT
                )
            else:
                step = (
                    self._book.confirm if errand.task == ACCEPT else self._book.cancel
                )
                await unhurried(step, request_id, version=version, actor=PATIENT)
            day = self._asker.wish(errand.when.wish, said.now) if errand.when else ""
            values = {"reference": errand.reference, "day": day}
            reply = Reply(DONE[errand.task], values)
            return Dealt(replace(errand, step="", when=None), (reply,), open=False)

        return await self._with_request(errand, take)

    async def _with_request(
        self, errand: Errand, work: Callable[[Appointment], Awaitable[Dealt]]
    ) -> Dealt:
        """Loads the request and works on it, once more if somebody was faster."""
        try:
            for _ in range(TRIES):
                try:
                    return await work(
                        await unhurried(self._book.get, errand.request_id)
                    )
                except StaleRequestError:
                    continue
        except NotWrittenError:
            return Dealt(errand, (Reply("utter_manage_failed"),))
        except RequestError:
            pass
        return Dealt(errand, (Reply("utter_manage_refused"),), open=False)
