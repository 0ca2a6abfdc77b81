from pathlib import Path

import pytest

from addons.understanding.errors import SafetyRuleError
from addons.understanding.red_flag_rules import LEVELS, Rule, read_rules

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
    source: NHS
    reviewer: A. Clinician

  - id: FEVER
    level: soon
    condition: Fever
    patterns: [fever]
    source: NHS
"""


@pytest.fixture
def write(tmp_path: Path):
    def to_file(text: str) -> Path:
        file = tmp_path / "red_flags.yml"
        file.write_text(text, "utf-8")
        return file

    return to_file


def message_for(file: Path) -> str:
    with pytest.raises(SafetyRuleError) as caught:
        read_rules(file)
    return str(caught.value)


def test_reads_the_rules_in_order(write):
    assert read_rules(write(GOOD)) == [
        Rule("CHEST", "emergency", "Chest pain", "heart", ("chest ... pain",),
             ("chest of drawers",), "NHS", "A. Clinician"),
        Rule("FEVER", "soon", "Fever", "general", ("fever",), (), "NHS", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("right", "wrong", "line", "message"),
    [
        ("    condition: Fever\n", "", 14, "'condition' is missing. Add it."),
        ("    source: NHS\n    rev", "    rev", 3, "'source' is missing. Add it."),
        ("    family: heart", "    famly: heart", 3, "unknown key 'famly'. Known: "),
        ("level: soon", "level: urgnt", 14, "level 'urgnt' is unknown. Use one of "),
        ("id: FEVER", "id: CHEST", 14, "id 'CHEST' is used twice, first at line 3."),
        ("[fever]", "[]", 14, "'patterns' is missing. Add it."),
        ("[fever]", "", 14, "'patterns' is missing. Add it."),
        (
            "[fever]",
            "['... fever']",
            14,
            "pattern '... fever' must begin and end with a word.",
        ),
        ("[fever]", "['fever ...']", 14, "'fever ...' must begin and end with a word."),
        ("[fever]", "['...']", 14, "pattern '...' must begin and end with a word."),
        ("[fever]", "['']", 14, "pattern '' must begin and end with a word."),
        ("[fever]", "[' ']", 14, "pattern ' ' must begin and end with a word."),
        (
            "[fever]",
            "['{HEAT}']",
            14,
            "names the word list 'HEAT', which does not stand",
        ),
        (
            "[fever]",
            "['fever/']",
            14,
            "pattern 'fever/' has a slash with no word beside",
        ),
        ("[fever]", "[fever, 3]", 14, "in quotes if it is a number. Correct them."),
        ("[fever]", "fever", 14, "must be lists, one wording a line"),
        ("- chest of", "- ... chest of", 3, "must begin and end with a word."),
    ],
)
def test_a_mistake_names_file_and_line(write, right, wrong, line, message):
    assert right in GOOD
    file = write(GOOD.replace(right, wrong))

    found = message_for(file)

    assert found.startswith(f"{file}:{line}: ")
    assert message in found


def test_broken_yaml_names_file_and_line(write):
    file = write(GOOD.replace("    level: soon", "   level: soon"))

    found = message_for(file)

    assert found.startswith(f"{file}: not valid YAML: ")
    assert "line 15" in found


def test_a_key_written_twice_names_its_line(write):
    file = write(GOOD.replace("    level: soon", "    level: soon\n    level: card"))
    assert "line 16" in message_for(file)


def test_a_missing_file_stops_the_start(tmp_path):
    file = tmp_path / "no.yml"
    assert message_for(file) == (
        f"{file}: cannot be read (No such file or directory). The assistant must not "
        "start without its safety rules; put the file back."
    )


@pytest.mark.parametrize("text", ["", "red_flags:\n", "red_flags: []\n", "other: 1\n"])
def test_a_file_without_rules_stops_the_start(write, text):
    file = write(text)
    assert message_for(file) == f"{file}: holds no rules under `red_flags:`."


@pytest.mark.issue("a file of another shape raises AttributeError")
@pytest.mark.parametrize(
    "text", ["red_flags: fever\n", "red_flags:\n  - fever\n", "- fever\n", "fever\n"]
)
def test_a_file_of_another_shape_names_the_file(write, text):
    file = write(text)
    assert message_for(file).startswith(str(file))


@pytest.mark.issue("a text instead of a list is read letter by letter")
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("patterns: [fever]", "patterns: fever"),
        ("patterns: [fever]", "patterns: 3"),
        ("patterns: [fever]", "patterns: [fever]\n    unless: scarlet"),
    ],
)
def test_patterns_that_are_no_list_name_the_line(write, right, wrong):
    file = write(GOOD.replace(right, wrong))
    assert message_for(file).startswith(f"{file}:14: ")


@pytest.mark.issue("a slash beside a space makes a word optional or fails in spaCy")
@pytest.mark.parametrize("pattern", ["fever/", "fever / chills", "/fever", "a//b"])
def test_an_empty_alternative_names_the_line(write, pattern):
    file = write(GOOD.replace("[fever]", f"['{pattern}']"))
    assert message_for(file).startswith(f"{file}:14: ")


@pytest.mark.issue("an empty value becomes the word None")
@pytest.mark.parametrize("key", ["id", "source", "condition"])
def test_an_empty_value_names_the_line(write, key):
    value = {"id": "FEVER", "source": "NHS", "condition": "Fever"}[key]
    head, _, tail = GOOD.rpartition(f"{key}: {value}")
    file = write(f"{head}{key}:{tail}")
    assert message_for(file).startswith(f"{file}:14: ")


@pytest.mark.issue("a mark by itself is taken for a word and matches every question")
@pytest.mark.parametrize("pattern", ["?", "? fever", "fever ,"])
def test_a_mark_is_no_word_to_begin_or_end_with(write, pattern):
    file = write(GOOD.replace("[fever]", f"['{pattern}']"))
    assert "must begin and end with a word." in message_for(file)


WORDS = "words:\n  HEAT: >-\n    fever hot\n    burning_up\n  COLD: chills\n"


@pytest.mark.parametrize(
    ("pattern", "filled"),
    [
        ("{HEAT}", "fever/hot/burning_up"),
        ("{HEAT} ... {COLD}", "fever/hot/burning_up ... chills"),
        ("warm/{HEAT} skin", "warm/fever/hot/burning_up skin"),
        ("heat", "heat"),
    ],
)
@pytest.mark.parametrize("key", ["patterns", "unless"])
def test_fills_word_lists_into_patterns(write, key, pattern, filled):
    fever = f"patterns: [fever]\n    {key}: ['{pattern}']"
    if key == "patterns":
        fever = f"patterns: ['{pattern}']"
    file = write(WORDS + GOOD.replace("patterns: [fever]", fever))

    assert getattr(read_rules(file)[1], key) == (filled,)


@pytest.mark.parametrize("words", ["words: fever\n", "words: [fever]\n"])
def test_word_lists_of_another_shape_name_the_file(write, words):
    file = write(words + GOOD)
    assert message_for(file).startswith(f"{file}: `words:` must hold named lists")


@pytest.mark.issue("an empty word list becomes the word None, a list its Python form")
@pytest.mark.parametrize("row", ["", " [fever, hot]", " {fever: hot}"])
def test_a_word_list_that_is_no_text_is_an_error(write, row):
    file = write(f"words:\n  HEAT:{row}\n" + GOOD.replace("[fever]", "['{HEAT}']"))
    assert message_for(file).startswith(str(file))


@pytest.mark.issue("a brace that does not close is taken for a part of the word")
@pytest.mark.parametrize("pattern", ["{HEAT", "HEAT}", "{HE AT}", "{HEAT-2}"])
def test_a_broken_name_of_a_word_list_is_an_error(write, pattern):
    file = write(WORDS + GOOD.replace("[fever]", f"['{pattern}']"))
    assert message_for(file).startswith(f"{file}:")


def test_the_levels_stand_from_the_least_to_the_gravest():
    assert LEVELS == ("none", "card", "check", "soon", "urgent", "emergency")
