from pathlib import Path

import pytest

from addons.safety.context import Context, read_context
from addons.understanding.errors import SafetyRuleError
from addons.understanding.text import load_spacy
from tests.addons.helpers import judge_of, rule

PLAIN = Context()
JUDGE = judge_of(
    rule("chest pain"),
    rule("n't/nt/not/cannot pee", "no/lost feeling ... leg", id="LOST"),
    rule("cancer", id="CANCER", history=True),
)
GOOD = """\
contexts:
  - status: negated
    stands: before
    sure: true
    words: [no, not]
  - status: past
    stands: either
    within: 3
    words: [years ago]
ends: [but]
not_meant: [not only]
little:
  words: a the
  joins: ", or"
  signs: pain
"""


def context(text: str, name: str = "CHEST") -> Context:
    (found,) = (flag for flag in JUDGE.findings(text).flags if flag.name == name)
    return found.context


@pytest.mark.parametrize(
    "text",
    ["no chest pain", "I don’t have any chest pain", "without chest pain",
     "never had chest pain", "neither fever nor chest pain", "denies chest pain",
     "no fever, tingling or chest pain"],
)  # fmt: skip
def test_a_plain_denial_before_a_sign_is_sure(text):
    assert context(text) == Context("negated")


@pytest.mark.parametrize(
    "text", ["no rash, no chest pain", "I can't sleep, no chest pain"]
)
def test_a_plain_denial_after_another_one_is_sure(text):
    assert context(text) == Context("negated")


@pytest.mark.parametrize(
    "text",
    ["chest pain: no", "chest pain - none", "chest pain (no)", "chest pain = no",
     "chest pain, nothing like that", "no fever, chest pain", "I do not see chest pain",
     "not the chest pain of a heart attack, just chest pain"],
)  # fmt: skip
def test_any_other_denial_is_likely_only(text):
    assert context(text) == Context("", "negated")


@pytest.mark.parametrize("end", ["but", "except", "only", "although", "apart from"])
@pytest.mark.parametrize(
    ("sign", "name"), [("chest pain", "CHEST"), ("I can't pee", "LOST")]
)
def test_a_contrast_ends_a_denial(end, sign, name):
    assert context(f"no fever {end} {sign}", name) == PLAIN


@pytest.mark.parametrize(
    "text",
    ["not only chest pain", "no doubt chest pain", "no way I can stand, chest pain",
     "nothing helps the chest pain", "no, I have chest pain", "no. chest pain",
     "is it normal to have chest pain?", "why do I have chest pain?"],
)  # fmt: skip
def test_what_only_looks_like_a_denial_or_a_doubt_changes_nothing(text):
    assert context(text) == PLAIN


@pytest.mark.parametrize(
    "text",
    ["I can't pee", "I cannot pee", "I CAN’T PEE", "cant pee", "I do not pee",
     "no feeling in my legs", "I lost feeling in my leg", "no fever but can't pee"],
)  # fmt: skip
def test_a_lost_ability_is_never_denied(text):
    assert context(text, "LOST") == PLAIN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what if I get chest pain?", Context("", "hypothetical")),
        ("signs of chest pain?", Context("", "hypothetical")),
        ("what causes chest pain", Context("", "hypothetical")),
        ("what should I do if I have chest pain", Context("", "hypothetical")),
        ("how would I know if it is chest pain", Context("", "hypothetical")),
        ("if I get chest pain", Context("", "hypothetical")),
        ("could it be chest pain?", Context("", "hypothetical")),
        ("I had chest pain years ago", Context("", "past")),
        ("as a child I had chest pain", Context("", "past")),
        ("chest pain last year", Context("", "past")),
        ("I used to have chest pain", Context("", "past")),
        ("chest pain last week, fine now", Context("", "resolved")),
        ("my chest pain went away", Context("", "resolved")),
        ("my mum has chest pain", Context("", "other_person")),
        ("someone with chest pain", Context("", "other_person")),
        ("my dog has chest pain", Context("", "fiction")),
        ("not sure if it is chest pain", Context("", "uncertain")),
        ("can't say I have no chest pain", Context("", "uncertain")),
    ],
)
def test_what_the_words_around_a_sign_make_of_it(text, expected):
    assert context(text) == expected


@pytest.mark.parametrize("text", ["cancer ten years ago", "I used to have cancer"])
def test_history_that_is_the_flag_itself_stays(text):
    assert context(text, "CANCER") == PLAIN


