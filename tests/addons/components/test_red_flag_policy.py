from typing import Any

import pytest
from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import AnySlot, TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from addons.components.red_flag_policy import RedFlagPolicy
from addons.safety.state import OpenQuestion, SafetyState
from addons.slots import GrowingListSlot, HighestLevelSlot
from addons.understanding.errors import SafetyRuleError

RULES = """\
red_flags:
  - {id: CHEST, level: emergency, condition: Chest pain, family: heart, source: NHS,
     patterns: [chest pain], asks: chest}
  - {id: WEIGHT, level: soon, condition: Weight loss, source: NHS, patterns: [thin]}
"""
SCREENING = """\
questions: [{question: chest, flag: CHEST, level: emergency}]
before_intents: [book_appointment]
before_topics: [faq/heat]
"""
ASKS = "asks: {chest: {tell: I have chest pain.}, general: {tell: I said yes.}}\n"
MAPPED = [{"type": "custom"}]
SLOTS = [
    AnySlot("safety", MAPPED),
    AnySlot("booking", MAPPED),
    AnySlot("thread", MAPPED),
    AnySlot("escalation", MAPPED),
    TextSlot("emergency_family", MAPPED),
    TextSlot("patient_words", MAPPED),
    HighestLevelSlot("triage_level", MAPPED),
    GrowingListSlot("triage_flags", MAPPED),
]
SAID = (
    "emergency",
    "can_you_get_help",
    "no_help_yet",
    "checked_by_doctor",
    "soon",
    "urgent",
    "card",
    "ask_chest",
    "screening_offer",
)
RESPONSES = {f"utter_{name}": [{"text": name}] for name in SAID}
FORMS = {"booking_form": {"required_slots": []}}
DOMAIN = Domain(
    ["faq"], [], SLOTS, RESPONSES, ["action_answer", "action_book"], FORMS, {}
)


@pytest.fixture
def create(tmp_path, write):
    write("safety/red_flags/all.yml", RULES)
    write("safety/screening.yml", SCREENING)
    folder = write("safety/asks.yml", ASKS).parent
    config = {**RedFlagPolicy.get_default_config(), "safety_folder": str(folder)}
    storage, context = LocalModelStorage(tmp_path), ExecutionContext(GraphSchema({}))
    return lambda: RedFlagPolicy.load(config, storage, Resource("policy"), context)


@pytest.fixture
def policy(create) -> RedFlagPolicy:
    return create()


@pytest.fixture
def tracker() -> DialogueStateTracker:
    tracker = DialogueStateTracker("patient-1", DOMAIN.slots)
    tracker.update(ActionExecuted("action_listen"))
    return tracker


def flag(name: str, level: str, status: str = "present") -> dict[str, str]:
    return {"id": name, "level": level, "status": status, "via": "rule", "text": "x"}


CHEST = {"triage": {"flags": [flag("CHEST", "emergency")]}}
DOUBT = {"triage": {"flags": [flag("CHEST", "check", "uncertain")]}}
THIN = {"triage": {"flags": [flag("WEIGHT", "soon")]}}


def say(tracker: DialogueStateTracker, text: str = "my words", **parsed: Any) -> None:
    intent = {"name": "faq"}
    data = {"text": text, "intent": intent, **parsed}
    tracker.update(UserUttered(text, intent, None, data, input_channel="rest"))


def predicted(policy: RedFlagPolicy, tracker: DialogueStateTracker) -> str | None:
    """Predicts and applies the events, like Rasa; None leaves it to the rules."""
    prediction = policy.predict_action_probabilities(tracker, DOMAIN)
    tracker.update_with_events(prediction.events, DOMAIN)
    if prediction.max_confidence == 0:
        return None
    return DOMAIN.action_names_or_texts[prediction.max_confidence_index]


def turn(
    policy: RedFlagPolicy, tracker: DialogueStateTracker, normal: str = "action_answer"
) -> list[str]:
    """Runs actions until the assistant listens; the rules run the normal one."""
    done: list[str] = []
    while "action_listen" not in done:
        rules = "action_listen" if normal in done else normal
        done.append(predicted(policy, tracker) or rules)
        tracker.update(ActionExecuted(done[-1]), DOMAIN)
        assert len(done) < 9
    return done


def test_an_emergency_comes_first_and_alone(policy, tracker):
    say(tracker, **CHEST)
    done = turn(policy, tracker)
    assert done == ["utter_emergency", "utter_can_you_get_help", "action_listen"]


