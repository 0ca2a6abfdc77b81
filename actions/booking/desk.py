"""The memory of the desk, one message to it, and what it says."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from actions.booking.errand import Errand
from actions.booking.submit import Situation
from actions.booking.talk import Form, Said
from actions.replies import Reply

FORM = "form"
ERRAND = "errand"
PRIVACY = "privacy"
CALL_BACK = "call_back"
# A request that was sent so long ago is spoken of to who knows its number.
FRESH = timedelta(hours=1)


@dataclass(frozen=True)
class CallBack:
    """A wish to be called that still lacks its number."""

    words: str = ""
    name: str = ""
    failures: int = 0


@dataclass(frozen=True)
class Desk:
    """The memory of all that the desk deals with, kept in the slot `booking`.

    Attributes:
        open: which of them waits for an answer: `form`, `errand`, `privacy`,
            `call_back`, or none.
        sent: key, reference and moment of the latest request of this conversation.
    """

    open: str = ""
    form: Form | None = None
    errand: Errand | None = None
    sent: Mapping[str, str] | None = None
    call_back: CallBack | None = None

    def with_sent(self, key: str, reference: str, now: datetime) -> "Desk":
        """Returns the memory with a request that was sent just now."""
        sent = {"key": key, "reference": reference, "at": now.isoformat()}
        return replace(self, sent=sent)

    def sent_key(self, now: datetime) -> str:
        """Returns the key of the latest request while it is fresh; else nothing."""
        at = (self.sent or {}).get("at", "")
        fresh = at and now - datetime.fromisoformat(at) < FRESH
        return str(self.sent["key"]) if self.sent and fresh else ""

    def to_slot(self) -> dict[str, Any]:
        """Returns the memory as JSON-ready values."""
        return {
            "open": self.open,
            "form": self.form.to_slot() if self.form else None,
            "errand": self.errand.to_slot() if self.errand else None,
            "sent": dict(self.sent) if self.sent else None,
            "call_back": asdict(self.call_back) if self.call_back else None,
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
            call_back=CallBack(**value["call_back"])
            if value.get("call_back")
            else None,
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
