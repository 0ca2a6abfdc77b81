"""An errand about a request that was sent before: status, cancelling, moving."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from actions.booking.talk import DAY, Form
from records.references import LENGTH, is_mixed, read_reference

STATUS = "status"
CANCEL = "cancel_visit"
MOVE = "move_visit"
ACCEPT = "accept_visit"
TASKS = (STATUS, CANCEL, MOVE, ACCEPT)

REFERENCE = "reference"
PHONE = "phone"
SURE = "sure"
WHEN = "when"
OFFER = "offer"

PAIR = re.compile(
    r"(?<![A-Za-z0-9])([A-Za-z0-9]{3})[ \-–]?([A-Za-z0-9]{3})(?![A-Za-z0-9])"
)
SPELT = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Za-z0-9][ .\-]+){5}[A-Za-z0-9](?![A-Za-z0-9])"
)


@dataclass(frozen=True)
class Errand:
    """What is wanted of which request, kept in the slot `booking`.

    Attributes:
        step: what it waits for: `reference`, `phone`, `sure`, `when`, an answer to an
            `offer`, or nothing.
        key: of a request sent in this conversation just now, which proves enough.
        request_id: 0 until key, or reference and phone number, are found to fit.
        when: the new day, for `move_visit`.
        offer: the time that the patient was told of, in words and `at` for the clock.
    """

    task: str
    step: str = REFERENCE
    reference: str = ""
    phone: str = ""
    request_id: int = 0
    failures: int = 0
    when: Form | None = None
    key: str = ""
    offer: Mapping[str, str] = field(default_factory=dict)

    def to_slot(self) -> dict[str, Any]:
        """Returns the errand as JSON-ready values."""
        return {**asdict(self), "when": self.when.to_slot() if self.when else None}

    @classmethod
    def from_slot(cls, value: Any) -> "Errand | None":
        """Returns the errand of a slot value; None if there is none."""
        if not isinstance(value, Mapping) or value.get("task") not in TASKS:
            return None
        known = {f.name: value[f.name] for f in fields(cls) if f.name in value}
        return replace(cls(**known), when=Form.from_slot(value.get("when")))


def day_form() -> Form:
    """Returns a form that asks for a day and a part of it, and nothing else."""
    return Form(
        key=MOVE,
        step=DAY,
        consented="before",
        asks_note=False,
        who="self",
        name="-",
        phone="-",
        visit="first",
    )


def find_reference(text: str, *, asked: bool = True) -> tuple[str, str]:
    """Returns the reference in a text, and the text without it.

    Args:
        text: what was typed.
        asked: the reference was asked for, so that six letters alone will do.
    """
    for pattern in (SPELT, PAIR):
        for match in pattern.finditer(text):
            found = read_reference(match[0])
            if found and (asked or is_mixed(found) or match[0] == found):
                rest = f"{text[: match.start()]} {text[match.end() :]}"
                return found, rest
    return "", text


def looks_like_reference(text: str) -> bool:
    """Says whether a text may be a reference that was typed wrongly."""
    signs = "".join(sign for sign in text if sign.isalnum())
    return abs(len(signs) - LENGTH) <= 1 and any(sign.isdigit() for sign in signs)