@pytest.mark.parametrize(
    ("parsed", "added"),
    [
        (THIN, ["utter_soon"]),
        (DOUBT, ["utter_ask_chest"]),
        ({"triage": {"flags": [], "failed": True}}, ["utter_card"]),
    ],
)
def test_what_can_wait_comes_after_the_normal_reply(policy, tracker, parsed, added):
    say(tracker, **parsed)
    assert turn(policy, tracker) == ["action_answer", *added, "action_listen"]


def test_a_normal_turn_is_left_to_the_rules(policy, tracker):
    say(tracker)
    for _ in range(2):
        prediction = policy.predict_action_probabilities(tracker, DOMAIN)
        assert prediction.probabilities == [0.0] * DOMAIN.num_actions
        assert not prediction.is_no_user_prediction
        answered = ActionExecuted("action_answer")
        tracker.update_with_events([*prediction.events, answered], DOMAIN)


def test_nothing_is_predicted_before_the_first_message(policy, tracker):
    prediction = policy.predict_action_probabilities(tracker, DOMAIN)
    assert (prediction.max_confidence, prediction.events) == (0, [])


def test_the_slots_are_set_once_by_events(policy, tracker):
    say(tracker, about_other=True, **CHEST)

    first = policy.predict_action_probabilities(tracker, DOMAIN).events
    tracker.update_with_events([*first, ActionExecuted("utter_emergency")], DOMAIN)
    second = policy.predict_action_probabilities(tracker, DOMAIN).events

    state = SafetyState(
        turn=1,
        facts=("CHEST",),
        question=OpenQuestion("help", asked=1),
        before=("utter_emergency", "utter_can_you_get_help"),
        replaces=True,
    )
    assert first == [
        SlotSet("safety", state.to_slot()),
        SlotSet("triage_level", "emergency"),
        SlotSet("triage_flags", ["CHEST"]),
        SlotSet("emergency_family", "heart_other"),
        SlotSet("patient_words", "my words"),
        SlotSet("escalation", {"level": "emergency", "flags": ["CHEST"], "via": "rule",
                               "words": "my words", "event": "raised",
                               "channel": "rest"}),
    ]  # fmt: skip
    assert second == []


def test_an_answer_is_bound_to_the_question_over_several_messages(policy, tracker):
    say(tracker, **DOUBT)
    turn(policy, tracker)
    say(tracker, "yes", reply={"answer": "yes", "changed_to_yes": False})

    assert turn(policy, tracker)[0] == "utter_emergency"
    assert tracker.get_slot("triage_flags") == ["CHEST"]
    assert tracker.get_slot("patient_words") == "I have chest pain."


def test_nobody_comes_changes_neither_the_words_nor_the_family(policy, tracker):
    say(tracker, **CHEST)
    turn(policy, tracker)
    flag = {**CHEST["triage"]["flags"][0], "via": "model"}
    say(
        tracker,
        "nobody comes",
        intent={"name": "red_flag"},
        reply={"no_help": True},
        triage={"level": "emergency", "flags": [flag]},
    )
    for name in ("patient_words", "emergency_family"):
        tracker.update(SlotSet(name, "of the second message"), DOMAIN)

    assert turn(policy, tracker) == ["utter_no_help_yet", "action_listen"]
    assert tracker.get_slot("patient_words") == "my words"
    assert tracker.get_slot("emergency_family") == "heart"


def test_a_check_by_a_doctor_clears_level_and_flags(policy, tracker):
    say(tracker, **CHEST)
    turn(policy, tracker)
    say(tracker, command={"name": "checked", "address": "", "number": 0})

    assert turn(policy, tracker) == ["utter_checked_by_doctor", "action_listen"]
    assert tracker.get_slot("triage_level") == "none"
    assert tracker.get_slot("triage_flags") == []
    assert tracker.get_slot("escalation")["event"] == "checked_by_doctor"


def test_inside_a_form_danger_goes_before_the_form(policy, tracker):
    tracker.update(ActiveLoop("booking_form"))
    say(tracker, **CHEST)

    own = policy.predict_action_probabilities(tracker, DOMAIN)
    form = PolicyPrediction.for_action_name(DOMAIN, "booking_form", "RulePolicy")
    form.is_no_user_prediction, form.policy_priority = True, 6
    best = DefaultPolicyPredictionEnsemble().combine_predictions(
        [form, own], tracker, DOMAIN
    )

    assert own.is_no_user_prediction
    assert best.max_confidence_index == DOMAIN.index_for_action("utter_emergency")


