"""Reads what browsers send; whatever is malformed is refused, never guessed."""

import re
from dataclasses import dataclass

LONGEST_MESSAGE = 2000
ID = re.compile(r"[A-Za-z0-9-]{8,64}")
# An entry or one of its buttons; `start` and `at` begin ids of old conversations.
ENTRY = re.compile(r"[A-Za-z0-9.-]{1,80}(?::\d{1,3})?")


@dataclass(frozen=True)
class Spoken:
    """One message of a patient.

    Attributes:
        id: made by the browser, the same each time it sends the message.
        button: which one was tapped; empty if the text was typed.
        again: whether it may have arrived before.
    """

    id: str
    text: str
    button: str = ""
    again: bool = False


@dataclass(frozen=True)
class Rating:
    """Thumbs up or down for an answer."""

    entry: str
    helpful: bool


@dataclass(frozen=True)
class Greeting:
    """The first frame of a connection: who it is, and what stands there already."""

    token: str = ""
    last: str = ""


def read_greeting(data: object) -> Greeting:
    """Returns the greeting; a malformed one is that of somebody new."""
    if not isinstance(data, dict):
        return Greeting()
    token, last = data.get("token"), data.get("last")
    return Greeting(
        token if isinstance(token, str) else "",
        last if isinstance(last, str) and ENTRY.fullmatch(last) else "",
    )


def read_spoken(data: object) -> Spoken | None:
    """Returns a message, or None if it is malformed; its length is not looked at."""
    if not isinstance(data, dict):
        return None
    message_id, text, button = data.get("id"), data.get("text"), data.get("button", "")
    if not isinstance(message_id, str) or not ID.fullmatch(message_id):
        return None
    if not isinstance(text, str) or not isinstance(button, str):
        return None
    if button and not ENTRY.fullmatch(button):
        return None
    return Spoken(message_id, text, button, data.get("again") is True)


def read_rating(data: object) -> Rating | None:
    """Returns a rating, or None if it is malformed."""
    if not isinstance(data, dict):
        return None
    entry, helpful = data.get("id"), data.get("helpful")
    if not isinstance(entry, str) or not ENTRY.fullmatch(entry):
        return None
    return Rating(entry, helpful) if isinstance(helpful, bool) else None
