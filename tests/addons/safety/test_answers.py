from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.safety.answers import KINDS, AnswerReader, Reply
from addons.safety.heard import Heard
from addons.understanding.errors import SafetyRuleError
from tests.addons.safety.test_turns import flag, said, talk

GOOD = """\
means_yes:
  - "yes"
  - i do
  - wait yes
  - "👍"
means_no:
  - "no"
  - i don't
means_unsure:
  - not sure
  - i don't know
takes_back_no:
  - come to think of it
  - wait yes
means_stop: [stop]
cannot_get_help: [no car]
help_on_its_way: [on my way]
agrees: [ok]
only_alone: [i do]
after_no: [thanks, i]
"""
PARTS = tuple(KINDS.values())


@pytest.fixture
def reader(write) -> AnswerReader:
    return AnswerReader.from_file(write("answers.yml", GOOD))


@pytest.fixture(scope="module")
def shipped() -> AnswerReader:
    return AnswerReader.from_file()


def message_for(file: Path) -> str:
    with pytest.raises(SafetyRuleError) as caught:
        AnswerReader.from_file(file)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("yes", "yes"),
        ("Yes!", "yes"),
        ("  YES  please", "yes"),
        ("yes,it is numb", "yes"),
        ("“yes”", "yes"),
        ("... yes", "yes"),
        ("👍🏽", "yes"),
        ("yesterday", ""),
        ("I said yes", ""),
        ("No.", "no"),
        ("nobody", ""),
        ("not", ""),
        ("I don’t", "no"),
        ("I  don't\nwant to say", "unsure"),
        ("no thanks", "no"),
        ("no feeling there", "unsure"),
        ("I do, doctor", "yes"),
        ("I do wonder", ""),
        ("i dote", ""),
        ("Not sure", "unsure"),
        ("", ""),
        ("...", ""),
    ],
)
def test_reads_the_answer_at_the_beginning(reader, text, answer):
    assert reader.read(text) == Reply(answer)


@pytest.mark.parametrize(
    ("text", "answer"),
    [("I do", "yes"), ("I don't", "no"), ("I don't know", "unsure")],
)
def test_the_longest_wording_counts(reader, text, answer):
    assert reader.read(text).answer == answer


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Come to think of it, yes", Reply("yes", changed_to_yes=True)),
        ("wait yes", Reply("yes", changed_to_yes=True)),
        ("yes", Reply("yes", changed_to_yes=False)),
    ],
)
def test_a_changed_mind_is_noticed_beside_the_answer(reader, text, reply):
    assert reader.read(text) == reply


@pytest.mark.parametrize(
    ("text", "reply"),
    [("Stop it", Reply(stop=True)), ("sorry, no car", Reply(no_help=True))],
)
def test_a_stop_and_a_lack_of_help_are_noticed(reader, text, reply):
    assert reader.read(text) == reply


@given(text=st.text())
def test_any_text_can_be_read(shipped, text):
    assert shipped.read(text).answer in ("", "yes", "no", "unsure")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Ja", "yes"),
        ("Yebo!", "yes"),
        ("I think so", "yes"),
        ("nee", "no"),
        ("hayi", "no"),
        ("None of those.", "no"),
        ("no way", "no"),
        ("I don’t think so", "no"),
        ("No idea", "unsure"),
        ("I'm not sure", "unsure"),
        ("yes and no", "unsure"),
        ("maybe not", "unsure"),
        ("ek weet nie", "unsure"),
        ("What does it cost?", ""),
        ("nothingness", ""),
    ],
)
def test_the_shipped_wordings_tell_yes_no_and_doubt_apart(shipped, text, answer):
    assert shipped.read(text).answer == answer


@pytest.mark.parametrize(
    ("text", "answer"), [("a little bit", "yes"), ("I have no idea", "unsure")]
)
def test_a_partial_yes_and_a_doubt_are_not_passed_over(shipped, text, answer):
    assert shipped.read(text).answer == answer


@pytest.mark.parametrize("text", ["oh yes", "Come to think of it, yes", "I lied"])
def test_the_shipped_wordings_take_back_a_no(shipped, text):
    assert shipped.read(text).changed_to_yes


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("value", ["", "maybe", "{a: b}", "[3]", "[true]", "[[maybe]]"])
def test_wordings_that_are_no_list_of_texts_are_named(write, part, value):
    rows = {name: "[maybe]" for name in PARTS} | {part: value}
    file = write("answers.yml", "".join(f"{k}: {v}\n" for k, v in rows.items()))
    assert message_for(file).startswith(
        f"{file}: `{part}:` must be a list of wordings, but has "
    )


@pytest.mark.parametrize("text", ["", "maybe\n", "- maybe\n", "yes: [maybe]\n"])
def test_a_file_of_another_shape_says_what_is_missing(write, text):
    file = write("answers.yml", text)
    assert message_for(file).startswith(f"{file}: `means_yes:` must be a list")


def test_a_missing_file_stops_the_start(tmp_path):
    file = tmp_path / "no.yml"
    assert message_for(file).startswith(f"{file}: cannot be read: ")


def test_broken_yaml_names_file_and_line(write):
    file = write("answers.yml", GOOD.replace("  - i don't", "   - i don't"))
    found = message_for(file)
    assert found.startswith(f"{file}: cannot be read: ")
    assert "line 7" in found


@pytest.mark.parametrize("wording", ["", " ", "...", "-"])
def test_a_wording_without_a_word_is_an_error(write, wording):
    file = write("answers.yml", GOOD.replace("- not sure", f"- '{wording}'"))
    assert message_for(file).startswith(str(file))


@pytest.mark.parametrize(
    "text",
    ["I do not know", "not really sure", "no clue", "I am not certain",
     "I'm not really sure", "I haven't checked"],
)  # fmt: skip
def test_a_doubt_is_never_read_as_a_no(shipped, text):
    assert shipped.read(text).answer == "unsure"


@pytest.mark.parametrize(
    "text",
    ["nothing comes out", "no feeling there", "I am not able to go",
     "I don't feel it any more", "no control at all"],
)  # fmt: skip
def test_a_lost_ability_is_never_read_as_a_no(shipped, text):
    assert shipped.read(text).answer != "no"


@pytest.mark.parametrize("text", ["no wait, yes", "sorry, yes", "actually, yes"])
def test_a_comma_does_not_hide_a_changed_mind(shipped, text):
    assert shipped.read(text).changed_to_yes


@pytest.mark.parametrize(
    "text",
    ["I have a question", "a bit of heat?", "Actually I have another question"],
)
def test_another_question_is_no_yes(shipped, text):
    assert shipped.read(text) == Reply()


@pytest.mark.parametrize(
    "text",
    [
        "I can't",
        "I have no car",
        "I am alone",
        "I have nobody to take me",
        "the ambulance didnt come",
        "No doctor here and no money",
    ],
)
def test_whoever_cannot_get_help_is_not_taken_for_a_yes(shipped, text):
    turn = talk(said(flag("CHEST")), Heard(text, reply=shipped.read(text)))[1]
    assert turn.escalation is not None
    assert turn.escalation.event == "cannot_get_help"
