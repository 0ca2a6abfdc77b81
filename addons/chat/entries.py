"""What stands in the chat: entries with ids, from the events of a conversation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

PATIENT, ASSISTANT = "patient", "assistant"
# After "delete my data" nothing of what was said before is shown again.
FORGOTTEN = "reset_slots"


@dataclass(frozen=True)
class Choice:
    """A button: the browser gets its title and an id, the payload stays here."""

    title: str
    payload: str


@dataclass(frozen=True)
class Entry:
    """One message as it stands in the chat.

    Attributes:
        id: that of the patient's message; replies to it are `id.1`, `id.2` ...
        topic: the section that an answer is from, which can be rated.
    """

    id: str
    who: str
    text: str
    choices: tuple[Choice, ...] = ()
    topic: str = ""

    def shown(self) -> dict[str, Any]:
        """Returns what the browser gets."""
        buttons = [
            {"id": f"{self.id}:{number}", "title": choice.title}
            for number, choice in enumerate(self.choices)
        ]
        return {
            "id": self.id,
            "who": self.who,
            "text": self.text,
            "buttons": buttons,
            "rated": bool(self.topic),
        }


def message_of(entry_id: str) -> str:
    """Returns the id of the patient's message that an entry or a button belongs to."""
    return entry_id.partition(":")[0].rpartition(".")[0]


def replies_as_entries(
    message_id: str, replies: Iterable[Mapping[str, Any]]
) -> list[Entry]:
    """Returns the replies to one message as entries."""
    return [
        Entry(
            f"{message_id}.{number}",
            ASSISTANT,
            str(reply.get("text") or ""),
            _choices(reply.get("buttons")),
            str(reply.get("topic") or ""),
        )
        for number, reply in enumerate(replies, 1)
    ]


def entries_of(events: Iterable[Mapping[str, Any]], *, fallback: str) -> list[Entry]:
    """Returns everything that was said.

    Args:
        events: those of the conversation, as Rasa writes them.
        fallback: what a message that has no reply was answered with.
    """
    entries: list[Entry] = []
    message_id, number = "start", 0
    for event in events:
        kind = event.get("event")
        if kind == "user":
            entries += _missing_reply(entries, fallback)
            message_id = str(event.get("message_id") or f"at{event.get('timestamp')}")
            number = 0
            entries.append(Entry(message_id, PATIENT, _spoken(event)))
        elif kind == "bot":
            number += 1
            entries.append(_reply(event, f"{message_id}.{number}"))
        elif kind == FORGOTTEN:
            # The words that say so stay.
            entries = [entry for entry in entries[-1:] if entry.who == ASSISTANT]
    return entries + _missing_reply(entries, fallback)


def after(entries: Sequence[Entry], last: str) -> list[Entry]:
    """Returns what follows an entry, or everything if that is not there."""
    for place, entry in enumerate(entries):
        if entry.id == last:
            return list(entries[place + 1 :])
    return list(entries)


def choice_in(entries: Iterable[Entry], button: str) -> Choice | None:
    """Returns what a button stands for."""
    entry_id, _, number = button.partition(":")
    for entry in entries:
        if entry.id == entry_id and number.isdecimal():
            return next(iter(entry.choices[int(number) : int(number) + 1]), None)
    return None


def topic_of(metadata: Mapping[str, Any]) -> str:
    """Returns the section of a response of domain.yml that is an answer from one."""
    is_answer = "answer" in metadata or "part" in metadata
    return str(metadata.get("address") or "") if is_answer else ""


def _missing_reply(entries: Sequence[Entry], fallback: str) -> list[Entry]:
    if not entries or entries[-1].who != PATIENT:
        return []
    return replies_as_entries(entries[-1].id, [{"text": fallback}])


def _spoken(event: Mapping[str, Any]) -> str:
    title = (event.get("metadata") or {}).get("title")
    return str(title or event.get("text") or "")


def _reply(event: Mapping[str, Any], entry_id: str) -> Entry:
    (entry,) = replies_as_entries(
        "",
        [
            {
                "text": event.get("text"),
                "buttons": (event.get("data") or {}).get("buttons"),
                "topic": topic_of(event.get("metadata") or {}),
            }
        ],
    )
    return replace(entry, id=entry_id)


def _choices(buttons: Any) -> tuple[Choice, ...]:
    return tuple(
        Choice(str(b.get("title")), str(b.get("payload"))) for b in buttons or ()
    )
