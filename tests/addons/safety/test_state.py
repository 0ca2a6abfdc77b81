import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.safety.answers import Reply
from addons.safety.follow_ups import PATIENCE
from addons.safety.heard import Escalation, Heard
from addons.safety.state import OpenQuestion, SafetyState
from tests.addons.safety.test_turns import (
    EMERGENCY,
    FAQ,
    NOTHING,
    URGENT,
    answer,
    denied,
    doubt,
    flag,
    said,
    sent,
    talk,
)

CHANGED = Heard("come to think of it, yes", reply=Reply("yes", changed_to_yes=True))
CHECKED = said(text="a doctor saw me", intent="checked_by_doctor")
FEVER = said(text="I am hot", signs=("fever",))
BACK = said(text="my back is sore", signs=("spine_pain",))

NAMES = st.lists(st.text(), max_size=3).map(tuple)
STATES = st.builds(
    SafetyState,
    turn=st.integers(),
    facts=NAMES,
    question=st.none() | st.builds(OpenQuestion, st.text(), st.text(), st.integers()),
    denied=st.text(),
    asked=NAMES,
    card=st.integers(),
    screening=st.dictionaries(st.text(), st.text(), max_size=3),
    screened=st.text(),
    held=st.dictionaries(st.text(), st.text(), max_size=3),
    before=NAMES,
    after=NAMES,
    replaces=st.booleans(),
)


@given(STATES)
def test_a_state_comes_back_from_the_slot_as_it_was(state):
    assert SafetyState.from_slot(json.loads(json.dumps(state.to_slot()))) == state


@pytest.mark.parametrize("value", [None, "", "none", 3, [], [1], True, {}])
def test_what_is_no_state_is_an_empty_one(value):
    assert SafetyState.from_slot(value) == SafetyState()


def test_what_another_version_remembered_is_left_out():
    value = {"turn": 3, "mood": "good"}
    assert SafetyState.from_slot(value) == SafetyState(turn=3)


@pytest.mark.parametrize("question", [{"kind": "flag", "mood": 1}, {"flag": "CHEST"}])
def test_a_question_of_another_version_stops_no_conversation(question):
    state = SafetyState.from_slot({"turn": 3, "question": question})
    assert state == SafetyState()


@pytest.mark.parametrize("between", [0, 1, 9])
@pytest.mark.parametrize(("first", "second"), [(FEVER, BACK), (BACK, FEVER)])
def test_facts_of_several_messages_raise_a_flag_together(first, second, between):
    *earlier, last = talk(first, *[FAQ] * between, second)

    assert {sent(turn) for turn in earlier} == {NOTHING}
    assert (sent(last), last.flags) == (URGENT, ("FEVER_BACK",))
    assert last.escalation == Escalation("urgent", ("FEVER_BACK",), "rule", second.text)


def test_old_facts_alone_raise_nothing_again():
    turns = talk(FEVER, BACK, FAQ, said(denied("CHEST")), said(signs=("cough",)))
    assert [turn.level for turn in turns] == ["none", "urgent", "none", "none", "none"]


def test_a_fact_that_is_said_again_raises_the_flag_again():
    assert sent(talk(FEVER, BACK, FAQ, FEVER)[-1]) == URGENT


def test_a_flag_that_was_said_is_a_fact_and_a_denied_or_doubtful_one_is_not():
    found = said(flag("WEIGHT"), denied("CHEST"), doubt("SADDLE"), signs=("fever",))
    assert talk(found)[0].state.facts == ("fever", "WEIGHT")


def test_a_graver_flag_of_the_message_is_not_lowered_by_a_combination():
    found = said(flag("FEVER_BACK", "emergency"), signs=("fever", "spine_pain"))
    assert sent(talk(found)[0]) == EMERGENCY


@pytest.mark.parametrize("raised", ["CHEST", "WEAK"])
def test_a_check_by_a_doctor_clears_everything_but_the_count(raised):
    turn = talk(FEVER, said(flag(raised)), CHECKED, answer("yes"))[-1]

    assert turn.cleared
    assert turn.state == SafetyState(
        turn=4, before=("utter_checked_by_doctor",), replaces=True
    )
    assert (turn.level, turn.flags) == ("none", ())
    assert turn.escalation.event == "checked_by_doctor"


@pytest.mark.issue(3)
@pytest.mark.parametrize("raised", ["CHEST", "WEAK"])
def test_words_of_a_doctor_end_no_alarm_before_a_plain_yes(raised):
    asking = talk(said(flag(raised)), CHECKED)[-1]
    assert (asking.cleared, sent(asking)) == (
        False,
        (("utter_confirm_checked",), True, ()),
    )


