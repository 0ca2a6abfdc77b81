from pathlib import Path

import pytest

from addons.safety.read_rules import read_rules
from addons.safety.rules import Rule, Upgrade
from addons.safety.triage import LEVELS
from addons.understanding.errors import SafetyRuleError

GOOD = """\
# A comment before the rules.
red_flags:
  - id: CHEST
    level: emergency
    condition: Chest pain
    family: heart
    patterns:
      - chest ... pain
    unless:
      - chest of drawers
    doubtful: [chest tight]
    resolved: urgent
    asks: heart
    history: true
    source: NHS
    reviewer: A. Clinician

  - id: FEVER
    level: soon
    condition: Fever
    patterns: [fever]
    together: [CHEST + FEVER]
    upgrades:
      - level: urgent
        together: [FEVER + CHEST/FEVER]
    source: NHS
"""
CHEST, FEVER = 3, 18


@pytest.fixture
def write(tmp_path: Path):
    def to_file(text: str, encoding: str = "utf-8") -> Path:
        file = tmp_path / "red_flags.yml"
        file.write_text(text, encoding)
        return file

    return to_file


def message_for(file: Path) -> str:
    with pytest.raises(SafetyRuleError) as caught:
        read_rules(file)
    return str(caught.value)


def test_reads_the_rules_in_order(write):
    both = (("FEVER",), ("CHEST", "FEVER"))
    assert read_rules(write(GOOD)).rules == (
        Rule(
            id="CHEST",
            level="emergency",
            condition="Chest pain",
            family="heart",
            patterns=("chest ... pain",),
            unless=("chest of drawers",),
            doubtful=("chest tight",),
            resolved="urgent",
            asks="heart",
            history=True,
            source="NHS",
            reviewer="A. Clinician",
        ),
        Rule(
            id="FEVER",
            level="soon",
            condition="Fever",
            family="general",
            patterns=("fever",),
            together=((("CHEST",), ("FEVER",)),),
            upgrades=(Upgrade("urgent", (both,)),),
            resolved="card",
            source="NHS",
        ),
    )


def test_a_rule_is_found_by_its_id(write):
    assert read_rules(write(GOOD)).rule("FEVER").condition == "Fever"


@pytest.mark.parametrize("way", ["patterns", "doubtful", "together"])
def test_one_way_to_raise_a_flag_is_enough(write, way):
    wording = "CHEST + CHEST" if way == "together" else "hot"
    ways = f"\n    {way}: ['{wording}']\n"
    head, _, _ = GOOD.partition("\n    patterns: [fever]")

    assert read_rules(write(head + ways + "    source: NHS\n")).rule("FEVER")


MISTAKES = [
    ("    condition: Fever\n", "", FEVER, "'condition' is missing. Add it."),
    ("    source: NHS\n    rev", "    rev", CHEST, "'source' is missing. Add it."),
    ("    family: heart", "    famly: heart", CHEST, "unknown key 'famly'. Known: "),
    ("level: soon", "level: urgnt", FEVER, "level 'urgnt' is unknown. Use one of "),
    ("resolved: urgent", "resolved: gone", CHEST, "level 'gone' is unknown."),
    ("resolved: urgent", "resolved:", CHEST, "is unknown. Use one of "),
    ("history: true", "history: yes", CHEST, "'history' must be true or false."),
    ("history: true", "history: 1", CHEST, "'history' must be true or false."),
    ("history: true", "history:", CHEST, "'history' must be true or false."),
    ("[fever]", "['... fever']", FEVER, "'... fever' must begin and end with a word."),
    ("[fever]", "['fever ...']", FEVER, "'fever ...' must begin and end with a word."),
    ("[fever]", "['...']", FEVER, "pattern '...' must begin and end with a word."),
    ("[fever]", "['']", FEVER, "pattern '' must begin and end with a word."),
    ("[fever]", "[' ']", FEVER, "pattern ' ' must begin and end with a word."),
    ("[fever]", "['{HEAT}']", FEVER, "the word list 'HEAT', which does not stand"),
    ("[fever]", "['fever/']", FEVER, "'fever/' has a slash with no word beside"),
    ("[fever]", "[fever, 3]", FEVER, "in quotes if it is a number. Correct it."),
    ("[fever]", "fever", FEVER, "`patterns:` must be a list, one wording a line"),
    ("- chest of", "- ... chest of", CHEST, "must begin and end with a word."),
    ("[chest tight]", "[tight ...]", CHEST, "must begin and end with a word."),
]


@pytest.mark.parametrize(("right", "wrong", "line", "message"), MISTAKES)
def test_a_mistake_names_file_and_line(write, right, wrong, line, message):
    assert right in GOOD
    file = write(GOOD.replace(right, wrong))

    found = message_for(file)

    assert found.startswith(f"{file}:{line}: ")
    assert message in found


