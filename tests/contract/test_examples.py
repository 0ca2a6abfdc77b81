"""Examples that are learned from, and questions that are held out."""

import re
from collections import Counter
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
FEWEST_EXAMPLES = 30
FEWEST_QUESTIONS = 6
HELD_OUT = ("questions.yml", "tuning.yml")


def read_yaml(file: Path):
    return YAML(typ="safe").load(file)


def plain(text: str) -> str:
    """Returns a text without case and punctuation; bare punctuation stays."""
    words = re.sub(r"[^\w\s]", "", text.casefold()).split()
    return " ".join(words) or text.strip()


@pytest.fixture(scope="module")
def examples() -> list[tuple[str, str]]:
    """Returns intent and text of every example."""
    files = sorted((ROOT / "data").rglob("*.yml"))
    return [
        (entry["intent"], line.removeprefix("- "))
        for file in files
        for entry in read_yaml(file).get("nlu") or []
        for line in entry["examples"].splitlines()
    ]


def held_out(name: str) -> list[str]:
    """Returns every question of a file, in whatever group it stands."""
    tree = read_yaml(ROOT / "tests/clinic" / name)
    groups = [tree["topics"], tree["intents"], tree["out_of_scope"]]
    texts = [text for group in groups for listed in group.values() for text in listed]
    entries = [*tree["several"], *tree["long_story"]]
    return [*texts, *(entry["text"] for entry in entries)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Do I REST?", "do i rest"),
        ("It's fine, really", "its fine really"),
        ("???", "???"),
        ("", ""),
    ],
)
def test_texts_are_compared_without_case_and_punctuation(text, expected):
    assert plain(text) == expected


def test_every_topic_has_enough_examples(examples, shipped):
    counts = Counter(intent for intent, _ in examples)

    few = {t.name: counts[t.name] for t in shipped.topics}
    assert {name: n for name, n in few.items() if n < FEWEST_EXAMPLES} == {}


def test_every_topic_with_examples_has_an_answer(examples, shipped):
    learned = {intent for intent, _ in examples if intent.startswith("faq/")}

    assert learned == {topic.name for topic in shipped.topics}


def test_no_example_is_empty(examples):
    assert [intent for intent, text in examples if not text.strip()] == []


@pytest.mark.issue("'phrase two' stands twice under faq/rehab_pain_free_movement")
def test_no_example_occurs_twice(examples):
    intents: dict[str, list[str]] = {}
    for intent, text in examples:
        intents.setdefault(plain(text), []).append(intent)

    assert {text: names for text, names in intents.items() if len(names) > 1} == {}


@pytest.mark.parametrize("name", HELD_OUT)
@pytest.mark.issue("six questions of each held-out file are learned from")
def test_no_example_is_a_held_out_question(examples, name):
    learned = {plain(text): intent for intent, text in examples}

    leaked = {q: learned[plain(q)] for q in held_out(name) if plain(q) in learned}
    assert leaked == {}


@pytest.mark.issue("seven questions stand in questions.yml and in tuning.yml")
def test_thresholds_are_not_chosen_on_the_questions_that_judge_them():
    questions, tuning = ({plain(q) for q in held_out(name)} for name in HELD_OUT)

    assert questions & tuning == set()


@pytest.mark.parametrize("name", HELD_OUT)
@pytest.mark.issue("four questions stand twice in questions.yml")
def test_no_held_out_question_occurs_twice(name):
    counts = Counter(map(plain, held_out(name)))

    assert [text for text, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("name", HELD_OUT)
def test_held_out_files_name_only_known_topics_and_intents(name, shipped):
    tree = read_yaml(ROOT / "tests/clinic" / name)
    intents = set(read_yaml(ROOT / "domain.yml")["intents"])
    known = {topic.name for topic in shipped.topics}

    entries = [*tree["several"], *tree["long_story"]]
    named = {topic for entry in entries for topic in entry["topics"]}

    assert set(tree["topics"]) - known == set()
    assert set(tree["intents"]) - intents == set()
    assert named - known == set()


def test_every_topic_is_held_to_enough_questions(shipped):
    topics = read_yaml(ROOT / "tests/clinic/questions.yml")["topics"]

    counts = {topic.name: len(topics.get(topic.name, [])) for topic in shipped.topics}
    assert {name: n for name, n in counts.items() if n < FEWEST_QUESTIONS} == {}
