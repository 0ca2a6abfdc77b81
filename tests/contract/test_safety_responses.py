"""The words for danger: numbers, wordings for each family, and answers to tap."""

import re

import pytest

from addons.components.red_flag_policy import STATE
from addons.safety.triage import rank
from addons.safety.turns import OTHER
from documents.library import Library
from tests.contract.responses import (
    ASKS,
    CHECKS,
    DOMAIN,
    PLACEHOLDER,
    RESPONSES,
    RULES,
    SAFETY,
    SCREENING,
    payloads,
)

WARNINGS = (
    "utter_card",
    "utter_emergency",
    "utter_emergency_reminder",
    "utter_no_help_yet",
    "utter_urgent",
    "utter_urgent_reminder",
    "utter_answered_no",
    "utter_checked_by_doctor",
    "utter_screening_clear",
)
YES, NO, UNSURE = "button:yes", "button:no", "button:unsure"
STOP, CHECKED = "button:stop", "button:checked"


def conditions(response: str) -> list[str]:
    """Returns the families that have a wording of their own."""
    return [
        condition["value"]
        for variation in SAFETY[response]
        for condition in variation.get("condition") or []
        if condition["name"] == "emergency_family"
    ]


def families(level: str) -> set[str]:
    """Returns the families of flags that may reach a level or a higher one."""
    return {
        rule.family
        for rule in RULES.rules
        if any(
            rank(reached) >= rank(level)
            for reached in (rule.level, *(upgrade.level for upgrade in rule.upgrades))
        )
    }


@pytest.mark.parametrize("response", WARNINGS)
def test_every_wording_of_a_warning_names_the_ambulance(response):
    silent = [
        variation["text"]
        for variation in SAFETY[response]
        if "emergency_number" not in PLACEHOLDER.findall(variation["text"])
    ]
    assert silent == []


@pytest.mark.parametrize("response", ["utter_emergency", "utter_card"])
def test_a_warning_has_no_button_that_leads_away_from_it(response):
    assert payloads(response) == []


@pytest.mark.parametrize(
    "response", ["utter_emergency_reminder", "utter_urgent_reminder"]
)
def test_a_reminder_has_no_button_but_that_of_a_doctors_check(response):
    assert set(payloads(response)) == {CHECKED}


@pytest.mark.parametrize("response", ["utter_emergency", "utter_urgent"])
def test_each_response_has_one_wording_without_a_condition(response):
    plain = [v for v in SAFETY[response] if "condition" not in v]
    assert len(plain) == 1


def test_each_family_of_an_emergency_has_its_wording_for_oneself_and_for_others():
    named = families("emergency") - {"general"}
    for_others = {f"{family}{OTHER}" for family in families("emergency")}

    assert sorted(conditions("utter_emergency")) == sorted(named | for_others)


@pytest.mark.parametrize(
    ("response", "level"),
    [
        ("utter_emergency_reminder", "emergency"),
        ("utter_can_you_get_help", "emergency"),
        ("utter_help_is_coming", "emergency"),
        ("utter_no_help_yet", "emergency"),
        ("utter_urgent", "urgent"),
        ("utter_soon", "soon"),
    ],
)
def test_a_wording_is_for_a_family_that_some_rule_has(response, level):
    known = {name for f in families(level) for name in (f, f"{f}{OTHER}")}

    assert conditions(response) != []
    assert set(conditions(response)) - known == set()


def test_the_patients_words_are_repeated_in_each_emergency_but_a_crisis():
    silent = [
        variation["condition"][0]["value"]
        for variation in SAFETY["utter_emergency"]
        if "{patient_words}" not in variation["text"]
    ]
    assert silent == ["crisis", "crisis_other"]


@pytest.mark.parametrize(
    ("responses", "buttons"),
    [
        (["utter_can_you_get_help", "utter_screening_offer"], [YES, NO]),
        (ASKS, [YES, NO, UNSURE]),
        (CHECKS, [YES, NO, UNSURE, STOP]),
    ],
    ids=["help and offer", "doubts", "safety check"],
)
def test_a_question_can_be_answered_with_a_tap(responses, buttons):
    for name in responses:
        assert payloads(name) == buttons * len(SAFETY[name])


def test_the_safety_check_counts_its_questions():
    texts = [SAFETY[response][0]["text"] for response in CHECKS]
    counted = [re.match(r"(\d+) of (\d+)\.", text) for text in texts]

    numbers = [match.groups() if match else None for match in counted]
    expected = [(str(n), str(len(CHECKS))) for n in range(1, len(CHECKS) + 1)]
    assert numbers == expected


def test_the_offer_says_how_many_questions_come():
    assert len(CHECKS) == 12
    assert "twelve" in SAFETY["utter_screening_offer"][0]["text"]


def test_the_safety_check_comes_before_what_exists(shipped: Library):
    sections = {topic.name: topic.section for topic in shipped.topics}

    assert SCREENING.before_topics - set(sections) == set()
    before = {sections[topic] for topic in SCREENING.before_topics}
    assert before == SCREENING.before_sections
    assert SCREENING.before_intents - set(DOMAIN["intents"]) == set()
    assert {f"utter_{i}" for i in SCREENING.before_intents} - set(RESPONSES) == set()


def test_the_memory_of_the_policy_is_filled_by_nobody_else():
    for slot in (STATE, "escalation"):
        assert DOMAIN["slots"][slot]["mappings"] == [{"type": "custom"}]
