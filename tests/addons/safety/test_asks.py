from pathlib import Path

import pytest
from ruamel.yaml import YAML

from addons.safety.asks import GENERAL, Ask, read_asks
from addons.safety.read_rules import read_rules
from addons.safety.rules import RuleBook
from addons.safety.screening import read_screening
from addons.understanding.errors import SafetyRuleError
from tests.addons.helpers import rule

GOOD = """\
asks:
  saddle:
    raises: SADDLE
    tell: I am numb.
  general: {tell: I said yes.}
"""
BOOK = RuleBook((rule(id="SADDLE", asks="saddle"), rule(id="CHEST")))
RESPONSES = Path("data/safety/responses.yml")


@pytest.fixture(scope="module")
def shipped() -> RuleBook:
    return read_rules()


def message_for(file: Path, book: RuleBook = BOOK) -> str:
    with pytest.raises(SafetyRuleError) as caught:
        read_asks(book, file)
    return str(caught.value)


def test_reads_what_a_yes_to_each_question_raises_and_means(write):
    assert read_asks(BOOK, write("asks.yml", GOOD)) == {
        "saddle": Ask("I am numb.", "SADDLE"),
        "general": Ask("I said yes."),
    }


def test_a_question_that_raises_what_no_rule_has_is_named(write):
    file = write("asks.yml", GOOD.replace("raises: SADDLE", "raises: SADLE"))
    assert message_for(file) == (
        f"{file}: 'saddle' raises 'SADLE', which no rule has as its id. Correct it."
    )


@pytest.mark.parametrize(
    "row", ["I am numb.", "[numb]", "", "{raises: SADDLE}", "{tell: numb, tel: 1}",
            "{tell: numb, raises: [SADDLE]}", "{tell: numb, raises: }"]
)  # fmt: skip
def test_a_question_of_another_shape_is_named(write, row):
    file = write("asks.yml", f"asks: {{general: {{tell: yes}}, saddle: {row}}}\n")
    assert message_for(file).startswith(f"{file}: 'saddle'")


def test_a_rule_that_asks_what_is_not_there_is_named(write):
    file = write("asks.yml", GOOD)
    book = RuleBook((*BOOK.rules, rule(id="BLADDER", asks="bladder")))
    assert message_for(file, book) == (
        f"{file}: the rule BLADDER asks 'bladder', which is not here. Add it, or "
        "correct the rule."
    )


@pytest.mark.parametrize(
    "text",
    ["", "asks:\n", "asks: saddle\n", "asks: [general]\n", "- asks\n", "general: yes\n",
     GOOD.replace("general", "other")],
)  # fmt: skip
def test_a_file_without_the_general_words_says_what_is_missing(write, text):
    file = write("asks.yml", text)
    expected = f"{file}: `asks:` must hold `general:` and others."
    assert message_for(file) == expected


def test_a_missing_file_stops_the_start(tmp_path):
    file = tmp_path / "no.yml"
    assert message_for(file).startswith(f"{file}: cannot be read: ")


@pytest.mark.parametrize(
    ("text", "line"),
    [(GOOD.replace("  general", " general"), 5), (GOOD + "  saddle: again\n", 6)],
)
def test_broken_yaml_names_file_and_line(write, text, line):
    file = write("asks.yml", text)
    found = message_for(file)
    assert found.startswith(f"{file}: cannot be read: ")
    assert f"line {line}" in found


@pytest.mark.parametrize("words", ["", "[numb]", "{numb: yes}"])
def test_words_that_are_no_text_are_an_error(write, words):
    file = write("asks.yml", GOOD.replace("I am numb.", words))
    assert "saddle" in message_for(file)


def test_each_shipped_question_has_a_response_and_each_response_words(shipped):
    responses = YAML(typ="safe").load(RESPONSES)["responses"]
    prefix = "utter_ask_"
    asked = {n.removeprefix(prefix) for n in responses if n.startswith(prefix)}
    in_check = {question.name for question in read_screening(shipped).questions}
    assert asked | in_check == set(read_asks(shipped))


def test_a_rule_asks_only_what_has_a_response(shipped):
    responses = YAML(typ="safe").load(RESPONSES)["responses"]
    asked = {f"utter_ask_{rule.asks or GENERAL}" for rule in shipped.rules}
    assert asked <= set(responses)


def test_a_yes_in_the_shipped_check_gives_the_ambulance_more_than_general_words(
    shipped,
):
    asks = read_asks(shipped)
    told = [asks[q.name].tell for q in read_screening(shipped).questions]
    assert asks[GENERAL].tell not in told
    assert len(told) == len(set(told))


def test_a_yes_to_what_an_emergency_asks_is_an_emergency_also_for_soon(shipped):
    asks = read_asks(shipped)
    rules = [rule for rule in shipped.rules if rule.asks not in ("", GENERAL)]
    grave = {rule.asks for rule in rules if rule.level == "emergency"}
    soon = {rule.asks for rule in rules if rule.level == "soon"} & grave
    levels = {name: shipped.rule(asks[name].raises).level for name in soon}
    assert levels == dict.fromkeys(soon, "emergency")
