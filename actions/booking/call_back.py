"""Takes the wish to be called back: a number, and nothing else."""

import hashlib
import re
from dataclasses import dataclass, replace

from actions.booking import changes
from actions.booking.desk import CALL_BACK, Call, CallBack, Desk, DeskTurn
from actions.booking.errors import NotWrittenError
from actions.booking.names import read_name
from actions.booking.phones import NUMBER, Phone, PhoneBook
from actions.booking.sending import Sender
from actions.booking.step_answers import PHONE_PROBLEMS
from actions.booking.submit import unhurried
from actions.replies import Reply
from records import states
from records.errors import RequestError
from records.requests import (
    CALL_BACK_VISIT,
    LEVELS,
    NO_NAME,
    Contact,
    NewRequest,
    Receipt,
)

# Who asks for a call waits by the phone: sooner than for a visit.
LEAST_LEVEL = "soon"
LONGEST_NOTE = 300
LONGEST_NAME_WORDS = 5
MOST_FAILURES = 2
# So often a new call may be asked for after an earlier one was dealt with.
MOST_KEYS = 50
NO_NAME_BESIDE = re.compile(
    r"\b(?:my|me|call|phone|ring|number|nr|cell|on|use|try|or|not|back|whatsapp)\b",
    re.I,
)
# Urgent or not, and open or not.
SENT = {
    (False, True): "utter_call_back_sent",
    (False, False): "utter_call_back_sent_closed",
    (True, True): "utter_call_back_sent_urgent",
    (True, False): "utter_call_back_sent_urgent_closed",
}
STOPS = ("book_stop", "manage_stop")


@dataclass(frozen=True)
class CallBackDesk:
    """Stores a request for a call at once, as soon as there is one number."""

    sender: Sender
    phones: PhoneBook

    async def begin(self, desk: Desk, call: Call) -> DeskTurn:
        """Takes the number of the message, that of an open form, or asks for one."""
        asked = CallBack(words=call.said.text[:LONGEST_NOTE])
        phones = self.phones.read(call.said.text).phones
        form = desk.form
        if not phones and form and form.phone:
            asked = replace(asked, name=form.name)
            phones = (Phone(form.phone, form.phone_read, form.extension),)
        if len(phones) == 1:
            return await self._store(desk, asked, phones[0], call)
        return self.ask(replace(desk, call_back=asked), call)

    async def hear(self, desk: Desk, asked: CallBack, call: Call) -> DeskTurn:
        """Takes the answer to "which number"."""
        said = call.said
        if said.command in STOPS or (changes.stops(said.text) and not said.command):
            desk = replace(desk, open="", call_back=None)
            return DeskTurn(desk, (Reply("utter_booking_stopped"),))
        read = self.phones.read(said.text)
        if len(read.phones) == 1:
            asked = replace(asked, name=_name(said.text))
            return await self._store(desk, asked, read.phones[0], call)
        if said.asks or said.command or call.resumes:
            turn = self.ask(desk, call)
            return replace(turn, answer_first=not call.resumes)
        asked = replace(asked, failures=asked.failures + 1)
        desk = replace(desk, call_back=asked)
        if asked.failures >= MOST_FAILURES:
            return DeskTurn(desk, (Reply("utter_call_back_stuck"),))
        if read.phones:
            values = {"numbers": ", ".join(number.groups for number in read.phones)}
            return DeskTurn(desk, (Reply("utter_booking_phone_which", values),))
        problem = PHONE_PROBLEMS.get(read.problem, "utter_booking_help_phone")
        return DeskTurn(desk, (Reply(problem),))

    def ask(self, desk: Desk, call: Call) -> DeskTurn:
        """Asks for the number, with what the patient agrees to by sending it."""
        values = {"days": self.sender.booking_days}
        question = Reply("utter_call_back_ask", values)
        first = _help_first(call)
        return DeskTurn(replace(desk, open=CALL_BACK), (*first, question))

    async def _store(
        self, desk: Desk, asked: CallBack, phone: Phone, call: Call
    ) -> DeskTurn:
        request, person = self._request(asked, phone, call)
        try:
            receipt, key = await unhurried(self._submit, request, person)
        except (NotWrittenError, RequestError):
            desk = replace(desk, open=CALL_BACK, call_back=asked)
            failed = Reply("utter_call_back_failed", {"phone": phone.groups})
            return DeskTurn(desk, (*_help_first(call), failed))
        desk = desk.with_sent(key, receipt.reference, call.said.now)
        desk = replace(desk, open="", call_back=None, errand=None)
        told = self._told(receipt, phone, call)
        return DeskTurn(desk, (*_help_first(call), told))

    def _request(
        self, asked: CallBack, phone: Phone, call: Call
    ) -> tuple[NewRequest, Contact]:
        situation = call.situation
        level = min(situation.level, LEAST_LEVEL, key=LEVELS.index)
        request = NewRequest(
            conversation=situation.conversation,
            channel=situation.channel,
            for_whom="self",
            visit_type=CALL_BACK_VISIT,
            consent_version=self.sender.call_back_version,
            consented_at=call.said.now,
            level=level,
            reason=situation.reason[:LONGEST_NOTE],
            flags=situation.flags,
            screening=dict(situation.screening),
            note=asked.words,
        )
        return request, Contact(asked.name or NO_NAME, phone.e164)

    def _submit(self, request: NewRequest, person: Contact) -> tuple[Receipt, str]:
        """Stores the request, or finds the same one that still waits for its call."""
        book = self.sender.book
        for number in range(MOST_KEYS):
            parts = (request.conversation, person.phone, request.level, str(number))
            key = hashlib.sha256("\n".join(parts).encode()).hexdigest()
            receipt = book.submit(key, request, person)
            if receipt.is_new or book.get(receipt.request_id).state in states.WAITING:
                break
        return receipt, key

    def _told(self, receipt: Receipt, phone: Phone, call: Call) -> Reply:
        values = {
            "reference": receipt.reference,
            "phone": phone.groups,
            "days": self.sender.booking_days,
        }
        if call.situation.level == "emergency":
            return Reply("utter_call_back_sent_emergency", values)
        now = call.said.now
        is_open = self.sender.is_open(now)
        if not is_open:
            values["day"] = self.sender.opens(now)
        return Reply(SENT[call.situation.level == "urgent", is_open], values)


def _help_first(call: Call) -> tuple[Reply, ...]:
    """Nobody in danger may wait for a call."""
    danger = call.situation.level == "emergency"
    return (Reply("utter_emergency_reminder"),) if danger else ()


def _name(text: str) -> str:
    """Returns the name beside a number, if what stands there may be one."""
    rest = NUMBER.sub(" ", text)
    name = "" if NO_NAME_BESIDE.search(rest) else read_name(rest).name
    return name if len(name.split()) <= LONGEST_NAME_WORDS else ""
