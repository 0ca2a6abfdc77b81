import logging

import pytest
from rasa_sdk.events import SlotSet

from actions.answer import ActionAnswer
from actions.thread import Thread
from records.questions import QuestionLog

BARE = {
    "text": None,
    "buttons": [],
    "elements": [],
    "custom": {},
    "template": None,
    "response": None,
    "image": None,
    "attachment": None,
}
CANNOT_ANSWER = {
    **BARE,
    "response": "utter_cannot_answer",
    "template": "utter_cannot_answer",
}
CANNOT_ANSWER_EVENTS = [
    SlotSet("answer_source", None),
    SlotSet(
        "thread",
        Thread(
            offered=("button:book", "button:call_back"),
            yes="button:book",
            question="ice?",
        ).to_slot(),
    ),
]


@pytest.fixture
def log(tmp_path):
    """Returns an empty log."""
    return QuestionLog(f"sqlite:///{tmp_path}/clinic.db")


@pytest.fixture
def broken_log(tmp_path):
    """Returns a log whose database cannot be opened: it is a folder."""
    return QuestionLog(f"sqlite:///{tmp_path}")


def asking(*questions):
    """Returns the latest message with these questions."""
    return {"intent": {"name": "faq"}, "text": "hm?", "questions": list(questions)}


async def test_sends_the_section_and_remembers_it(
    library, log, dispatcher, tracker_after, question
):
    tracker = tracker_after(asking(question("answer", "faq/moving")))

    events = await ActionAnswer(library, log).run(dispatcher, tracker, {})

    assert dispatcher.messages == [
        {
            **BARE,
            "response": "utter_answer",
            "template": "utter_answer",
            "answer": "Walk a little.",
            "article": "Back",
            "title": "Moving",
            "address": "back#moving",
            "next_part": "1",
            "buttons": [{"title": "Heat", "payload": "button:section:back#heat"}],
        }
    ]
    thread = Thread(
        section="back#moving",
        offered=(
            "button:more:back#moving:1",
            "button:book",
            "button:section:back#heat",
        ),
        yes="button:more:back#moving:1",
    )
    assert events == [
        SlotSet("answer_source", "back#moving"),
        SlotSet("thread", thread.to_slot()),
    ]
    assert log.newest() == []


async def test_goes_on_from_the_thread_in_the_slot(
    library, log, dispatcher, tracker_after
):
    thread = Thread(section="back#moving", offered=("button:book",))
    message = {"intent": {"name": "tell_more"}, "text": "and then?"}
    tracker = tracker_after(message, {"thread": thread.to_slot()})

    events = await ActionAnswer(library, log).run(dispatcher, tracker, {})

    assert dispatcher.messages == [
        {
            **BARE,
            "response": "utter_more_last",
            "template": "utter_more_last",
            "part": "Stop when it hurts.",
            "article": "Back",
            "title": "Moving",
            "address": "back#moving",
            "next_part": "2",
            "buttons": [{"title": "Heat", "payload": "button:section:back#heat"}],
        }
    ]
    remembered = Thread(
        section="back#moving",
        part=1,
        offered=("button:book", "button:section:back#heat"),
    )
    assert events == [
        SlotSet("answer_source", "back#moving"),
        SlotSet("thread", remembered.to_slot()),
    ]


async def test_question_without_answer_is_recorded(
    library, log, dispatcher, tracker_after, question
):
    tracker = tracker_after(asking(question("unknown", text="ice?")))

    events = await ActionAnswer(library, log).run(dispatcher, tracker, {})

    assert dispatcher.messages == [CANNOT_ANSWER]
    assert events == CANNOT_ANSWER_EVENTS
    (row,) = log.newest()
    assert (row["conversation"], row["question"]) == ("patient-1", "ice?")
    assert (row["outcome"], row["options"]) == ("unknown", [])


async def test_log_that_fails_costs_no_reply(
    library, broken_log, dispatcher, tracker_after, question
):
    tracker = tracker_after(asking(question("unknown", text="ice?")))

    events = await ActionAnswer(library, broken_log).run(dispatcher, tracker, {})

    assert dispatcher.messages == [CANNOT_ANSWER]
    assert events == CANNOT_ANSWER_EVENTS


async def test_failing_log_is_told_to_the_operator(
    library, broken_log, dispatcher, tracker_after, question, caplog
):
    tracker = tracker_after(asking(question("unknown", text="ice?")))

    await ActionAnswer(library, broken_log).run(dispatcher, tracker, {})

    assert caplog.record_tuples == [
        (
            "actions.answer",
            logging.ERROR,
            "An unanswered question could not be recorded.",
        )
    ]
    assert "ice?" not in caplog.text


async def test_log_is_not_opened_for_an_answered_question(
    library, broken_log, dispatcher, tracker_after, question, caplog
):
    tracker = tracker_after(asking(question("answer", "faq/rest")))

    await ActionAnswer(library, broken_log).run(dispatcher, tracker, {})

    assert caplog.record_tuples == []


async def test_several_answers_are_several_messages(
    library, log, dispatcher, tracker_after, question
):
    asked = [question("answer", "faq/rest"), question("answer", "faq/heat")]
    tracker = tracker_after(asking(*asked))

    await ActionAnswer(library, log).run(dispatcher, tracker, {})

    assert [(m["response"], m["title"]) for m in dispatcher.messages] == [
        ("utter_answer_complete", "Rest"),
        ("utter_answer", "Heat"),
    ]


async def test_slot_that_rasa_cleared_is_an_empty_thread(
    library, log, dispatcher, tracker_after
):
    message = {"intent": {"name": "tell_more"}, "text": "and then?"}
    tracker = tracker_after(message, {"thread": "none"})

    await ActionAnswer(library, log).run(dispatcher, tracker, {})

    assert [m["response"] for m in dispatcher.messages] == ["utter_what_would_you_like"]


def test_name_is_that_of_the_domain(library, log):
    assert ActionAnswer(library, log).name() == "action_answer"