@pytest.mark.parametrize("patterns", ["", "    patterns:\n", "    patterns: []\n"])
def test_a_flag_that_nothing_raises_names_the_line(write, patterns):
    plain = GOOD.replace("    together: [CHEST + FEVER]\n", "")
    file = write(plain.replace("    patterns: [fever]\n", patterns))
    assert message_for(file) == f"{file}:{FEVER}: 'patterns' is missing. Add it."


def test_an_id_used_twice_names_both_places(write):
    file = write(GOOD.replace("id: FEVER", "id: CHEST"))
    assert message_for(file) == (
        f"{file}:{FEVER}: id 'CHEST' is used twice, first at {file} line {CHEST}. "
        "Rename one."
    )


def test_broken_yaml_names_file_and_line(write):
    file = write(GOOD.replace("    level: soon", "   level: soon"))

    found = message_for(file)

    assert found.startswith(f"{file}: not valid YAML: ")
    assert f"line {FEVER + 1}" in found


def test_a_key_written_twice_names_its_line(write):
    file = write(GOOD.replace("    level: soon", "    level: soon\n    level: card"))
    assert f"line {FEVER + 2}" in message_for(file)


def test_a_file_in_another_encoding_is_named(write):
    file = write(GOOD.replace("Fever", "Fièvre"), "latin-1")
    assert message_for(file).startswith(f"{file}: not valid YAML: ")


def test_a_missing_file_stops_the_start(tmp_path):
    file = tmp_path / "no.yml"
    assert message_for(file) == (
        f"{file}: cannot be read (No such file or directory). The assistant must not "
        "start without its safety rules; put the file back."
    )


@pytest.mark.parametrize("text", ["", "red_flags:\n", "red_flags: []\n", "words: {}\n"])
def test_a_file_without_rules_stops_the_start(write, text):
    file = write(text)
    assert message_for(file) == f"{file}: holds no rules under `red_flags:`."


def test_an_unknown_part_is_named(write):
    file = write(GOOD.replace("red_flags:", "redflags:"))
    assert message_for(file) == (
        f"{file}: unknown part 'redflags'. Known: words, signs, red_flags."
    )


@pytest.mark.issue("a file of another shape raises AttributeError")
@pytest.mark.parametrize(
    "text",
    ["red_flags: fever\n", "red_flags:\n  - fever\n", "- fever\n", "fever\n",
     "red_flags:\n  FEVER: soon\n"],
)  # fmt: skip
def test_a_file_of_another_shape_names_the_file(write, text):
    file = write(text)
    assert message_for(file).startswith(str(file))


@pytest.mark.issue("a text instead of a list is read letter by letter")
@pytest.mark.parametrize("key", ["patterns", "unless", "doubtful", "together"])
@pytest.mark.parametrize("value", ["CHEST + FEVER", "3", "true", "{a: b}"])
def test_what_must_be_a_list_names_the_line(write, key, value):
    plain = GOOD.replace("    together: [CHEST + FEVER]\n", "")
    fever = f"patterns: [fever]\n    {key}: {value}"
    if key == "patterns":
        fever = f"patterns: {value}"
    file = write(plain.replace("patterns: [fever]", fever))
    assert message_for(file).startswith(f"{file}:{FEVER}: `{key}:` must be a list")


@pytest.mark.issue("a slash beside a space makes a word optional or fails in spaCy")
@pytest.mark.parametrize("pattern", ["fever/", "fever / chills", "/fever", "a//b"])
def test_an_empty_alternative_names_the_line(write, pattern):
    file = write(GOOD.replace("[fever]", f"['{pattern}']"))
    assert message_for(file).startswith(f"{file}:{FEVER}: ")


@pytest.mark.issue("an empty value becomes the word None")
@pytest.mark.parametrize("key", ["id", "source", "condition"])
def test_an_empty_value_names_the_line(write, key):
    value = {"id": "FEVER", "source": "NHS", "condition": "Fever"}[key]
    head, _, tail = GOOD.rpartition(f"{key}: {value}")
    file = write(f"{head}{key}:{tail}")
    assert message_for(file) == f"{file}:{FEVER}: '{key}' is missing. Add it."


@pytest.mark.issue("a mark by itself is taken for a word and matches every question")
@pytest.mark.parametrize("pattern", ["?", "? fever", "fever ,"])
def test_a_mark_is_no_word_to_begin_or_end_with(write, pattern):
    file = write(GOOD.replace("[fever]", f"['{pattern}']"))
    assert "must begin and end with a word." in message_for(file)


def test_the_levels_stand_from_the_least_to_the_gravest():
    assert LEVELS == ("none", "card", "check", "soon", "urgent", "emergency")
