"""What the safety policy hears: the latest message, out of Rasa's tracker."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

from addons.components.desk_slots import asks_plainly, wish_of
from addons.safety.answers import Reply
from addons.safety.heard import Heard, Raised
from addons.understanding.wishes import BOOK, BY_INTENT, CALL_BACK

# Where no booking begins with questions about health.
NO_SYMPTOMS = "whatsapp"


def heard_of(tracker: DialogueStateTracker, channel: str) -> Heard:
    """Returns what the pipeline understood of the latest message."""
    data = _parsed(tracker)
    triage = data.get("triage") or {}
    command = data.get("command") or {}
    reply = data.get("reply") or {}
    known = {field.name for field in fields(Reply)}
    questions = data.get("questions") or []
    wish, intent = wish_of(tracker), intent_of(tracker)
    # "Call me back" sounds like a booking, but no safety check may hold it up.
    calls, books = wish == CALL_BACK, BY_INTENT.get(intent) == BOOK != wish
    intent = "" if calls or books else intent
    topics = (str(option) for each in questions for option in each["options"])
    return Heard(
        text=str(data.get("text") or ""),
        flags=tuple(
            Raised(f["id"], f["level"], f["status"], f["via"], f["text"])
            for f in triage.get("flags") or ()
        ),
        signs=tuple(data.get("signs") or ()),
        reply=Reply(**{key: row for key, row in reply.items() if key in known}),
        intent=intent,
        # "Yes" and "2" may stand for the button that books.
        command=BOOK if wish == BOOK else str(command.get("name") or ""),
        section=str(command.get("address") or ""),
        topics=() if calls else tuple(topics),
        questions=tuple(questions),
        about_other=bool(data.get("about_other")),
        failed=bool(triage.get("failed")),
        asks_no_symptoms=NO_SYMPTOMS in channel,
        plain_answer=asks_plainly(tracker),
    )


def intent_of(tracker: DialogueStateTracker) -> str:
    """Returns the intent of the latest message."""
    return str((_parsed(tracker).get("intent") or {}).get("name") or "")


def _parsed(tracker: DialogueStateTracker) -> dict[str, Any]:
    message = tracker.latest_message
    return dict(message.parse_data or {}) if message else {}
