"""What the policies know of the desk that books, from the slots."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

from addons.understanding.wishes import desk_wish

ACTION = "action_book"
DESK = "booking"
WISH = "booking_wish"


def desk_is_open(tracker: DialogueStateTracker) -> bool:
    """Says whether the desk waits for an answer."""
    return bool(_mapping(tracker.get_slot(DESK)).get("open"))


def wish_of(tracker: DialogueStateTracker) -> str:
    """Returns what the latest message asks the desk for; empty if nothing."""
    message = tracker.latest_message.parse_data if tracker.latest_message else {}
    # While the desk waits, "yes" and "2" are answers to its own question.
    offered = {} if desk_is_open(tracker) else _mapping(tracker.get_slot("thread"))
    return desk_wish(message, offered)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
