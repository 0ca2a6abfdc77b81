"""A desk on a real database, and a patient who talks to it without Rasa."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from actions.booking.action import said as read_message
from actions.booking.building import build_front_desk
from actions.booking.desk import Call, Desk
from actions.booking.errand import OFFER
from actions.booking.phrases import Phrases
from actions.booking.submit import Situation
from addons.safety.answers import AnswerReader
from addons.understanding.commands import read_button
from addons.understanding.wishes import desk_wish, read_wish
from documents.facts import Facts
from records.appointments import AppointmentBook
from records.conversations import ConversationStore
from records.privacy import Privacy

ROOT = Path(__file__).parents[3]
ZONE = ZoneInfo("Africa/Johannesburg")
# A Thursday, when the clinic is open.
THURSDAY = datetime(2026, 11, 26, 10, 0, tzinfo=ZONE)
FACTS = Facts.from_file(ROOT / "data/clinic/clinic.yml")
LANGUAGE = ROOT / "data/language"
PHRASES = Phrases.from_files(
    LANGUAGE / "booking_phrases.yml", LANGUAGE / "day_phrases.yml"
)
ANSWERS = AnswerReader.from_file(ROOT / "data/safety/answers.yml")


def desk_at(url: str, conversations: str = "sqlite:///missing.db"):
    """Returns the desk of the clinic in the project, on the database at an address."""
    return build_front_desk(
        FACTS,
        book=AppointmentBook(url),
        privacy=Privacy(url, conversations=ConversationStore(conversations)),
        phrases=PHRASES,
    )


class Patient:
    """Says things to a desk; its memory goes through JSON-ready slots each time."""

    def __init__(self, desk, conversation: str = "patient-1") -> None:
        self.desk = desk
        self.slot = None
        self.conversation = conversation
        self.now = THURSDAY
        self.level = "none"
        self.words = ""
        self.channel = "rest"
        self.interrupted = False
        self.said = []

    def say(self, *texts: str, intent: str = "", asks: bool = False, **options):
        """Says texts one by one and returns the replies to the last."""
        replies = []
        for text in texts:
            replies = self._say(text, intent, asks, **options)
        return replies

    def names(self, *texts: str, **options) -> list[str]:
        """Says texts and returns the names of the replies to the last."""
        return [reply.response for reply in self.say(*texts, **options)]

    def missed(self) -> None:
        """Lets what watches over danger answer a message before the next one."""
        self.interrupted = True

    @property
    def form(self):
        return Desk.from_slot(self.slot).form

    def _say(self, text: str, intent: str, asks: bool, *, resumes: bool = False):
        self.now += timedelta(seconds=20)
        message = understood(text, intent, asks)
        desk = Desk.from_slot(self.slot)
        is_open = bool(desk.open)
        # As addons/components/desk_slots.py finds it out from the conversation.
        offered = desk.errand is not None and desk.errand.step == OFFER
        sent = offered if is_open else bool(desk.sent or desk.errand)
        call = Call(
            said=read_message(message, self.now),
            situation=Situation(
                self.conversation, self.channel, self.level, self.words
            ),
            wish=desk_wish(message, None, sent=sent) if not resumes else "",
            resumes=resumes,
            interrupted=self.interrupted,
            asks_note="whatsapp" not in self.channel,
            patient_words=self.words,
        )
        if not (is_open or call.wish):
            raise AssertionError(f"the desk would not be asked about: {text}")
        self.interrupted = False
        turn = asyncio.run(self.desk.hear(Desk.from_slot(self.slot), call))
        self.slot = turn.desk.to_slot()
        self.turn = turn
        self.said += turn.replies
        return list(turn.replies)


def understood(text: str, intent: str, asks: bool):
    """Returns what the pipeline hands over, with the intent that a test chooses."""
    button = read_button(text)
    if button:
        command = {"name": button.name, "address": button.address, "number": 0}
        return {"text": text, "intent": {"name": "choose_option"}, "command": command}
    reply = ANSWERS.read(text)
    questions = [{"outcome": "answer"}] if asks else []
    return {
        "text": text,
        "intent": {"name": intent or ("faq" if asks else "out_of_scope_far")},
        "questions": questions,
        "reply": {"answer": reply.answer},
        "wish": read_wish(text),
    }
