"""The memory of the desk, one message to it, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.booking.errand import Errand
from actions.booking.submit import Situation
from actions.booking.talk import Form, Said
from actions.replies import Reply

FORM = "form"
ERRAND = "errand"
PRIVACY = "privacy"


@dataclass(frozen=True)
class Desk:
    """The memory of all that the desk deals with, kept in the slot `booking`.

    Attributes:
        open: which of them waits for an answer: `form`, `errand`, `privacy`, or none.
        sent: the key and the reference of the latest request of this conversation.
    """

    open: str = ""
    form: Form | None = None
    errand: Errand | None = None
    sent: Mapping[str, str] | None = None

    def to_slot(self) -> dict[str, Any]:
        """Returns the memory as JSON-ready values."""
        return {
            "open": self.open,
            "form": self.form.to_slot() if self.form else None,
            "errand": self.errand.to_slot() if self.errand else None,
            "sent": dict(self.sent) if self.sent else None,
        }

    @classmethod
    def from_slot(cls, value: Any) -> "Desk":
        """Reads the slot; anything that is no memory is an empty one."""
        if not isinstance(value, Mapping):
            return cls()
        return cls(
            open=str(value.get("open") or ""),
            form=Form.from_slot(value.get("form")),
            errand=Errand.from_slot(value.get("errand")),
            sent=value.get("sent"),
        )


@dataclass(frozen=True)
class Call:
    """One message to the desk, and what stands around it.

    Attributes:
        wish: what the message asks the desk for, such as `book`; empty for an answer.
        resumes: no answer: the safety questions are over, and the desk goes on.
        patient_words: what has raised the latest alarm.
        first_words: what asked for a visit before the safety questions.
        interrupted: something else has answered since the desk spoke last.
    """

    said: Said
    situation: Situation
    wish: str = ""
    resumes: bool = False
    interrupted: bool = False
    asks_note: bool = True
    patient_words: str = ""
    first_words: str = ""


@dataclass(frozen=True)
class DeskTurn:
    """What the desk says.

    Attributes:
        answer_first: the articles answer the message, before these replies.
        forgotten: everything the conversation holds must be forgotten.
    """

    desk: Desk
    replies: tuple[Reply, ...] = ()
    answer_first: bool = False
    forgotten: bool = False
