"""What the turns of a conversation are planned from, and what a plan holds."""

from dataclasses import asdict, dataclass, field
from typing import Any

from addons.safety.answers import Reply
from addons.safety.state import SafetyState
from addons.safety.triage import Via, rank

# An answer of so few words is no description of a sign.
SHORT_ANSWER = 3
# The buttons of a safety question, where they are printed as a list.
NUMBERED = {"1": "yes", "2": "no", "3": "unsure", "4": "stop"}


@dataclass(frozen=True)
class Raised:
    """A flag of the message: its level here, its status, and who found it.

    `text` holds the patient's words; it is empty if a yes has raised the flag, and then
    `ask` names the question.
    """

    id: str
    level: str
    status: str
    via: Via
    text: str = ""
    ask: str = ""


@dataclass(frozen=True)
class Heard:
    """What the pipeline understood of one message.

    Attributes:
        command: the button that was tapped.
        section: the address of the section that it asks for.
        asks_no_symptoms: on this channel a booking may not ask about health.
        plain_answer: a name, a number, a day or the like was asked for.
    """

    text: str
    flags: tuple[Raised, ...] = ()
    signs: tuple[str, ...] = ()
    reply: Reply = field(default_factory=Reply)
    intent: str = ""
    command: str = ""
    section: str = ""
    topics: tuple[str, ...] = ()
    questions: tuple[Any, ...] = ()
    about_other: bool = False
    failed: bool = False
    asks_no_symptoms: bool = False
    plain_answer: bool = False

    @property
    def answer(self) -> str:
        """`yes`, `no`, `unsure` or nothing, from a button or from words."""
        tapped = self._number or self.command
        if tapped in ("yes", "no", "unsure"):
            return tapped
        by_intent = {"affirm": "yes", "deny": "no"}.get(self.intent, "")
        return self.reply.answer or by_intent

    @property
    def sign_answer(self) -> str:
        """The answer to a question about a sign: "ok" and "sure" say nothing of one."""
        return "" if self.reply.agrees and not self.command else self.answer

    def makes_noise(self, flag: Raised) -> bool:
        """Says whether the statistical layer has doubts about "not sure", or a name."""
        is_answer = bool(self.reply.answer) or self.reply.stop
        short = is_answer and self.is_short
        lesser = rank(flag.level) < rank("urgent")
        return (short or self.plain_answer) and flag.via == "model" and lesser

    @property
    def is_short(self) -> bool:
        """Says whether an answer can hardly say anything beside itself."""
        return len(self.text.split()) <= SHORT_ANSWER

    @property
    def stops(self) -> bool:
        """Says whether the person wants no more questions."""
        return "stop" in (self._number, self.command) or self.reply.stop

    @property
    def _number(self) -> str:
        return NUMBERED.get(self.text.strip(" .)"), "")

    @property
    def wish(self) -> str:
        """The intent, also if a button stands for it."""
        return BUTTON_INTENTS.get(self.command, self.intent)


BUTTON_INTENTS = {"book": "book_appointment", "checked": "checked_by_doctor"}


@dataclass(frozen=True)
class Escalation:
    """What the clinic is told of a turn.

    `event` is `raised`, `cannot_get_help` or `checked_by_doctor`.
    """

    level: str
    flags: tuple[str, ...]
    via: str
    words: str
    event: str = "raised"

    def to_slot(self) -> dict[str, Any]:
        """Returns what the slot holds."""
        return {**asdict(self), "flags": list(self.flags)}


@dataclass(frozen=True)
class Turn:
    """The new memory, what is raised in this turn, and what the clinic is told.

    Attributes:
        words: what the patient is told to repeat to the ambulance.
        cleared: all levels and flags so far are taken back.
    """

    state: SafetyState
    level: str = "none"
    flags: tuple[str, ...] = ()
    family: str = ""
    words: str = ""
    escalation: Escalation | None = None
    cleared: bool = False
