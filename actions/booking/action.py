"""Action: books, and deals with requests that were sent before."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import Answerer
from actions.asked import Recorder, shared_recorder
from actions.booking.building import build_front_desk
from actions.booking.desk import Call, Desk, DeskTurn
from actions.booking.front_desk import FrontDesk
from actions.booking.submit import Situation
from actions.booking.talk import Said
from actions.replies import Reply
from actions.thread import Thread
from documents.library import Library
from records.columns import utc_now

NAME = "action_book"
LISTEN = "action_listen"
# Where nothing about health may be asked for.
NO_SYMPTOMS = "whatsapp"
QUESTION = re.compile(
    r"\?|^(?:what|when|where|who|why|how|which|do|does|is|are|can|could|will|would"
    r"|must|should|may|hoeveel|wat|waar|hoe|wanneer)\b",
    re.IGNORECASE,
)
POLITE = ("thank", "greet", "book_appointment")


class ActionBook(Action):
    """Leads the patient through a booking, or through what became of one."""

    def __init__(
        self,
        desk: FrontDesk | None = None,
        library: Library | None = None,
        clock: Callable[[], datetime] = utc_now,
        *,
        recorder: Recorder | None = None,
    ) -> None:
        library = library or Library.from_folder()
        time_zone = library.facts.get("time_zone")
        self._recorder = recorder or shared_recorder(time_zone)
        self._desk = desk or build_front_desk(library.facts)
        self._answerer = Answerer(library)
        self._clock = clock

    def name(self) -> str:
        """Name used in `domain.yml`."""
        return NAME

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Replies and remembers the answers so far."""
        desk = Desk.from_slot(tracker.get_slot("booking"))
        turn = await self._desk.hear(desk, self._call(tracker))
        events: list[EventType] = []
        replies = turn.replies
        if turn.answer_first:
            answers, events = self._answers(tracker)
            replies = (*answers, *replies)
        for reply in replies:
            buttons = [{"title": b.title, "payload": b.payload} for b in reply.buttons]
            dispatcher.utter_message(
                response=reply.response, buttons=buttons, **reply.values
            )
        return [*events, *_memory(turn, tracker)]

    def _answers(self, tracker: Tracker) -> tuple[tuple[Reply, ...], list[EventType]]:
        """Returns what the articles say to a question in between."""
        message = tracker.latest_message
        if _intent(message) == "ask_for_human":
            return (Reply("utter_ask_for_human"),), []
        thread = Thread.from_slot(tracker.get_slot("thread"))
        level = tracker.get_slot("triage_level") or "none"
        answer = self._answerer.reply(message, thread, level=level)
        self._recorder.note(answer, tracker.sender_id)
        memory = [
            SlotSet("answer_source", answer.source),
            SlotSet("thread", answer.thread.to_slot()),
        ]
        return answer.replies, memory

    def _call(self, tracker: Tracker) -> Call:
        safety = tracker.get_slot("safety") or {}
        resumes = NAME in (safety.get("before") or ())
        held = safety.get("held") or {}
        wish = tracker.get_slot("booking_wish") or ""
        if resumes:
            wish = "book" if held.get("action") == NAME else ""
        channel = tracker.get_latest_input_channel() or ""
        return Call(
            said=said(tracker.latest_message, self._clock()),
            situation=situation(tracker, channel),
            wish=wish,
            resumes=resumes,
            interrupted=interrupted(tracker.events),
            asks_note=NO_SYMPTOMS not in channel,
            first_words=str(held.get("text") or "") if resumes else "",
            patient_words=str(tracker.get_slot("patient_words") or ""),
        )


def said(message: dict[str, Any], now: datetime) -> Said:
    """Returns a message as the desk reads it."""
    command = message.get("command") or {}
    tapped = command if command.get("name") != "pick" else {}
    text = "" if tapped else str(message.get("text") or "")
    intent = _intent(message)
    answered = any(
        question["outcome"] == "answer" for question in message.get("questions") or ()
    )
    asks = (intent == "faq" and answered) or intent in ("tell_more", "ask_for_human")
    # Numbers on their own are read beside the question that is open.
    named = str(tapped.get("name") or "")
    answer = named if named in ("yes", "no") else ""
    by_intent = {"affirm": "yes", "deny": "no"}.get(intent, "")
    reply = message.get("reply") or {}
    return Said(
        text=text,
        now=now,
        command=named,
        value=str(tapped.get("address") or ""),
        answer=answer or str(reply.get("answer") or "") or by_intent,
        asks=asks,
        is_question=asks and bool(QUESTION.search(text)),
        polite=intent in POLITE,
    )


def interrupted(events: Sequence[Mapping[str, Any]]) -> bool:
    """Says whether something else has answered since the desk spoke last.

    A message that nobody has answered, as a server was down, is no interruption.
    """
    actions: list[str] = []
    turns = -1  # until the latest message is found
    for event in reversed(events):
        if event.get("event") == "action" and event.get("name") != LISTEN:
            actions.append(str(event.get("name")))
        if event.get("event") != "user":
            continue
        turns += 1
        if turns and actions:
            return NAME not in actions
        actions = []
    return False


def situation(tracker: Tracker, channel: str) -> Situation:
    """Returns what the conversation says about danger, for the clinic to see."""
    level = tracker.get_slot("triage_level") or "none"
    noticed = tracker.get_slot("escalation") or {}
    stands = level != "none" and noticed.get("event") == "raised"
    return Situation(
        conversation=tracker.sender_id,
        channel=channel,
        level=level,
        reason=str(noticed.get("words") or "") if stands else "",
        flags=tuple(tracker.get_slot("triage_flags") or ()),
        screening=(tracker.get_slot("safety") or {}).get("screening") or {},
    )


def _intent(message: dict[str, Any]) -> str:
    return str((message.get("intent") or {}).get("name") or "")


def _memory(turn: DeskTurn, tracker: Tracker) -> list[EventType]:
    if not turn.forgotten:
        # A "yes" now answers the desk, not what an article has offered before.
        thread = [] if turn.answer_first else [SlotSet("thread", None)]
        return [SlotSet("booking", turn.desk.to_slot()), *thread]
    # A danger that stands is not forgotten, only what was said.
    return [
        AllSlotsReset(),
        SlotSet("triage_level", tracker.get_slot("triage_level")),
        SlotSet("emergency_family", tracker.get_slot("emergency_family")),
    ]
