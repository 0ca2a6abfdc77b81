"""What the policies know of the desk that books, from the slots."""

from __future__ import annotations

import copy
from typing import Any

from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from addons.understanding.wishes import desk_wish

ACTION = "action_book"
DESK = "booking"
WISH = "booking_wish"
# The one question of the desk that is answered in free words.
NOTE = "note"
# The step of an errand that waits for the answer to an offered time.
OFFER = "offer"
# For so many messages "it" may still be the request that the desk spoke of.
MOST_TURNS_AGO = 3


def desk_is_open(tracker: DialogueStateTracker) -> bool:
    """Says whether the desk waits for an answer."""
    return bool(_mapping(tracker.get_slot(DESK)).get("open"))


def asks_plainly(tracker: DialogueStateTracker) -> bool:
    """Says whether the desk waits for a name, a number, a day or the like."""
    form = _mapping(_mapping(tracker.get_slot(DESK)).get("form"))
    return desk_is_open(tracker) and form.get("step") != NOTE


def wish_of(tracker: DialogueStateTracker) -> str:
    """Returns what the latest message asks the desk for; empty if nothing."""
    message = tracker.latest_message.parse_data if tracker.latest_message else {}
    # While the desk waits, "yes" and "2" are answers to its own question.
    offered = {} if desk_is_open(tracker) else _mapping(tracker.get_slot("thread"))
    return desk_wish(message, offered, sent=_speaks_of_request(tracker))


def _speaks_of_request(tracker: DialogueStateTracker) -> bool:
    """Says whether "it" is most likely a request that was sent or looked up."""
    desk = _mapping(tracker.get_slot(DESK))
    errand = _mapping(desk.get("errand"))
    if desk.get("open"):
        return desk["open"] == "errand" and errand.get("step") == OFFER
    if not (desk.get("sent") or errand.get("request_id")):
        return False
    turns = 0
    for event in reversed(tracker.applied_events()):
        if isinstance(event, ActionExecuted) and event.action_name == ACTION:
            return True
        turns += isinstance(event, UserUttered)
        if turns > MOST_TURNS_AGO:
            return False
    return False


def before_message(tracker: DialogueStateTracker, name: str) -> Any:
    """Returns what a slot held before the latest message filled it."""
    slot = copy.deepcopy(tracker.slots[name])
    slot.reset()
    events = tracker.applied_events()
    spoken = [n for n, event in enumerate(events) if isinstance(event, UserUttered)]
    for event in events[: spoken[-1]] if spoken else events:
        if isinstance(event, SlotSet) and event.key == name:
            slot.value = event.value
    return slot.value


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
