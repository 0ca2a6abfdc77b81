"""What one turn says: replies by the name of their response, and what to remember."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from actions.thread import Thread


@dataclass(frozen=True)
class Button:
    """A button whose title is content: the title of a section."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One message: a response of domain.yml, its values, and buttons after its own."""

    response: str
    values: Mapping[str, str] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Unanswered:
    """A question for the clinic to read: it was not simply answered."""

    question: str
    outcome: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Turn:
    """Everything that one message of a patient leads to."""

    replies: tuple[Reply, ...]
    thread: Thread
    source: str | None = None
    unanswered: tuple[Unanswered, ...] = ()
