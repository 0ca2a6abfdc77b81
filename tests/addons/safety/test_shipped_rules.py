"""The shipped rules: every example of an emergency is one, and no question is."""

import random
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from addons.safety.detector import RedFlagJudge
from addons.safety.read_rules import read_rules

ROOT = Path(__file__).parents[3]
RULES = read_rules(ROOT / "data/safety/red_flags").rules


def load(path: str):
    return YAML(typ="safe").load(ROOT / path)


def examples() -> list[str]:
    (red_flag,) = (
        entry
        for entry in load("data/nlu/safety.yml")["nlu"]
        if entry.get("intent") == "red_flag"
    )
    lines = (line.strip() for line in red_flag["examples"].splitlines())
    return [line.removeprefix("- ") for line in lines if line]


EXAMPLES = examples()
QUESTIONS = load("tests/clinic/questions.yml")
HARMLESS = [
    (f"{part}/{name}", text)
    for part in ("topics", "out_of_scope")
    for name, texts in QUESTIONS[part].items()
    for text in texts
]


@lru_cache(maxsize=1)
def shipped_rules() -> RedFlagJudge:
    return RedFlagJudge.from_folder(ROOT / "data/safety")


def level(text: str) -> str:
    return shipped_rules().judge(text).level


VARIATIONS = {
    "as it stands": lambda text: text,
    "upper case": str.upper,
    "capitalised": str.title,
    "without apostrophes": lambda text: text.replace("'", ""),
    "curly apostrophes": lambda text: text.replace("'", "’"),
    "question before": lambda text: f"How much is a visit? {text}",
    "question after": lambda text: f"{text}. How much is a visit?",
    "question before, no mark": lambda text: f"how much is a visit {text}",
    "question after, no mark": lambda text: f"{text} how much is a visit",
    "question after a comma": lambda text: f"{text}, how much is a visit?",
    "no, before": lambda text: f"No, {text}",
    "denied illness before": lambda text: f"I am not well, {text}",
    "denied fever before": lambda text: f"no fever but {text}",
    "emoji around": lambda text: f"😀 {text} 😀😀",
    "emoji instead of spaces": lambda text: text.replace(" ", "😀"),
    "full stop without a space": lambda text: f"hello.{text}",
    "two spaces": lambda text: text.replace(" ", "  "),
    "emoji between": lambda text: text.replace(" ", " 😀 "),
    "hearts between": lambda text: text.replace(" ", " ❤️ "),
}


def test_the_files_hold_examples_and_questions():
    assert len(RULES) > 20
    assert len(EXAMPLES) > 200
    assert len(HARMLESS) > 500


@pytest.mark.parametrize("variation", VARIATIONS)
def test_every_example_of_an_emergency_is_judged_one(variation):
    texts = [VARIATIONS[variation](example) for example in EXAMPLES]
    assert {t: level(t) for t in texts if level(t) != "emergency"} == {}


unhurried = settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow]
)


@unhurried
@given(st.sampled_from(EXAMPLES), st.randoms(use_true_random=False))
def test_random_capitals_hide_no_emergency(example: str, chance: random.Random):
    text = "".join(chance.choice((c.lower(), c.upper())) for c in example)
    assert level(text) == "emergency"


@unhurried
@given(
    st.sampled_from(EXAMPLES),
    st.lists(st.sampled_from(["😀", "👍", "🚑", "🙏"]), min_size=1, max_size=30),
)
def test_emoji_instead_of_spaces_hide_no_emergency(example: str, emoji: list[str]):
    first, *words = example.split(" ")
    joined = (emoji[i % len(emoji)] + word for i, word in enumerate(words))
    assert level(first + "".join(joined)) == "emergency"


# Stretched, these become another word that is known: too, off, bee, thee.
BECOME_OTHERS = {"to", "of", "be", "the"}


@unhurried
@given(st.data())
def test_a_stretched_letter_hides_no_emergency(data: st.DataObject):
    words = data.draw(st.sampled_from(EXAMPLES)).split(" ")
    place = data.draw(st.integers(0, len(words) - 1))
    word = words[place]
    assume(word.lower() not in BECOME_OTHERS)
    letters = [i for i, c in enumerate(word) if c.isascii() and c.isalpha()]
    assume(letters)
    letter = data.draw(st.sampled_from(letters))
    more = word[letter] * data.draw(st.integers(2, 6))
    words[place] = word[:letter] + more + word[letter:]
    assert level(" ".join(words)) == "emergency"


@pytest.mark.parametrize(
    "text",
    [
        "short offf breath",
        "lost theee use of my legs",
    ],
)
@pytest.mark.xfail(strict=True, reason="the first spelling that is known is taken")
def test_a_stretched_word_that_could_be_another_hides_no_emergency(text):
    assert level(text) == "emergency"


# A changed feeling where one sits is the specification's own sign; whether sitting
# long excuses it is for a clinician to decide.
DISPUTED = (
    "pins n needles in my one bum cheek wen i sit long, is dat a nerve or still spasm"
)


def test_no_question_for_the_clinic_is_judged_an_emergency():
    wrong = {
        text: (name, [(flag.id, flag.text) for flag in triage.raised])
        for name, text in HARMLESS
        if (triage := shipped_rules().judge(text)).level == "emergency"
    }
    assert set(wrong) <= {DISPUTED}


@pytest.mark.parametrize(
    "text",
    [
        "without warning numb between my legs",
        "not sure if my groin is numb",
        "no doubt about it, my groin is numb",
        "no doubt about it, I have chest pain",
        "I am not well chest pain",
        "never had chest pain like this",
        "No, I have crushing chest pain",
    ],
)
def test_a_denial_of_something_else_hides_no_emergency(text):
    triage = shipped_rules().judge(text)
    assert triage.level == "emergency"
    assert {flag.status for flag in triage.flags} == {"present"}


@pytest.mark.parametrize(
    "text",
    [
        "no chest pain",
        "I don't have any numbness between my legs",
        "I dont have any numbness between my legs",
        "no numbness, no chest pain",
    ],
)
def test_what_is_denied_shows_the_card_only(text):
    triage = shipped_rules().judge(text)
    assert triage.level == "card"
    assert {flag.status for flag in triage.flags} == {"negated"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_names_its_source_and_nobody_has_signed_it(rule):
    assert rule.id.strip()
    assert rule.source.strip()
    assert rule.reviewer == ""


@pytest.mark.parametrize("name", ["emergency", "urgent", "soon"])
def test_a_file_holds_the_rules_of_its_level(name):
    rules = load(f"data/safety/red_flags/{name}.yml")["red_flags"]
    assert {rule["level"] for rule in rules} == {name}
