"""Responses of all files: who sends them, their placeholders and their buttons."""

from collections import Counter

import pytest
from ruamel.yaml import YAML

from actions.answering import QUICK_START, Answerer
from actions.thread import Thread
from addons.understanding.commands import read_button
from tests.contract.responses import (
    ALWAYS_KNOWN,
    DOMAIN,
    RESPONSES,
    ROOT,
    in_rules,
    of_answers,
    of_desk,
    payloads,
    placeholders,
    used,
)

BUTTONS = {"more", "section", "book", "call_back", "person", "none", "yes", "no",
           "unsure", "stop", "checked", "known", "forget", "status", "cancel_visit",
           "move_visit", "accept_visit"}  # fmt: skip
DESK = ("book_", "manage_")
RETRIEVAL = "utter_faq"
# Their one button clears the alarm, which takes a tap or words, never a number.
REMINDERS = {"utter_urgent_reminder", "utter_emergency_reminder"}

HEAT, REST = "button:section:back#heat", "button:section:back#rest"
QUESTIONS = [
    [("answer", "faq/heat")],
    [("answer", "faq/rest")],
    [("answer", "faq/privacy")],
    [("answer", "faq/cancel_or_move")],
    [("choose", "faq/heat")],
    [("choose", "faq/heat", "faq/rest")],
    [("choose", "faq/heat", "faq/rest", "faq/cost")],
    [("unknown",)],
    [("intent", "book_appointment")],
    [("intent", "ask_for_human")],
]
INTENTS = ["tell_more", "affirm", "deny", "none_of_these", "complain", "hm"]
THREADS = [
    Thread(),
    Thread(section="back#heat"),
    Thread(section="back#heat", part=1),
    Thread(section="back#heat", part=2),
    Thread(offered=(HEAT, REST, "button:none"), question="warm?"),
]


@pytest.fixture
def turns(library, question):
    """Returns turns that together send every response of actions/answering.py."""
    answerer = Answerer(library)
    messages = [
        {
            "intent": {"name": intent},
            "questions": [question(outcome, *options) for outcome, *options in asked],
        }
        for asked in QUESTIONS
        for intent in ("faq", "out_of_scope_far")
    ]
    replies = [answerer.reply(message, Thread()) for message in messages]
    for thread in THREADS:
        for name in INTENTS:
            replies.append(answerer.reply({"intent": {"name": name}}, thread))
    for name in BUTTONS:
        replies.append(answerer.reply({"command": {"name": name}}, Thread()))
    for level in ("urgent", "emergency"):
        replies += [answerer.reply(m, Thread(), level=level) for m in messages]
    return replies


def test_every_response_of_the_code_is_in_the_domain():
    assert used() - set(RESPONSES) == set()


def test_every_response_of_the_domain_is_used():
    written = {name for name in RESPONSES if not name.startswith(RETRIEVAL)}
    assert written - used() == set()


def test_every_response_is_written_once():
    files = [ROOT / "domain.yml", *sorted((ROOT / "data").rglob("*.yml"))]
    trees = [YAML(typ="safe").load(file) for file in files]

    counts = Counter(name for tree in trees for name in tree.get("responses") or {})

    assert [name for name, count in counts.items() if count > 1] == []


def test_actions_are_tried_with_every_response_that_they_send(turns):
    sent = {reply.response for turn in turns for reply in turn.replies}

    assert sent == of_answers()


def test_placeholders_of_replies_are_filled_by_actions_or_facts(turns):
    replies = [reply for turn in turns for reply in turn.replies]

    unknown = {
        reply.response: placeholders(reply.response) - ALWAYS_KNOWN - set(reply.values)
        for reply in replies
    }

    assert {name: left for name, left in unknown.items() if left} == {}


def test_placeholders_of_other_responses_are_facts_or_slots():
    others = set(RESPONSES) - of_answers() - of_desk()

    unknown = {name: placeholders(name) - ALWAYS_KNOWN for name in others}

    assert {name: left for name, left in unknown.items() if left} == {}


def test_responses_that_a_rule_sends_need_no_value_of_an_action():
    unknown = {name: placeholders(name) - ALWAYS_KNOWN for name in in_rules()}

    assert {name: left for name, left in unknown.items() if left} == {}


def test_button_payloads_are_understood(turns):
    fixed = [name for name in RESPONSES if placeholders(name) <= ALWAYS_KNOWN]
    sent = [payload for name in fixed for payload in payloads(name)]
    for reply in (reply for turn in turns for reply in turn.replies):
        sent += payloads(reply.response, reply.values)
        sent += [button.payload for button in reply.buttons]

    read = {payload: read_button(payload) for payload in sent}

    assert {
        payload
        for payload, button in read.items()
        if not button
        or (button.name not in BUTTONS and not button.name.startswith(DESK))
    } == set()


def test_sections_of_buttons_exist(shipped):
    fixed = {
        payload
        for name in RESPONSES
        if placeholders(name) <= ALWAYS_KNOWN
        for payload in payloads(name)
    }
    buttons = [read_button(payload) for payload in fixed]

    addresses = {b.address for b in buttons if b and b.name in ("section", "more")}

    assert addresses != set()
    assert [address for address in addresses if not shipped.has(address)] == []


def mismatches(turns, responses) -> dict[str, tuple[list[str], list[str]]]:
    """Returns what is shown and what is remembered, where the two differ."""
    found = {}
    for turn in turns:
        reply = turn.replies[-1]
        shown = payloads(reply.response, reply.values)
        shown += [button.payload for button in reply.buttons]
        remembered = list(turn.thread.offered[: len(shown)])
        if reply.response in responses and shown != remembered:
            found[reply.response] = (shown, remembered)
    return found


def test_numbers_mean_the_buttons_in_the_order_shown(turns):
    sent = {turn.replies[-1].response for turn in turns}

    assert mismatches(turns, sent - {"utter_what_would_you_like"} - REMINDERS) == {}


@pytest.mark.issue("the four buttons of 'What would you like to know?' have no number")
def test_numbers_mean_the_buttons_of_the_opening_question(turns):
    assert mismatches(turns, {"utter_what_would_you_like"}) == {}


@pytest.mark.parametrize("response", ["utter_what_would_you_like", "utter_greet"])
def test_quick_start_is_what_the_opening_buttons_send(response):
    assert tuple(payloads(response)) == QUICK_START


def test_booking_without_the_action_reminds_of_an_emergency_too():
    reminder, *_for_a_crisis = RESPONSES["utter_emergency_reminder"]
    emergency = {"type": "slot", "name": "triage_level", "value": "emergency"}

    given = [
        variation["text"]
        for variation in RESPONSES["utter_book_appointment"]
        if variation.get("condition") == [emergency]
    ]

    assert given == [reminder["text"]]


def test_conditions_of_responses_name_slots_of_the_domain():
    named = {
        condition["name"]
        for variations in RESPONSES.values()
        for variation in variations
        for condition in variation.get("condition") or []
    }

    assert named != set()
    assert named - set(DOMAIN["slots"]) == set()
