from pathlib import Path

import pytest

from addons.safety.read_rules import read_rules
from addons.safety.rules import RuleBook
from addons.safety.screening import Screening, ScreeningQuestion, read_screening
from addons.understanding.errors import SafetyRuleError
from tests.addons.helpers import rule

GOOD = """\
reviewer: ""
questions:
  - {question: chest, flag: CHEST, level: emergency}
  - question: fever
    flag: FEVER
    level: urgent
before_topics: [faq/heat, faq/massage]
before_sections: [back#heat]
before_intents: [book_appointment]
"""
BOOK = RuleBook((rule(id="CHEST"), rule(id="FEVER", level="urgent")))


def message_for(file: Path) -> str:
    with pytest.raises(SafetyRuleError) as caught:
        read_screening(BOOK, file)
    return str(caught.value)


def test_reads_the_questions_in_order_and_what_they_come_before(write):
    assert read_screening(BOOK, write("screening.yml", GOOD)) == Screening(
        (
            ScreeningQuestion("chest", "CHEST", "emergency"),
            ScreeningQuestion("fever", "FEVER", "urgent"),
        ),
        frozenset({"faq/heat", "faq/massage"}),
        frozenset({"back#heat"}),
        frozenset({"book_appointment"}),
    )


def test_what_it_comes_before_may_be_left_out(write):
    file = write("screening.yml", GOOD.partition("before_topics")[0])
    screening = read_screening(BOOK, file)
    assert screening.before_topics == screening.before_sections == set()
    assert screening.before_intents == set()


def test_a_question_names_its_response():
    question = ScreeningQuestion("chest", "CHEST", "emergency")
    assert question.response == "utter_screening_chest"


@pytest.mark.parametrize(
    ("right", "wrong", "line", "message"),
    [
        ("    level: urgent\n", "", 4, "a question needs flag, level, question, "),
        ("    level", "    order: 2\n    level", 4, "a question needs flag, level"),
        ("flag: CHEST", "flag: CHESS", 3, "no rule has the flag 'CHESS'"),
        ("level: urgent", "level: urgnt", 4, "the level 'urgnt' is unknown."),
        ("{question: chest, flag: CHEST, level: emergency}", "chest", 3, "needs flag"),
    ],
)
def test_a_mistake_names_file_and_line(write, right, wrong, line, message):
    assert right in GOOD
    file = write("screening.yml", GOOD.replace(right, wrong))

    found = message_for(file)

    assert found.startswith(f"{file}:{line}: ")
    assert message in found


@pytest.mark.parametrize(
    "text", ["", "chest\n", "- chest\n", "questions:\n", "questions: []\n"]
)
def test_a_file_without_questions_says_what_is_missing(write, text):
    file = write("screening.yml", text)
    assert message_for(file) == f"{file}: `questions:` must list the questions."


@pytest.mark.parametrize("text", ["questions: chest\n", "questions: 3\n"])
def test_questions_that_are_no_list_name_the_file(write, text):
    file = write("screening.yml", text)
    assert message_for(file).startswith(f"{file}: ")


def test_questions_that_are_a_mapping_name_the_file(write):
    file = write("screening.yml", "questions:\n  chest: CHEST\n")
    assert message_for(file).startswith(f"{file}: ")


def test_a_missing_file_stops_the_start(tmp_path):
    file = tmp_path / "no.yml"
    assert message_for(file).startswith(f"{file}: cannot be read: ")


def test_broken_yaml_names_file_and_line(write):
    file = write("screening.yml", GOOD.replace("    flag: FEVER", "   flag: FEVER"))
    assert "line 5" in message_for(file)


def test_two_questions_of_one_name_name_the_line(write):
    file = write("screening.yml", GOOD.replace("question: fever", "question: chest"))
    assert message_for(file).startswith(f"{file}:4: ")


@pytest.mark.parametrize("key", ["before_topics", "before_sections", "before_intents"])
def test_what_it_comes_before_must_be_a_list(write, key):
    head = GOOD.partition("before_topics")[0]
    file = write("screening.yml", f"{head}{key}: faq/heat\n")
    assert message_for(file).startswith(str(file))


def test_an_unknown_key_is_an_error(write):
    file = write("screening.yml", GOOD.replace("before_topics", "before_topic"))
    assert "before_topic" in message_for(file)


def test_the_shipped_check_asks_for_what_threatens_life_first():
    levels = [question.level for question in read_screening(read_rules()).questions]
    assert levels == ["emergency"] * 7 + ["urgent"] * 4 + ["soon"]