@pytest.mark.parametrize("text", ["no cancer", "signs of cancer"])
def test_history_can_be_denied_and_asked_about(text):
    found = context(text, "CANCER")
    assert (found.sure or found.likely) in ("negated", "hypothetical")


@pytest.mark.parametrize(
    "text",
    ["what is happening, I have chest pain", "what is this chest pain",
     "what is wrong with me I have chest pain", "scared of dying, I have chest pain",
     "every time I end up with chest pain", "walking causes chest pain",
     "I have signs of chest pain", "what if it is my heart, I have chest pain",
     "I heard that chest pain is bad and mine started today"],
)  # fmt: skip
def test_a_sign_that_is_there_is_not_taken_for_a_question(text):
    assert context(text).sure == ""


def test_a_lost_ability_is_not_taken_for_a_question():
    assert context("what is happening, I can't pee", "LOST").sure == ""


@pytest.mark.parametrize(
    "text",
    ["I had chest pain years ago and now it is back", "chest pain at school today",
     "years ago my back went and today I have chest pain",
     "chest pain, and a sore back ten years ago"],
)  # fmt: skip
def test_a_sign_of_today_is_not_taken_for_the_past(text):
    assert context(text).sure == ""


@pytest.mark.parametrize(
    "text", ["never without chest pain", "not a day without chest pain"]
)
def test_two_denials_deny_nothing(text):
    assert context(text).sure == ""


def test_a_lost_ability_after_a_denial_is_never_denied():
    assert context("no numbness, can't pee", "LOST") == PLAIN


@pytest.mark.parametrize("text", ["Chest pain? No", "chest pain? none"])
def test_a_denial_after_a_question_mark_denies_nothing(text):
    assert context(text) == PLAIN


def message_for(file: Path) -> str:
    with pytest.raises(SafetyRuleError) as caught:
        read_context(load_spacy(), file)
    return str(caught.value)


def test_reads_words_and_how_they_count(write):
    rules = read_context(load_spacy(), write("context.yml", GOOD))

    found = [(r.literal, r.category, r.direction, r.max_scope) for r in rules.rules]
    assert found == [
        ("no", "NEGATED:SURE", "FORWARD", None),
        ("not", "NEGATED:SURE", "FORWARD", None),
        ("years ago", "PAST:LIKELY", "BIDIRECTIONAL", 3),
        ("but", "END", "TERMINATE", None),
        ("not only", "NOT_MEANT", "PSEUDO", None),
    ]
    assert (rules.light, rules.joins, rules.signs) == (
        {"a", "the"},
        {",", "or"},
        {"pain"},
    )


@pytest.mark.parametrize(
    ("right", "wrong", "line", "message"),
    [
        ("status: past", "status: long_past", 6, "`status:` must be one of negated, "),
        ("    stands: either\n", "", 6, "`stands:` one of before, after, either."),
        ("stands: before", "stands: in front", 2, "`stands:` one of before, after"),
        ("    words: [years ago]\n", "", 6, "an entry needs `status:` and `words:`."),
        ("[years ago]", "[]", 6, "an entry needs `status:` and `words:`."),
        ("within: 3", "wihtin: 3", 6, "unknown key 'wihtin'."),
    ],
)
def test_a_mistake_names_file_and_line(write, right, wrong, line, message):
    assert right in GOOD
    file = write("context.yml", GOOD.replace(right, wrong))

    found = message_for(file)

    assert found.startswith(f"{file}:{line}: ")
    assert message in found


@pytest.mark.parametrize("part", ["contexts", "ends", "not_meant", "little"])
def test_a_missing_part_is_named(write, part):
    file = write("context.yml", GOOD.replace(f"{part}:", "other:"))
    assert message_for(file) == f"{file}: `{part}:` is missing or has another shape."


@pytest.mark.parametrize("text", [None, "contexts: [", GOOD + "ends: [and]\n"])
def test_a_file_that_cannot_be_read_stops_the_start(write, tmp_path, text):
    file = write("context.yml", text) if text else tmp_path / "no.yml"
    assert message_for(file).startswith(f"{file}: cannot be read: ")


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [("[years ago]", "years ago", 6), ("sure: true", "sure: no", 2),
     ("within: 3", "within: few", 6)],
)  # fmt: skip
def test_a_value_of_another_kind_names_the_line(write, right, wrong, line):
    file = write("context.yml", GOOD.replace(right, wrong))
    assert message_for(file).startswith(f"{file}:{line}: ")