@pytest.mark.issue(3)
@pytest.mark.parametrize(
    ("raised", "reminder"),
    [("CHEST", "utter_emergency_reminder"), ("WEAK", "utter_urgent_reminder")],
)
@pytest.mark.parametrize("reply", ["no", "unsure"])
def test_without_a_doctor_the_alarm_stands(raised, reminder, reply):
    turn = talk(said(flag(raised)), CHECKED, answer(reply))[-1]
    assert (turn.cleared, sent(turn)) == (False, ((reminder,), True, ()))


@pytest.mark.issue(3)
@pytest.mark.parametrize("words", ["yes I am still waiting for one", "yes but not yet"])
def test_a_yes_with_more_words_is_asked_about_again(words):
    turn = talk(said(flag("CHEST")), CHECKED, Heard(words, reply=Reply("yes")))[-1]
    assert (turn.cleared, sent(turn)) == (
        False,
        (("utter_confirm_checked",), True, ()),
    )


def test_something_else_leaves_the_alarm_and_the_question():
    assert not talk(said(flag("CHEST")), CHECKED, FAQ)[-1].cleared


def test_a_check_by_a_doctor_may_be_tapped():
    assert talk(said(flag("CHEST")), said(command="checked"))[1].cleared


@pytest.mark.parametrize("before", [[], [FEVER], [said(flag("WEIGHT"))]])
def test_below_urgent_there_is_nothing_to_clear(before):
    turn = talk(*before, CHECKED)[-1]
    assert (turn.cleared, sent(turn), turn.escalation) == (False, NOTHING, None)


def test_a_new_emergency_is_not_cleared_by_an_earlier_check():
    again = said(flag("CHEST"), intent="checked_by_doctor")
    turn = talk(said(flag("CHEST")), again)[1]
    assert (turn.cleared, sent(turn)) == (False, EMERGENCY)


@pytest.mark.parametrize("between", [0, 5])
def test_a_no_that_is_taken_back_raises_the_flag(between):
    turn = talk(said(doubt("SADDLE")), answer("no"), *[FAQ] * between, CHANGED)[-1]
    assert (sent(turn), turn.flags) == (EMERGENCY, ("SADDLE",))


def test_taking_back_a_no_that_nobody_gave_raises_nothing():
    assert sent(talk(FAQ, CHANGED)[1]) == NOTHING


def test_a_yes_with_second_thoughts_answers_the_question_that_is_open():
    asked = [said(doubt("WEIGHT")), answer("no"), said(doubt("SADDLE"))]
    actually = Heard("actually yes", reply=Reply("yes", changed_to_yes=True))
    assert "SADDLE" in talk(*asked, actually)[-1].flags


@pytest.mark.parametrize(
    ("between", "bound"), [(PATIENCE - 1, True), (PATIENCE, False)]
)
def test_a_question_waits_for_its_answer_for_some_messages_only(between, bound):
    turn = talk(said(doubt("SADDLE")), *[FAQ] * between, answer("yes"))[-1]
    assert sent(turn) == (EMERGENCY if bound else NOTHING)


@pytest.mark.parametrize(
    ("about_other", "family"), [(False, "heart"), (True, "heart_other")]
)
def test_the_wording_says_whose_emergency_it_is(about_other, family):
    (turn,) = talk(said(flag("CHEST"), about_other=about_other))
    assert turn.family == family


def test_a_yes_about_somebody_else_keeps_the_wording_for_somebody_else():
    turn = talk(said(doubt("CHEST"), about_other=True), answer("yes"))[1]
    assert turn.family == "heart_other"


@pytest.mark.parametrize("later", ["WEAK", "WEIGHT"])
def test_after_an_emergency_a_lesser_matter_is_only_noted(later):
    turn = talk(said(flag("CHEST")), said(flag(later)))[1]

    assert (sent(turn), turn.flags) == (NOTHING, (later,))
    level = flag(later).level
    assert turn.escalation == Escalation(level, (later,), "rule", "my words")


def test_after_an_urgent_matter_an_emergency_still_alarms():
    turn = talk(said(flag("WEAK")), said(flag("CHEST")))[1]
    assert (sent(turn), turn.flags) == (EMERGENCY, ("CHEST",))


@pytest.mark.parametrize("kind", ["yes", "no"])
def test_a_matter_for_soon_beside_an_answer_is_escalated(kind):
    turn = talk(said(doubt("WEIGHT")), answer(kind, flag("STIFF")))[1]
    assert turn.escalation is not None
    assert "STIFF" in turn.escalation.flags


def test_a_new_matter_for_soon_beside_a_known_one_is_escalated():
    turn = talk(said(flag("WEIGHT")), said(flag("WEIGHT"), flag("STIFF")))[1]
    assert turn.escalation is not None
    assert "STIFF" in turn.escalation.flags


def test_the_clinic_reads_what_a_yes_to_a_matter_for_soon_means():
    turn = talk(said(doubt("WEIGHT")), answer("yes"))[1]
    assert turn.escalation.words == "I lose weight."
