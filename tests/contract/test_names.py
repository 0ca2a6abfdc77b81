"""Names that YAML and Python share."""

import ast
import re
from pathlib import Path

import pytest
from rasa_sdk.executor import ActionExecutor
from ruamel.yaml import YAML

from actions.booking import action as desk_action
from addons.components import desk_slots
from addons.components.red_flag_policy import STATE
from addons.escalation_broker import SLOT
from addons.safety.safety_check import BOOKING
from deploy.development.clear_alarm import CLEARED

ROOT = Path(__file__).parents[2]
CLASS_PATH = re.compile(r"\b(addons(?:\.[a-z_]+)+)\.([A-Z]\w+)")


def read_yaml(name: str):
    return YAML(typ="safe").load(ROOT / name)


def rules() -> list[dict]:
    files = sorted((ROOT / "data").rglob("*.yml"))
    return [rule for file in files for rule in read_yaml(file).get("rules") or []]


def learned_intents() -> set[str]:
    """Returns the intents that have examples; `faq/heat` counts as `faq`."""
    files = sorted((ROOT / "data").rglob("*.yml"))
    entries = [entry for file in files for entry in read_yaml(file).get("nlu") or []]
    return {entry["intent"].partition("/")[0] for entry in entries}


def listed(mapping: dict, key: str) -> list[str]:
    """Returns what a slot mapping names: one name, a list of them, or nothing."""
    named = mapping.get(key) or []
    return [named] if isinstance(named, str) else named


def code_of(folder: str) -> list[ast.Module]:
    return [
        ast.parse(file.read_text("utf-8")) for file in (ROOT / folder).rglob("*.py")
    ]


def calls(folder: str, name: str) -> list[ast.Call]:
    """Returns the calls of a function or method by its last name."""
    return [
        node
        for tree in code_of(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) == name
    ]


def defined_classes(module: str) -> set[str]:
    file = ROOT / f"{module.replace('.', '/')}.py"
    if not file.exists():
        return set()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.ClassDef)}


def test_domain_lists_exactly_the_actions_that_exist(monkeypatch):
    monkeypatch.chdir(ROOT)
    executor = ActionExecutor()

    executor.register_package("actions")

    assert set(read_yaml("domain.yml")["actions"]) == set(executor.actions)


def test_every_intent_of_the_domain_has_a_rule():
    in_rules = {
        step["intent"] for rule in rules() for step in rule["steps"] if "intent" in step
    }

    assert in_rules == {*read_yaml("domain.yml")["intents"], "nlu_fallback"}


def test_every_intent_has_examples_and_every_example_a_known_intent():
    assert learned_intents() == set(read_yaml("domain.yml")["intents"])


def test_rules_run_only_actions_and_responses_of_the_domain():
    domain = read_yaml("domain.yml")

    run = {
        step["action"] for rule in rules() for step in rule["steps"] if "action" in step
    }

    safety = read_yaml("data/safety/responses.yml")
    known = {*domain["actions"], *domain["responses"], *safety["responses"]}
    assert run - known == set()


def test_rules_have_different_names():
    names = [rule["rule"] for rule in rules()]

    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("function", ["SlotSet", "get_slot"])
def test_actions_know_only_slots_of_the_domain(function):
    named = {call.args[0].value for call in calls("actions", function)}

    assert named != set()
    assert named - set(read_yaml("domain.yml")["slots"]) == set()


def test_what_watches_over_danger_knows_only_slots_of_the_domain():
    arguments = [call.args[0] for call in calls("addons/components", "SlotSet")]
    set_by_policy = {a.value for a in arguments if isinstance(a, ast.Constant)}

    assert "triage_level" in set_by_policy
    named = {*set_by_policy, STATE, SLOT, *CLEARED}
    assert named - set(read_yaml("domain.yml")["slots"]) == set()


def test_slots_are_filled_only_from_entities_and_intents_of_the_domain():
    domain = read_yaml("domain.yml")
    mappings = [m for slot in domain["slots"].values() for m in slot["mappings"]]

    entities = {name for m in mappings for name in listed(m, "entity")}
    intents = {name for m in mappings for name in listed(m, "intent")}

    assert entities == set(domain["entities"])
    assert intents != set()
    assert intents - set(domain["intents"]) == set()


@pytest.mark.parametrize("slot", ["thread", "answer_source"])
def test_slots_of_the_action_are_only_ever_cleared_by_rasa(slot):
    (mapping,) = read_yaml("domain.yml")["slots"][slot]["mappings"]

    assert (mapping["type"], mapping["value"]) == ("from_intent", "none")


def test_source_is_cleared_at_every_message():
    (mapping,) = read_yaml("domain.yml")["slots"]["answer_source"]["mappings"]

    assert mapping.keys() & {"intent", "not_intent", "conditions"} == set()


def test_thread_is_kept_for_messages_that_the_action_answers():
    (mapping,) = read_yaml("domain.yml")["slots"]["thread"]["mappings"]
    answered = {
        step["intent"]
        for rule in rules()
        for step in rule["steps"]
        if "intent" in step and {"action": "action_answer"} in rule["steps"]
    }

    cleared = listed(mapping, "intent")

    assert {"faq", "tell_more", "choose_option", "affirm"} <= answered
    assert "greet" in cleared
    assert answered & set(cleared) == set()


def test_no_slot_decides_which_rule_applies():
    slots = read_yaml("domain.yml")["slots"]

    assert [n for n, slot in slots.items() if slot["influence_conversation"]] == []


@pytest.mark.parametrize(
    "name", ["config.yml", "credentials.yml", "domain.yml", "endpoints.yml"]
)
def test_every_class_that_is_named_exists(name):
    text = (ROOT / name).read_text(encoding="utf-8")

    named = CLASS_PATH.findall(text)

    assert named != []
    assert [path for path in named if path[1] not in defined_classes(path[0])] == []


def test_red_flag_detector_is_the_last_component():
    last = read_yaml("config.yml")["pipeline"][-1]

    assert last["name"] == "addons.components.red_flag_detector.RedFlagDetector"


def test_danger_is_decided_before_the_rules():
    policies = [policy["name"] for policy in read_yaml("config.yml")["policies"]]

    assert policies == [
        "addons.components.red_flag_policy.RedFlagPolicy",
        "addons.components.booking_policy.BookingPolicy",
        "RulePolicy",
    ]


def test_the_desk_has_one_name_and_its_slots_on_both_servers():
    assert desk_action.NAME == desk_slots.ACTION == BOOKING
    assert {desk_slots.DESK, desk_slots.WISH} <= set(read_yaml("domain.yml")["slots"])
    assert desk_slots.WISH.startswith(desk_slots.DESK)


def test_no_sentence_for_patients_stands_in_python():
    wordings = [
        call.lineno
        for call in calls("actions", "utter_message")
        if call.args or "text" in {keyword.arg for keyword in call.keywords}
    ]

    assert calls("actions", "utter_message") != []
    assert wordings == []
