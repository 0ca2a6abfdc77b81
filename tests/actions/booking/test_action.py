"""The desk's action: what it takes from Rasa, and what it gives back."""

from datetime import datetime, timezone

import pytest
from rasa_sdk.events import AllSlotsReset, SlotSet

from actions.asked import Counter, Recorder, question_writer
from actions.booking.action import ActionBook, interrupted, said
from actions.booking.desk import Desk
from records.asked import AskedCounts
from records.questions import QuestionLog
from tests.actions.booking.desks import desk_at
from tests.actions.booking.scripts import ANSWERS

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=timezone.utc)
USER = {"event": "user"}
SLOT = {"event": "slot", "name": "booking"}


def did(name):
    return {"event": "action", "name": name}


LISTENS, BOOKS, ALARM = did("action_listen"), did("action_book"), did("utter_urgent")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([USER], False),
        ([USER, BOOKS, SLOT, LISTENS, USER], False),
        ([USER, BOOKS, did("utter_ask_fever"), LISTENS, USER], False),
        ([USER, BOOKS, LISTENS, USER, ALARM, LISTENS, USER], True),
        ([USER, BOOKS, LISTENS, USER, ALARM, LISTENS, USER, BOOKS, LISTENS, USER],
         False),
        # Nobody answered: a server was down.
        ([USER, BOOKS, LISTENS, USER, SLOT, USER], False),
        ([USER, BOOKS, LISTENS, USER, ALARM, LISTENS, USER, SLOT, USER], True),
        ([USER, BOOKS, LISTENS, USER, did("utter_screening_clear")], False),
        ([], False),
    ],
)  # fmt: skip
def test_only_an_answer_of_something_else_is_an_interruption(events, expected):
    assert interrupted(events) is expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"text": "tomorrow"}, {"text": "tomorrow"}),
        ({"text": "yes", "intent": {"name": "affirm"}}, {"answer": "yes"}),
        ({"text": "ja", "reply": {"answer": "yes"}}, {"answer": "yes"}),
        (
            {"text": "button:yes", "command": {"name": "yes", "address": ""}},
            {"text": "", "command": "yes", "answer": "yes"},
        ),
        (
            {"text": "button:x", "command": {"name": "book_who", "address": "self"}},
            {"text": "", "command": "book_who", "value": "self"},
        ),
        ({"text": "2", "command": {"name": "pick", "number": 2}}, {"text": "2"}),
        (
            {
                "text": "how much is it",
                "intent": {"name": "faq"},
                "questions": [{"outcome": "answer"}],
            },
            {"asks": True, "is_question": True},
        ),
        (
            {
                "text": "first visit",
                "intent": {"name": "faq"},
                "questions": [{"outcome": "answer"}],
            },
            {"asks": True, "is_question": False},
        ),
        (
            {
                "text": "Nomvula",
                "intent": {"name": "faq"},
                "questions": [{"outcome": "choose"}],
            },
            {"asks": False, "is_question": False},
        ),
        ({"text": "ta", "intent": {"name": "thank"}}, {"polite": True}),
        ({}, {"text": "", "command": "", "answer": ""}),
    ],
)
def test_reads_what_the_pipeline_understood(message, expected):
    heard = said(message, NOW)

    assert {name: getattr(heard, name) for name in expected} == expected


@pytest.fixture
def counts(tmp_path):
    return AskedCounts(f"sqlite:///{tmp_path}/clinic.db")


@pytest.fixture
def counter(counts):
    return Counter(counts)


@pytest.fixture
def action(library, tmp_path, counter):
    url = f"sqlite:///{tmp_path}/clinic.db"
    writer = question_writer(QuestionLog(url), tmp_path / "questions.jsonl")
    recorder = Recorder(counter, writer, clock=lambda: NOW)
    return ActionBook(desk_at(url), library, clock=lambda: NOW, recorder=recorder)


