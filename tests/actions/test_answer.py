import sqlite3
import threading
import time
from contextlib import closing
from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

import pytest
from rasa_sdk.events import SlotSet

from actions.answer import ActionAnswer
from actions.asked import MOST_WAITING, Counter, Recorder, question_writer
from actions.thread import Thread
from documents.facts import Facts
from records.asked import AskedCounts
from records.questions import QuestionLog
from tests.waiting import until

ZONE = ZoneInfo("Africa/Johannesburg")
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


@pytest.fixture
def counts(tmp_path):
    """Returns empty numbers."""
    return AskedCounts(f"sqlite:///{tmp_path}/clinic.db")


@pytest.fixture
def counter(counts):
    return Counter(counts)


def writer_to(log, folder):
    return question_writer(log, folder / "var/questions.jsonl")


@pytest.fixture
def recorder(log, counter, tmp_path):
    return Recorder(counter, writer_to(log, tmp_path), zone=ZONE)


@pytest.fixture
def broken_recorder(broken_log, counter, tmp_path):
    return Recorder(counter, writer_to(broken_log, tmp_path), zone=ZONE)


async def test_a_reply_does_not_wait_for_a_database_that_hangs(
    library, recorder, log, dispatcher, tracker_after, question, tmp_path
):
    log.newest()  # so that its tables are there
    tracker = tracker_after(asking(question("unknown", text="ice?")))
    with closing(sqlite3.connect(tmp_path / "clinic.db", isolation_level=None)) as held:
        held.execute("begin exclusive")
        begin = time.monotonic()
        await ActionAnswer(library, recorder).run(dispatcher, tracker, {})
        took = time.monotonic() - begin
        held.rollback()

    assert took < 0.5
    assert dispatcher.messages == [CANNOT_ANSWER]
    assert until(lambda: [row["question"] for row in log.newest()] == ["ice?"])


async def test_a_question_that_waited_is_written_once_after_a_restart(
    library, log, broken_log, counter, dispatcher, tracker_after, question, tmp_path
):
    tracker = tracker_after(asking(question("unknown", text="ice?")))
    broken = writer_to(broken_log, tmp_path)
    await ActionAnswer(library, Recorder(counter, broken)).run(dispatcher, tracker, {})
    broken.close()

    again = [Recorder(counter, writer_to(log, tmp_path)) for _ in range(2)]
    answered = tracker_after(asking(question("answer", "faq/rest")))
    for recorder in again:
        await ActionAnswer(library, recorder).run(dispatcher, answered, {})

    assert until(lambda: not (tmp_path / "var/questions.jsonl").exists())
    assert [row["question"] for row in log.newest()] == ["ice?"]


def asking(*questions):
    """Returns the latest message with these questions."""
    return {"intent": {"name": "faq"}, "text": "hm?", "questions": list(questions)}


async def test_sends_the_section_and_remembers_it(
    library, recorder, log, dispatcher, tracker_after, question
):
    tracker = tracker_after(asking(question("answer", "faq/moving")))

    events = await ActionAnswer(library, recorder).run(dispatcher, tracker, {})

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
    library, recorder, log, dispatcher, tracker_after
):
    thread = Thread(section="back#moving", offered=("button:book",))
    message = {"intent": {"name": "tell_more"}, "text": "and then?"}
    tracker = tracker_after(message, {"thread": thread.to_slot()})

    events = await ActionAnswer(library, recorder).run(dispatcher, tracker, {})

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
    library, recorder, log, dispatcher, tracker_after, question
):
    tracker = tracker_after(asking(question("unknown", text="ice?")))

    events = await ActionAnswer(library, recorder).run(dispatcher, tracker, {})

    assert dispatcher.messages == [CANNOT_ANSWER]
    assert events == CANNOT_ANSWER_EVENTS
    assert until(lambda: log.newest())
    (row,) = log.newest()
    assert (row["conversation"], row["question"]) == ("patient-1", "ice?")
    assert (row["outcome"], row["options"]) == ("unknown", [])


async def test_log_that_fails_costs_no_reply(
    library, broken_recorder, dispatcher, tracker_after, question
):
    tracker = tracker_after(asking(question("unknown", text="ice?")))

    events = await ActionAnswer(library, broken_recorder).run(dispatcher, tracker, {})

    assert dispatcher.messages == [CANNOT_ANSWER]
    assert events == CANNOT_ANSWER_EVENTS


async def test_failing_log_is_told_to_the_operator(
    library, broken_recorder, dispatcher, tracker_after, question, caplog
):
    tracker = tracker_after(asking(question("unknown", text="ice?")))

    await ActionAnswer(library, broken_recorder).run(dispatcher, tracker, {})

    assert until(lambda: "An unanswered question could not be written" in caplog.text)
    assert "ice?" not in caplog.text


