"""Once something must be seen today: no advice, but every way to a person is open."""

from dataclasses import replace

import pytest

from actions.answering import Answerer
from actions.replies import Reply, Turn
from actions.thread import Thread

HEAT, HOURS = "button:section:back#heat", "button:section:desk#hours"
REMINDER = Turn((Reply("utter_urgent_reminder"),), Thread())

ADVISED = Thread(section="back#heat", offered=("button:book", HEAT), yes="button:book")
UNKNOWN = Thread(offered=("button:book", "button:call_back"), yes="button:book")


@pytest.fixture
def reply(library):
    """Returns a function that replies as after an urgent matter."""

    def build(message, thread=ADVISED, *, level="urgent"):
        return Answerer(library).reply(message, thread, level=level)

    return build


@pytest.mark.parametrize(
    ("outcome", "options", "passages"),
    [
        ("answer", ("faq/heat",), ()),
        ("search", (), ("back#rest",)),
        ("choose", ("faq/heat", "faq/hours"), ()),
        ("unknown", (), ()),
    ],
)
def test_question_gets_the_reminder_and_is_recorded_as_ever(
    reply, question, outcome, options, passages
):
    message = {"questions": [question(outcome, *options, passages=passages)]}
    unanswered = reply(message, level="none").unanswered

    assert reply(message) == replace(REMINDER, unanswered=unanswered)


@pytest.mark.parametrize(
    "message",
    [
        {"intent": {"name": "tell_more"}},
        {"intent": {"name": "none_of_these"}},
        {"command": {"name": "section", "address": "back#heat"}},
        {"command": {"name": "more", "address": "back#heat", "number": 1}},
        {"command": {"name": "pick", "number": 2}},
        {"command": {"name": "pick", "number": 9}},
    ],
)
def test_follow_up_gets_the_reminder(reply, message):
    assert reply(message) == REMINDER


@pytest.mark.parametrize(
    ("name", "response"),
    [
        ("book", "utter_book_appointment"),
        ("person", "utter_ask_for_human"),
    ],
)
def test_button_to_a_person_does_what_it_says(reply, name, response):
    assert reply({"command": {"name": name}}).replies == (Reply(response),)


@pytest.mark.parametrize(
    ("message", "thread", "response"),
    [
        ({"intent": {"name": "affirm"}}, UNKNOWN, "utter_book_appointment"),
        ({"command": {"name": "pick", "number": 1}}, UNKNOWN, "utter_book_appointment"),
    ],
)
def test_yes_or_number_leads_to_a_person_too(reply, message, thread, response):
    assert reply(message, thread).replies == (Reply(response),)


@pytest.mark.parametrize(
    ("request_intent", "response"),
    [
        ("book_appointment", "utter_book_appointment"),
        ("ask_for_human", "utter_ask_for_human"),
    ],
)
def test_request_is_met_and_the_advice_beside_it_withheld(
    reply, question, request_intent, response
):
    asked = [question("answer", "faq/heat"), question("intent", request_intent)]

    turn = reply({"questions": asked})

    assert turn.replies == (*REMINDER.replies, Reply(response))
    assert turn.source is None


@pytest.mark.parametrize(
    "message",
    [
        {"command": {"name": "section", "address": "desk#hours"}},
        {"command": {"name": "more", "address": "desk#hours", "number": 1}},
    ],
)
def test_facts_about_the_clinic_are_told_as_ever(reply, message):
    turn = reply(message)

    assert turn.source == "desk#hours"
    assert turn == reply(message, level="none")


def test_fact_is_told_and_the_advice_beside_it_withheld(reply, question):
    asked = [question("answer", "faq/hours"), question("answer", "faq/heat")]

    turn = reply({"questions": asked})

    assert turn.replies[0].values["address"] == "desk#hours"
    assert turn.replies[1:] == REMINDER.replies


def test_no_to_the_call_to_a_doctor_gets_the_reminder_again(reply):
    assert reply({"intent": {"name": "deny"}}) == REMINDER


@pytest.mark.parametrize("level", ["none", "card", "check", "soon"])
def test_below_urgent_advice_is_given(reply, question, level):
    message = {"questions": [question("answer", "faq/heat")]}

    assert reply(message, level=level).source == "back#heat"


@pytest.mark.parametrize("level", ["none", "urgent", "emergency"])
def test_what_the_message_says_about_danger_is_left_to_the_policy(
    reply, question, level
):
    message = {"questions": [question("answer", "faq/hours")]}
    triage = {"level": "card", "flags": [], "failed": True}

    turn = reply({**message, "triage": triage}, level=level)

    assert turn == reply(message, level=level)