@pytest.fixture
def tracker(tracker_after):
    def build(text="", slots=None, **message):
        tracker = tracker_after(
            {"text": text, "intent": {"name": "out_of_scope_far"}, **message}, slots
        )
        return tracker

    return build


def button(text):
    name, _, value = text.removeprefix("button:").partition(":")
    return {"command": {"name": name, "address": value}}


async def test_begins_a_booking_and_remembers_it(action, dispatcher, tracker):
    book = tracker("button:book", {"booking_wish": "book"}, **button("button:book"))

    events = await action.run(dispatcher, book, {})

    assert dispatcher.messages[0]["response"] == "utter_booking_consent"
    memory, thread = events
    assert Desk.from_slot(memory["value"]).open == "form"
    assert thread == SlotSet("thread", None)


async def test_goes_on_from_the_slot(action, dispatcher, tracker):
    slots = {"booking_wish": "book"}
    for text in ANSWERS[:3]:
        message = tracker(text, slots, **button(text))
        (memory, _) = await action.run(dispatcher, message, {})
        slots = {"booking": memory["value"]}

    await action.run(dispatcher, tracker("Thandi Nkosi", slots), {})

    assert dispatcher.messages[-1]["response"] == "utter_ask_booking_phone"


async def test_begins_when_the_safety_check_is_over(action, dispatcher, tracker):
    safety = {"before": ["utter_screening_clear", "action_book"],
              "held": {"action": "action_book"}}  # fmt: skip

    await action.run(dispatcher, tracker("no", {"safety": safety}), {})

    assert dispatcher.messages[0]["response"] == "utter_booking_consent"


async def test_answers_from_the_article_then_asks_again(
    action, dispatcher, tracker, question
):
    slots = {"booking_wish": "book"}
    (memory, _) = await action.run(
        dispatcher, tracker("", slots, **button("button:book")), {}
    )
    asked = tracker(
        "how much is it?",
        {"booking": memory["value"]},
        intent={"name": "faq"},
        questions=[question("answer", "faq/cost")],
    )

    events = await action.run(dispatcher, asked, {})

    sent = [message["response"] for message in dispatcher.messages[-2:]]
    assert sent == ["utter_answer_complete", "utter_booking_help_consent"]
    assert SlotSet("answer_source", "back#cost") in events
    assert SlotSet("thread", None) not in events


async def test_forgetting_keeps_only_a_danger_that_stands(action, dispatcher, tracker):
    slots = {"booking": {"open": "privacy"}, "triage_level": "urgent",
             "emergency_family": "general", "patient_words": "sore"}  # fmt: skip

    events = await action.run(
        dispatcher, tracker("yes", slots, intent={"name": "affirm"}), {}
    )

    assert dispatcher.messages[0]["response"] == "utter_privacy_forgotten"
    assert events == [
        AllSlotsReset(),
        SlotSet("triage_level", "urgent"),
        SlotSet("emergency_family", "general"),
    ]


TORN = (None, "x", [], {}, {"open": "form"}, {"form": {}}, {"open": "errand"})


@pytest.mark.parametrize("torn", TORN)
async def test_a_torn_memory_begins_anew(action, dispatcher, tracker, torn):
    slots = {"booking": torn, "booking_wish": "book"}

    await action.run(dispatcher, tracker("", slots, **button("button:book")), {})

    assert dispatcher.messages[0]["response"] == "utter_booking_consent"


async def test_an_answer_in_the_middle_of_a_booking_is_counted(
    action, counter, counts, dispatcher, tracker, question
):
    begun = tracker("button:book", {"booking_wish": "book"}, **button("button:book"))
    (memory, _) = await action.run(dispatcher, begun, {})
    asked = tracker("should I rest?", {"booking": memory["value"]})
    asked.latest_message |= {
        "intent": {"name": "faq"},
        "questions": [question("answer", "faq/rest")],
    }

    await action.run(dispatcher, asked, {})
    counter.flush()

    assert counts.by_topic(NOW.date(), NOW.date()) == [
        {"topic": "back#rest", "outcome": "answered", "times": 1}
    ]
