"""What is sent: texts, buttons, lists and templates, made from a reply."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from addons.whatsapp.cutting import cut, shortened, size
from addons.whatsapp.marks import marked


@dataclass(frozen=True)
class Choice:
    """Something to tap; the payload is what comes back."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One reply of the assistant."""

    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Limits:
    """What a route takes at most; the defaults are those of Meta's Cloud API."""

    text: int = 4096
    body: int = 1024
    buttons: int = 3
    button_title: int = 20
    button_payload: int = 256
    rows: int = 10
    row_title: int = 24
    row_description: int = 72
    row_payload: int = 200


META = Limits()
# Without templates for them, Twilio has neither buttons nor lists.
TWILIO = Limits(text=1600, buttons=0, rows=0)


@dataclass(frozen=True)
class Words:
    """The few words around choices, from domain.yml."""

    choose: str
    open_list: str
    by_number: str


@dataclass(frozen=True)
class Part:
    """One message to send.

    Attributes:
        kind: `text`, `buttons`, `list` or `template`.
        text: the body; for a template its name.
        choices: for buttons and lists.
        label: what opens a list.
        values: for a template.
        language: of a template.
    """

    kind: str
    text: str
    choices: tuple[Choice, ...] = ()
    label: str = ""
    values: tuple[str, ...] = ()
    language: str = ""

    def to_json(self) -> dict[str, Any]:
        """Returns it for the database."""
        return asdict(self)

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> "Part":
        """Reads what `to_json` has written."""
        choices = tuple(Choice(**choice) for choice in row.get("choices") or ())
        values = tuple(row.get("values") or ())
        return cls(**{**row, "choices": choices, "values": values})


@dataclass(frozen=True)
class Rendered:
    """A turn as it is sent.

    Attributes:
        offered: payloads by number, for choices that are shown with numbers.
    """

    parts: tuple[Part, ...]
    offered: tuple[str, ...] = ()


def render(replies: Sequence[Reply], words: Words, limits: Limits = META) -> Rendered:
    """Returns the messages of one turn, in order."""
    parts: list[Part] = []
    offered: list[str] = []
    for reply in replies:
        text, choices = marked(reply.text).strip(), _distinct(reply.choices)
        kind = _kind(choices, limits)
        if kind == "numbers":
            lines = [
                f"{number}. {choice.title}"
                for number, choice in enumerate(choices, start=len(offered) + 1)
            ]
            offered += [choice.payload for choice in choices]
            text = "\n\n".join(filter(None, (text, "\n".join(lines), words.by_number)))
            choices = ()
        fits = bool(choices) and size(text) <= limits.body
        if text and not fits:
            parts += [Part("text", piece) for piece in cut(text, limits.text)]
        if choices:
            body = text if text and fits else words.choose
            parts.append(_interactive(kind, body, choices, words, limits))
    return Rendered(tuple(parts), tuple(offered))


def _interactive(
    kind: str, body: str, choices: Sequence[Choice], words: Words, limits: Limits
) -> Part:
    if kind == "buttons":
        return Part(kind, body, tuple(choices))
    label = shortened(words.open_list, limits.button_title)
    return Part(kind, body, tuple(choices), label=label)


def _kind(choices: Sequence[Choice], limits: Limits) -> str:
    if not choices:
        return "text"
    titles = [size(choice.title) for choice in choices]
    payloads = [size(choice.payload) for choice in choices]
    alike = len({choice.title for choice in choices}) < len(choices)
    if (
        len(choices) <= limits.buttons
        and max(titles) <= limits.button_title
        and max(payloads) <= limits.button_payload
        and not alike
    ):
        return "buttons"
    if (
        len(choices) <= limits.rows
        and max(titles) <= limits.row_description
        and max(payloads) <= limits.row_payload
    ):
        return "list"
    return "numbers"


def _distinct(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Leaves out what cannot be shown or leads to the same."""
    found: dict[str, Choice] = {}
    for choice in choices:
        title = " ".join(choice.title.split())
        if title and choice.payload.strip():
            found.setdefault(choice.payload, Choice(title, choice.payload))
    return tuple(found.values())
