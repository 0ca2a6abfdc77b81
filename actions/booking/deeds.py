"""Takes the steps that a patient wants with a request that was sent before."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from actions.booking.asking import Asker
from actions.booking.errand import ACCEPT, CANCEL, MOVE, Errand
from actions.booking.errors import NotWrittenError
from actions.booking.submit import stored_wish, unhurried
from actions.booking.talk import Said
from actions.replies import Reply
from records.appointments import AppointmentBook
from records.audit import PATIENT
from records.errors import RequestError, StaleRequestError, TooManyAttemptsError
from records.requests import Appointment

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


@dataclass(frozen=True)
class Deeds:
    """Finds and changes requests in the appointment book, or says what went wrong."""

    book: AppointmentBook
    asker: Asker

    async def find(self, errand: Errand, conversation: str) -> Errand | Dealt:
        """Returns the errand with its request, or what is told if there is none."""
        try:
            if errand.key:
                found = await unhurried(
                    self.book.sent, errand.key, conversation=conversation
                )
            else:
                found = await unhurried(
                    self.book.find,
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
        return replace(errand, request_id=found.id, reference=found.reference, phone="")

    async def act(self, errand: Errand, said: Said) -> Dealt:
        """Takes the step of the errand."""

        async def take(request: Appointment) -> Dealt:
            version, request_id = request.version, request.id
            if errand.task == MOVE and errand.when:
                wish = stored_wish(errand.when)
                await unhurried(
                    self.book.move, request_id, wish, version=version, actor=PATIENT
                )
            else:
                step = self.book.confirm if errand.task == ACCEPT else self.book.cancel
                await unhurried(step, request_id, version=version, actor=PATIENT)
            day = self.asker.wish(errand.when.wish, said.now) if errand.when else ""
            values = {
                "reference": errand.reference,
                "day": day,
                "time": errand.offer.get("time", ""),
            }
            reply = Reply(DONE[errand.task], values)
            done = replace(errand, step="", when=None, offer={})
            return Dealt(done, (reply,), open=False)

        return await self.with_request(errand, take)

    async def with_request(
        self, errand: Errand, work: Callable[[Appointment], Awaitable[Dealt]]
    ) -> Dealt:
        """Loads the request and works on it, once more if somebody was faster."""
        try:
            for _ in range(TRIES):
                try:
                    return await work(await unhurried(self.book.get, errand.request_id))
                except StaleRequestError:
                    continue
        except NotWrittenError:
            return Dealt(errand, (Reply("utter_manage_failed"),))
        except RequestError:
            pass
        return Dealt(errand, (Reply("utter_manage_refused"),), open=False)
