"""Action: answers what a patient asks, from the clinic's articles."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import Answerer
from actions.asked import Recorder, shared_recorder
from actions.replies import Reply, Turn
from actions.thread import Thread
from documents.library import Library


class ActionAnswer(Action):
    """Sends the sections that answer the message, or says plainly that none does."""

    def __init__(
        self, library: Library | None = None, recorder: Recorder | None = None
    ) -> None:
        library = library or Library.from_folder()
        self._answerer = Answerer(library)
        time_zone = library.facts.get("time_zone")
        self._recorder = recorder or shared_recorder(time_zone)

    def name(self) -> str:
        """Name used in `domain.yml`."""
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Replies and remembers what the conversation is about."""
        thread = Thread.from_slot(tracker.get_slot("thread"))
        level = tracker.get_slot("triage_level") or "none"
        turn = self._answerer.reply(_message(tracker), thread, level=level)
        for reply in turn.replies:
            _utter(dispatcher, reply)
        self._recorder.note(turn, tracker.sender_id)
        return _memory(turn)


def _message(tracker: Tracker) -> dict[str, Any]:
    """Returns the latest message, or what the safety check held back."""
    safety = tracker.get_slot("safety") or {}
    held = safety.get("held") or {}
    if "action_answer" in (safety.get("before") or ()):
        if held.get("questions"):
            return {"intent": {"name": "faq"}, "questions": held["questions"]}
        if held.get("section"):
            return {"command": {"name": "section", "address": held["section"]}}
    message: dict[str, Any] = tracker.latest_message
    return message


def _utter(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    buttons = [{"title": b.title, "payload": b.payload} for b in reply.buttons]
    dispatcher.utter_message(response=reply.response, buttons=buttons, **reply.values)


def _memory(turn: Turn) -> list[EventType]:
    return [
        SlotSet("answer_source", turn.source),
        SlotSet("thread", turn.thread.to_slot()),
    ]
