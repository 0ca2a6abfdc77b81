"""Responses of domain.yml: who sends them, their placeholders and their buttons."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from actions.answering import QUICK_START, Answerer
from actions.thread import Thread
from addons.understanding.commands import read_button
from documents.facts import Facts

ROOT = Path(__file__).parents[2]
DOMAIN = YAML(typ="safe").load(ROOT / "domain.yml")
RESPONSE = re.compile(r"utter_[a-z][a-z0-9_]*")
PLACEHOLDER = re.compile(r"\{([^\n{}]+)\}")
ALWAYS_KNOWN = {*Facts({}).for_responses(), *DOMAIN["slots"]}
BUTTONS = {"more", "section", "book", "call_back", "person", "none"}
RETRIEVAL = "utter_faq"
# "utter_did_you_mean_1" to 3: Python writes the number behind the name.
NUMBERS = ("1", "2", "3")

HEAT, REST = "button:section:back#heat", "button:section:back#rest"
QUESTIONS = [
    [("answer", "faq/heat")],
    [("answer", "faq/rest")],
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
    carded = {"triage": {"level": "card"}}
    replies += [answerer.reply({**message, **carded}, Thread()) for message in messages]
    replies += [answerer.reply(m, Thread(), emergency=True) for m in messages]
    return replies


def literals(folder: str) -> set[str]:
    """Returns the names of responses that stand in the code of a folder."""
    names = set()
    for file in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found = RESPONSE.fullmatch(node.value)
                if found and node.value.endswith("_"):
                    names |= {f"{node.value}{number}" for number in NUMBERS}
                elif found:
                    names.add(node.value)
    return names


def in_rules() -> set[str]:
    files = sorted((ROOT / "data/rules").glob("*.yml"))
    return {
        name for file in files for name in RESPONSE.findall(file.read_text("utf-8"))
    }


def placeholders(response: str) -> set[str]:
    """Returns what a response names, in its texts and its buttons."""
    found: set[str] = set()
    for variation in DOMAIN["responses"][response]:
        buttons = variation.get("buttons") or []
        texts = [variation["text"], *(t for b in buttons for t in b.values())]
        found |= {name for text in texts for name in PLACEHOLDER.findall(text)}
    return found


def payloads(response: str, values=None) -> list[str]:
    """Returns what the buttons of a response send, with values filled in."""
    return [
        PLACEHOLDER.sub(lambda match: (values or {})[match.group(1)], button["payload"])
        for variation in DOMAIN["responses"][response]
        for button in variation.get("buttons") or []
    ]


def test_every_response_of_the_code_is_in_the_domain():
    used = literals("actions") | literals("addons") | in_rules()

    assert used - set(DOMAIN["responses"]) == set()


def test_every_response_of_the_domain_is_used():
    used = literals("actions") | literals("addons") | in_rules()

    written = {name for name in DOMAIN["responses"] if not name.startswith(RETRIEVAL)}
    assert written - used == set()


def test_every_response_is_written_once():
    files = [ROOT / "domain.yml", *sorted((ROOT / "data").rglob("*.yml"))]
    trees = [YAML(typ="safe").load(file) for file in files]

    counts = Counter(name for tree in trees for name in tree.get("responses") or {})

    assert [name for name, count in counts.items() if count > 1] == []


def test_actions_are_tried_with_every_response_that_they_send(turns):
    sent = {reply.response for turn in turns for reply in turn.replies}

    assert sent == literals("actions")


def test_placeholders_of_replies_are_filled_by_actions_or_facts(turns):
    replies = [reply for turn in turns for reply in turn.replies]

    unknown = {
        reply.response: placeholders(reply.response) - ALWAYS_KNOWN - set(reply.values)
        for reply in replies
    }

    assert {name: left for name, left in unknown.items() if left} == {}


def test_placeholders_of_other_responses_are_facts_or_slots():
    others = set(DOMAIN["responses"]) - literals("actions")

    unknown = {name: placeholders(name) - ALWAYS_KNOWN for name in others}

    assert {name: left for name, left in unknown.items() if left} == {}


def test_responses_that_a_rule_sends_need_no_value_of_an_action():
    unknown = {name: placeholders(name) - ALWAYS_KNOWN for name in in_rules()}

    assert {name: left for name, left in unknown.items() if left} == {}


def test_button_payloads_are_understood(turns):
    sent = [payload for name in in_rules() for payload in payloads(name)]
    for reply in (reply for turn in turns for reply in turn.replies):
        sent += payloads(reply.response, reply.values)
        sent += [button.payload for button in reply.buttons]

    read = {payload: read_button(payload) for payload in sent}

    assert {
        p for p, button in read.items() if not button or button.name not in BUTTONS
    } == set()


def test_sections_of_buttons_exist(shipped):
    fixed = {
        payload
        for name in DOMAIN["responses"]
        if placeholders(name) <= ALWAYS_KNOWN
        for payload in payloads(name)
    }
    buttons = [read_button(payload) for payload in fixed]

    addresses = {button.address for button in buttons if button and button.address}

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

    assert mismatches(turns, sent - {"utter_what_would_you_like"}) == {}


@pytest.mark.issue("the four buttons of 'What would you like to know?' have no number")
def test_numbers_mean_the_buttons_of_the_opening_question(turns):
    assert mismatches(turns, {"utter_what_would_you_like"}) == {}


@pytest.mark.parametrize("response", ["utter_what_would_you_like", "utter_greet"])
def test_quick_start_is_what_the_opening_buttons_send(response):
    assert tuple(payloads(response)) == QUICK_START


@pytest.mark.parametrize("response", ["utter_card", "utter_emergency_reminder"])
def test_warning_names_the_ambulance_and_has_no_button(response):
    assert "emergency_number" in placeholders(response)
    assert payloads(response) == []


def test_booking_without_the_action_reminds_of_an_emergency_too():
    reminder, _for_a_crisis = DOMAIN["responses"]["utter_emergency_reminder"]
    emergency = {"type": "slot", "name": "triage_level", "value": "emergency"}

    given = [
        variation["text"]
        for variation in DOMAIN["responses"]["utter_book_appointment"]
        if variation.get("condition") == [emergency]
    ]

    assert given == [reminder["text"]]


def test_conditions_of_responses_name_slots_of_the_domain():
    named = {
        condition["name"]
        for variations in DOMAIN["responses"].values()
        for variation in variations
        for condition in variation.get("condition") or []
    }

    assert named != set()
    assert named - set(DOMAIN["slots"]) == set()
