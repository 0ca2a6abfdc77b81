"""What a booking conversation is made of: the answers so far, and what was said now."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from actions.replies import Reply

CONSENT = "consent"
WHO = "who"
NAME = "name"
PHONE = "phone"
VISIT = "visit"
DAY = "day"
PART = "part"
NOTE = "note"
SUMMARY = "summary"
CHANGE = "change"
TUPLES = ("suggested", "early", "skipped", "offered")
# In the order in which they are asked.
FIELDS = (WHO, NAME, PHONE, VISIT, DAY, PART, NOTE)


@dataclass(frozen=True)
class Said:
    """A message of the patient, as far as a booking needs it.

    Attributes:
        text: the words; empty for a button.
        command: the name of a button, and `value` what it carries.
        answer: `yes`, `no` or nothing.
        asks: the articles answer it, or it asks for a person.
        is_question: it is worded as a question, and the articles answer it.
        polite: it says thanks or wishes to book: no answer, and no mistake.
        now: the moment.
    """

    text: str
    now: datetime
    command: str = ""
    value: str = ""
    answer: str = ""
    asks: bool = False
    is_question: bool = False
    polite: bool = False


@dataclass(frozen=True)
class Form:
    """The answers of one request so far, kept in the slot `booking`.

    Attributes:
        key: made when the form starts, so that sending twice is noticed.
        step: the question that waits for its answer.
        consented: when consent was given, and to which `version` of its words.
        asks_note: false where no symptom may be asked for.
        phone: the number as it is stored, and `phone_read` as it is read back.
        wish: the days and times that were understood.
        suggested: wishes that the patient must still agree to.
        early: wishes in the words that asked for a visit, to be suggested in time.
        skipped: questions that the clinic will have to ask.
        offered: what the buttons of the last question send, in the order shown.
        failures: how often the open question was not understood.
        tried: it may have been sent: no answer came.
    """

    key: str
    step: str = CONSENT
    consented: str = ""
    version: str = ""
    asks_note: bool = True
    who: str = ""
    name: str = ""
    phone: str = ""
    phone_read: str = ""
    extension: str = ""
    visit: str = ""
    wish: Mapping[str, Any] = field(default_factory=dict)
    day_typed: str = ""
    part_typed: str = ""
    note: str = ""
    suggested: tuple[Mapping[str, Any], ...] = ()
    early: tuple[Mapping[str, Any], ...] = ()
    skipped: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    failures: int = 0
    tried: bool = False

    def to_slot(self) -> dict[str, Any]:
        """Returns the form as JSON-ready values."""
        values = asdict(self)
        for key in TUPLES:
            values[key] = list(values[key])
        return values

    @classmethod
    def from_slot(cls, value: Any) -> "Form | None":
        """Returns the form of a slot value; None if there is none."""
        if not isinstance(value, Mapping) or not value.get("key"):
            return None
        known = {f.name: value[f.name] for f in fields(cls) if f.name in value}
        for key in TUPLES:
            known[key] = tuple(known.get(key) or ())
        return cls(**known)

    def has(self, part: str) -> bool:
        """Says whether a question is answered or skipped."""
        if part in self.skipped:
            return True
        if part == PART:
            return bool(self.part_typed) or not self.asks_part
        if part == NOTE:
            return bool(self.note) or not self.asks_note
        value = {
            WHO: self.who,
            NAME: self.name,
            PHONE: self.phone,
            VISIT: self.visit,
            DAY: self.wish,
        }
        return bool(value[part])

    @property
    def asks_part(self) -> bool:
        """Whether a day was said, and no time on it."""
        timed = any(" " in code for code in self.wish.get("choices", ()))
        return bool(self.wish) and not timed and not self.wish.get("soonest")

    @property
    def next(self) -> str:
        """The first question that is still to be asked."""
        if not self.consented:
            return CONSENT
        return next((part for part in FIELDS if not self.has(part)), SUMMARY)

    @property
    def complete(self) -> bool:
        """Whether the request can be sent."""
        return self.next == SUMMARY


# What is left to do after a message.
STAY = ""
ANSWER = "answer"
SEND = "send"
STOPPED = "stopped"


@dataclass(frozen=True)
class Heard:
    """What a message leads to.

    Attributes:
        form: the form after it.
        replies: what was understood, or what is wrong; the open question follows.
        then: `answer` if the articles must answer first, `send`, `stopped`, or nothing.
        ask: whether the open question follows.
    """

    form: Form
    replies: tuple[Reply, ...] = ()
    then: str = STAY
    ask: bool = True