def start_form(policy: RedFlagPolicy, tracker: DialogueStateTracker) -> None:
    say(tracker)
    predicted(policy, tracker)
    started = [ActionExecuted("booking_form"), ActiveLoop("booking_form")]
    tracker.update_with_events([*started, ActionExecuted("action_listen")], DOMAIN)


def test_inside_a_form_what_can_wait_comes_after_its_question(policy, tracker):
    start_form(policy, tracker)
    say(tracker, **DOUBT)
    doubt = turn(policy, tracker, "booking_form")
    say(tracker)
    nothing = turn(policy, tracker, "booking_form")
    say(tracker, **THIN)
    soon = turn(policy, tracker, "booking_form")

    assert doubt == ["booking_form", "utter_ask_chest", "action_listen"]
    assert nothing == ["booking_form", "action_listen"]
    assert soon == ["booking_form", "utter_soon", "action_listen"]


def test_a_turn_is_planned_once_also_if_a_form_rejects_the_message(policy, tracker):
    start_form(policy, tracker)
    say(tracker, **THIN)
    assert predicted(policy, tracker) is None
    tracker.update(ActionExecutionRejected("booking_form"))

    assert turn(policy, tracker) == ["action_answer", "utter_soon", "action_listen"]
    assert tracker.get_slot("safety")["turn"] == 2


def test_a_mistake_in_the_files_stops_the_start(create, write):
    write("safety/asks.yml", "asks: {general: {tell: I said yes.}}\n")
    with pytest.raises(SafetyRuleError, match="the rule CHEST asks 'chest'"):
        create()


def doubt(level: str) -> dict[str, Any]:
    """Returns what the statistical layer alone makes of a message."""
    return {"triage": {"flags": [{**flag("WEIGHT", level), "via": "model"}]}}


def asked_for(step: str) -> dict[str, Any]:
    return {"open": "form", "form": {"key": "k", "step": step}}


def fill(tracker: DialogueStateTracker, level: str) -> None:
    """Fills the slots as Rasa does from the detector's entities."""
    tracker.update(SlotSet("triage_level", level))
    tracker.update(SlotSet("triage_flags", ["WEIGHT"]))


def test_a_name_that_the_statistical_layer_doubts_raises_nothing(policy, tracker):
    tracker.update(SlotSet("booking", asked_for("name")))
    tracker.update(SlotSet("triage_level", "check"))
    tracker.update(SlotSet("triage_flags", ["CHEST"]))
    say(tracker, "Sipho Dlamini", **doubt("soon"))
    fill(tracker, "soon")

    assert turn(policy, tracker, "action_book") == ["action_book", "action_listen"]
    assert tracker.get_slot("triage_level") == "check"
    assert tracker.get_slot("triage_flags") == ["CHEST"]
    assert tracker.get_slot("escalation") is None


@pytest.mark.parametrize(
    ("step", "said", "level"),
    [
        ("note", doubt("soon"), "soon"),
        ("name", THIN, "soon"),
        ("name", doubt("urgent"), "urgent"),
        ("day", CHEST, "emergency"),
    ],
)
def test_all_else_is_noticed_in_a_booking_too(policy, tracker, step, said, level):
    tracker.update(SlotSet("booking", asked_for(step)))
    say(tracker, **said)

    predicted(policy, tracker)

    assert tracker.get_slot("triage_level") == level
    assert tracker.get_slot("escalation")["level"] == level


def test_a_booking_goes_on_when_a_doctor_has_checked_it(policy, tracker):
    tracker.update(SlotSet("booking", asked_for("day")))
    say(tracker, **CHEST)
    turn(policy, tracker)
    say(tracker, command={"name": "checked"})

    done = turn(policy, tracker)

    assert done == ["utter_checked_by_doctor", "action_book", "action_listen"]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [("call_back", ["action_book"]), ("move_visit", ["action_book"]),
     ("", ["utter_screening_offer"])],
)  # fmt: skip
def test_only_a_booking_begins_with_the_safety_check(policy, tracker, wish, expected):
    say(tracker, wish=wish, intent={"name": "book_appointment"})

    assert turn(policy, tracker, "action_book") == [*expected, "action_listen"]


def test_a_call_back_beside_a_pain_is_not_held_up_either(policy, tracker):
    questions = [{"options": ["faq/heat"]}]
    say(tracker, wish="call_back", questions=questions, signs=["spine_pain"])

    assert turn(policy, tracker, "action_book") == ["action_book", "action_listen"]
