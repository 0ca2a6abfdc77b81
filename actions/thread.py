"""What the conversation is about, so that "tell me more" and "2" mean something."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Thread:
    """Kept in the slot `thread` from one turn to the next.

    Attributes:
        section: address of the section answered last.
        part: number of the part of it that was sent last, from 0.
        offered: what the buttons of the last reply send, in the order shown.
        yes: the button that a plain "yes" means, empty if nothing was asked.
        question: the patient's question that was last not simply answered.
        passages: sections that search found for that question.
    """

    section: str = ""
    part: int = 0
    offered: tuple[str, ...] = ()
    yes: str = ""
    question: str = ""
    passages: tuple[str, ...] = ()

    @classmethod
    def from_slot(cls, value: Any) -> "Thread":
        """Returns the thread of a slot value; an empty one if there is none."""
        if not isinstance(value, dict):
            return cls()
        known = {key: value[key] for key in cls.__dataclass_fields__ if key in value}
        for key in ("offered", "passages"):
            known[key] = tuple(known.get(key) or ())
        return cls(**known)

    def to_slot(self) -> dict[str, Any]:
        """Returns the thread as JSON-ready values."""
        values = asdict(self)
        for key in ("offered", "passages"):
            values[key] = list(values[key])
        return values