async def test_log_is_not_opened_for_an_answered_question(
    library, broken_recorder, dispatcher, tracker_after, question, caplog
):
    tracker = tracker_after(asking(question("answer", "faq/rest")))

    await ActionAnswer(library, broken_recorder).run(dispatcher, tracker, {})

    assert caplog.record_tuples == []


async def test_several_answers_are_several_messages(
    library, recorder, log, dispatcher, tracker_after, question
):
    asked = [question("answer", "faq/rest"), question("answer", "faq/heat")]
    tracker = tracker_after(asking(*asked))

    await ActionAnswer(library, recorder).run(dispatcher, tracker, {})

    assert [(m["response"], m["title"]) for m in dispatcher.messages] == [
        ("utter_answer_complete", "Rest"),
        ("utter_answer", "Heat"),
    ]


async def test_slot_that_rasa_cleared_is_an_empty_thread(
    library, recorder, log, dispatcher, tracker_after
):
    message = {"intent": {"name": "tell_more"}, "text": "and then?"}
    tracker = tracker_after(message, {"thread": "none"})

    await ActionAnswer(library, recorder).run(dispatcher, tracker, {})

    assert [m["response"] for m in dispatcher.messages] == ["utter_what_would_you_like"]


def test_name_is_that_of_the_domain(library, recorder):
    assert ActionAnswer(library, recorder).name() == "action_answer"


async def test_counts_topics_and_outcomes_on_the_day_of_the_clinic(
    library,
    recorder,
    log,
    counter,
    counts,
    tmp_path,
    dispatcher,
    tracker_after,
    question,
):
    late = datetime(2026, 3, 1, 23, 30, tzinfo=timezone.utc)
    library.facts = Facts({"time_zone": "Africa/Johannesburg"})
    action = ActionAnswer(
        library,
        Recorder(counter, writer_to(log, tmp_path), zone=ZONE, clock=lambda: late),
    )
    questions = [
        question("answer", "faq/rest"),
        question("unknown", text="ice?"),
        question("choose", "faq/heat", "faq/cost"),
        question("choose", "faq/cost"),
    ]

    await action.run(dispatcher, tracker_after(asking(*questions)), {})
    counter.flush()

    day = date(2026, 3, 2)
    assert counts.by_topic(day, day) == [
        {"topic": "", "outcome": "choose", "times": 1},
        {"topic": "", "outcome": "unknown", "times": 1},
        {"topic": "back#cost", "outcome": "choose", "times": 1},
        {"topic": "back#rest", "outcome": "answered", "times": 1},
    ]


async def test_more_of_a_section_is_not_counted_again(
    library, recorder, log, counter, counts, tmp_path, dispatcher, tracker_after
):
    message = {"intent": {"name": "tell_more"}, "text": "and then?"}
    tracker = tracker_after(message, {"thread": Thread(section="back#heat").to_slot()})

    await ActionAnswer(library, recorder).run(dispatcher, tracker, {})
    counter.flush()

    assert dispatcher.messages[0]["response"] == "utter_more"
    assert counts.by_topic(date.min, date.max) == []


async def test_numbers_that_cannot_be_kept_cost_neither_reply_nor_time(
    library, log, dispatcher, tracker_after, question, tmp_path, caplog
):
    held, free = threading.Event(), threading.Event()

    class Hanging(AskedCounts):
        def add(self, pairs, *, day):
            held.set()
            free.wait(10)
            super().add(pairs, day=day)

    counter = Counter(Hanging(f"sqlite:///{tmp_path}"))
    action = ActionAnswer(library, Recorder(counter, writer_to(log, tmp_path)))
    tracker = tracker_after(asking(question("answer", "faq/rest")))

    begin = time.monotonic()
    await action.run(dispatcher, tracker, {})
    took = time.monotonic() - begin
    assert held.wait(5)
    free.set()
    counter.flush()

    assert took < 1
    assert [m["response"] for m in dispatcher.messages] == ["utter_answer_complete"]
    assert "What was asked is not counted: UnavailableError." in caplog.text


def test_while_the_database_hangs_only_so_many_numbers_wait():
    free, written = threading.Event(), []

    class Hanging(AskedCounts):
        def add(self, pairs, *, day):
            free.wait(10)
            written.append(pairs)

    counter = Counter(Hanging())
    for _ in range(MOST_WAITING + 500):
        counter.add([("back#rest", "answered")], day=date(2026, 3, 2))
    free.set()
    counter.flush()

    assert MOST_WAITING <= len(written) <= MOST_WAITING + 1
