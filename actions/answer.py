"""Action: answers what a patient asks, from the clinic's articles."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import Answerer
from actions.asked import Counter, asked
from actions.replies import Reply, Turn, Unanswered
from actions.thread import Thread
from documents.library import Library
from records.columns import utc_now
from records.questions import QuestionLog

logger = logging.getLogger(__name__)


class ActionAnswer(Action):
    """Sends the sections that answer the message, or says plainly that none does."""

    def __init__(
        self,
        library: Library | None = None,
        log: QuestionLog | None = None,
        counter: Counter | None = None,
        *,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        library = library or Library.from_folder()
        self._answerer = Answerer(library)
        self._log = log or QuestionLog()
        self._counter = counter or Counter()
        self._zone = ZoneInfo(library.facts.get("time_zone") or "UTC")
        self._clock = clock

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
        today = self._clock().astimezone(self._zone).date()
        self._counter.add(asked(turn), day=today)
        await self._record(turn.unanswered, tracker.sender_id)
        return _memory(turn)

    async def _record(self, unanswered: tuple[Unanswered, ...], sender: str) -> None:
        """Writes questions for the clinic; a failure costs the patient no reply."""
        if not unanswered:
            return
        try:
            await asyncio.to_thread(self._log.add, unanswered, sender)
        except Exception:  # the database's errors are many; the reply matters more
            logger.exception("An unanswered question could not be recorded.")


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
