"""Once an emergency was noticed: no advice and no booking, only facts of the clinic."""

from dataclasses import replace

import pytest

from actions.answering import Answerer
from actions.replies import Reply, Turn
from actions.thread import Thread

BOOK, NONE = "button:book", "button:none"
HEAT, HOURS = "button:section:back#heat", "button:section:desk#hours"
REMINDER = Turn((Reply("utter_emergency_reminder"),), Thread())

# Situations: what the patient has just read.
EMPTY = Thread()
ADVISED = Thread(
    section="back#heat",
    offered=("button:more:back#heat:1", BOOK, HEAT),
    yes="button:more:back#heat:1",
)
TOLD = Thread(
    section="desk#hours",
    offered=("button:more:desk#hours:1", BOOK, HEAT),
    yes="button:more:desk#hours:1",
)
OPTIONS = Thread(
    offered=(HEAT, HOURS, NONE), question="warm?", passages=("back#heat", "back#cost")
)


@pytest.fixture
def reply(library):
    """Returns a function that replies with and without an emergency."""

    def build(message, thread=EMPTY, *, level="emergency"):
        return Answerer(library).reply(message, thread, level=level)

    return build


@pytest.mark.parametrize(
    ("outcome", "options", "passages"),
    [
        ("answer", ("faq/heat",), ()),
        ("search", (), ("back#rest", "desk#hours")),
        ("choose", ("faq/heat", "faq/hours"), ()),
        ("unknown", (), ()),
        ("intent", ("book_appointment",), ()),
        ("intent", ("ask_for_human",), ()),
    ],
)
@pytest.mark.parametrize("intent", ["faq", "out_of_scope_near", "out_of_scope_far"])
def test_question_gets_the_reminder(
    reply, question, intent, outcome, options, passages
):
    asked = question(outcome, *options, passages=passages)

    message = {"intent": {"name": intent}, "questions": [asked]}
    unanswered = reply(message, level="none").unanswered

    assert reply(message) == replace(REMINDER, unanswered=unanswered)


@pytest.mark.parametrize(
    "intent", ["tell_more", "none_of_these", "affirm", "complain", "faq", ""]
)
@pytest.mark.parametrize("thread", [EMPTY, ADVISED, OPTIONS])
def test_follow_up_gets_the_reminder(reply, intent, thread):
    message = {"intent": {"name": intent}, "text": "hm"}
    unanswered = reply(message, thread, level="none").unanswered

    assert reply(message, thread) == replace(REMINDER, unanswered=unanswered)


@pytest.mark.parametrize(
    "command",
    [
        {"name": "section", "address": "back#heat"},
        {"name": "section", "address": "back#ice"},
        {"name": "more", "address": "back#heat", "number": 1},
        {"name": "more", "address": "back#heat", "number": 99},
        {"name": "book"},
        {"name": "person"},
        {"name": "none"},
        {"name": "pick", "number": 1},
        {"name": "pick", "number": 2},
        {"name": "pick", "number": 9},
        {"name": "dance"},
    ],
)
def test_button_gets_the_reminder(reply, command):
    assert reply({"command": command}, ADVISED) == REMINDER


@pytest.mark.parametrize(
    ("message", "thread"),
    [
        ({"intent": {"name": "tell_more"}}, TOLD),
        ({"intent": {"name": "affirm"}}, TOLD),
        ({"command": {"name": "section", "address": "desk#hours"}}, EMPTY),
        ({"command": {"name": "more", "address": "desk#hours", "number": 1}}, EMPTY),
        ({"command": {"name": "more", "address": "desk#hours", "number": 9}}, EMPTY),
        ({"command": {"name": "pick", "number": 1}}, TOLD),
        ({"command": {"name": "pick", "number": 2}}, OPTIONS),
    ],
)
def test_facts_about_the_clinic_are_told_as_ever(reply, message, thread):
    turn = reply(message, thread)

    assert turn.source == "desk#hours"
    assert turn == reply(message, thread, level="none")


@pytest.mark.parametrize(
    ("outcome", "options", "passages"),
    [("answer", ("faq/hours",), ()), ("search", (), ("desk#hours", "back#rest"))],
)
def test_question_about_the_clinic_is_answered_as_ever(
    reply, question, outcome, options, passages
):
    message = {"questions": [question(outcome, *options, passages=passages)]}

    turn = reply(message)

    assert turn.source == "desk#hours"
    assert turn == reply(message, level="none")


@pytest.mark.parametrize("place", [0, 1], ids=["before", "after"])
@pytest.mark.parametrize(
    "other",
    [
        ("answer", "faq/heat"),
        ("choose", "faq/heat"),
        ("unknown",),
        ("intent", "book_appointment"),
    ],
)
@pytest.mark.issue("in an emergency, advice is given beside a fact about the clinic")
def test_nothing_but_facts_is_told_beside_a_fact(reply, question, other, place):
    asked = [question("answer", "faq/hours")]
    asked.insert(place, question(*other))

    turn = reply({"intent": {"name": "faq"}, "questions": asked})

    told = [r for r in turn.replies if r.values.get("address") != "desk#hours"]
    assert told in ([], list(REMINDER.replies))


def test_fact_that_is_asked_twice_is_told_once(reply, question):
    message = {"questions": [question("answer", "faq/hours")] * 2}

    turn = reply(message)

    assert [r.values["address"] for r in turn.replies] == ["desk#hours"]
    assert turn == reply(message, level="none")


@pytest.mark.parametrize("thread", [EMPTY, ADVISED])
def test_no_to_the_call_for_help_gets_the_reminder_again(reply, thread):
    assert reply({"intent": {"name": "deny"}}, thread) == REMINDER


def test_no_to_several_options_gets_the_reminder(reply):
    assert reply({"intent": {"name": "deny"}}, OPTIONS) == REMINDER
