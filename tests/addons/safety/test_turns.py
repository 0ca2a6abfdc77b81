import json

import pytest

from addons.safety.answers import Reply
from addons.safety.asks import Ask
from addons.safety.heard import Escalation, Heard, Raised, Turn
from addons.safety.rules import RuleBook
from addons.safety.screening import Screening
from addons.safety.state import OpenQuestion, SafetyState
from addons.safety.triage import highest
from addons.safety.turns import CARD_PAUSE, TurnPlanner
from tests.addons.helpers import rule

BOOK = RuleBook(
    (
        rule(id="SADDLE", family="cauda_equina", asks="saddle"),
        rule(id="CHEST"),
        rule(id="WEAK", level="urgent"),
        rule(id="WEIGHT", level="soon", asks="weight"),
        rule(id="STIFF", level="soon", asks="saddle"),
        rule(id="DOSE", level="soon", family="medicine"),
        rule(
            id="FEVER_BACK",
            level="urgent",
            asks="weight",
            together=((("fever",), ("spine_pain",)),),
        ),
    ),
)
ASKS = {
    "saddle": Ask("I am numb.", "SADDLE"),
    "weight": Ask("I lose weight.", "WEIGHT"),
    "general": Ask("I said yes."),
}
PLANNER = TurnPlanner(BOOK, Screening((), *[frozenset()] * 3), ASKS)

NOTHING = ((), False, ())
EMERGENCY = (("utter_emergency", "utter_can_you_get_help"), True, ())
URGENT = (("utter_urgent",), True, ())
SOON = (("utter_soon",), True, ())
ANSWERED_NO = (("utter_answered_no",), True, ())


def flag(name: str, level: str = "", status: str = "present", via: str = "rule"):
    return Raised(name, level or BOOK.rule(name).level, status, via, "the words found")


def doubt(name: str) -> Raised:
    return flag(name, "check", "uncertain")


def denied(name: str) -> Raised:
    return flag(name, "card", "negated")


def said(*flags: Raised, text: str = "my words", **rest: object) -> Heard:
    return Heard(text, flags, **rest)


def answer(kind: str, *flags: Raised, **rest: object) -> Heard:
    return Heard(kind, flags, reply=Reply(kind), **rest)


def talk(*messages: Heard) -> list[Turn]:
    """Plans a conversation; the memory goes through the slot, as JSON."""
    state, level, turns = SafetyState(), "none", []
    for message in messages:
        level = highest([level, *(flag.level for flag in message.flags)])
        turn = PLANNER.plan(state, message, level)
        state = SafetyState.from_slot(json.loads(json.dumps(turn.state.to_slot())))
        level = "none" if turn.cleared else highest([level, turn.level])
        turns.append(turn)
    return turns


def sent(turn: Turn) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
    return turn.state.before, turn.state.replaces, turn.state.after


FAQ = said()


def test_a_harmless_message_changes_nothing_but_the_count():
    (turn,) = talk(FAQ)
    assert turn == Turn(SafetyState(turn=1))


def test_an_emergency_replaces_the_reply_and_asks_if_help_can_be_had():
    (turn,) = talk(said(flag("SADDLE")))

    assert sent(turn) == EMERGENCY
    assert turn.state.question == OpenQuestion("help", asked=1)
    assert (turn.level, turn.flags) == ("emergency", ("SADDLE",))
    assert (turn.family, turn.words) == ("cauda_equina", "my words")


@pytest.mark.parametrize(
    ("flags", "ids", "via"),
    [
        ([flag("CHEST")], ("CHEST",), "rule"),
        ([flag("CHEST", via="model")], ("CHEST",), "model"),
        ([flag("CHEST", via="model"), flag("SADDLE")], ("CHEST", "SADDLE"), "rule"),
        ([flag("WEAK"), flag("CHEST", via="model")], ("CHEST", "WEAK"), "model"),
        ([denied("SADDLE"), flag("CHEST")], ("CHEST",), "rule"),
    ],
)
def test_an_emergency_is_escalated_with_flags_finder_and_words(flags, ids, via):
    (turn,) = talk(said(*flags))
    assert turn.escalation == Escalation("emergency", ids, via, "my words")


def test_an_emergency_that_is_said_again_is_told_and_escalated_again():
    turns = talk(said(flag("CHEST")), FAQ, said(flag("CHEST")))

    assert [sent(turn) for turn in turns] == [EMERGENCY, NOTHING, EMERGENCY]
    assert [turn.escalation is not None for turn in turns] == [True, False, True]


@pytest.mark.parametrize("reply", [answer("yes"), said(command="yes")])
def test_whoever_can_get_help_is_told_to_go(reply):
    turn = talk(said(flag("CHEST")), reply)[1]

    assert sent(turn) == (("utter_help_is_coming",), True, ())
    assert (turn.escalation, turn.state.question) == (None, None)


@pytest.mark.parametrize("kind", ["no", "unsure"])
def test_whoever_cannot_get_help_is_reported_to_the_clinic(kind):
    turn = talk(said(flag("CHEST")), answer(kind))[1]

    assert sent(turn) == (("utter_no_help_yet",), True, ())
    assert turn.escalation == Escalation(
        "emergency", (), "rule", kind, event="cannot_get_help"
    )


def test_an_urgent_matter_replaces_the_reply_and_asks_nothing():
    (turn,) = talk(said(flag("WEAK")))

    assert sent(turn) == URGENT
    assert turn.state.question is None
    assert turn.escalation == Escalation("urgent", ("WEAK",), "rule", "my words")


def test_a_matter_for_soon_is_told_and_escalated_once_after_the_reply():
    first, again = talk(said(flag("WEIGHT")), said(flag("WEIGHT")))

    assert sent(first) == ((), False, ("utter_soon",))
    assert first.escalation == Escalation("soon", ("WEIGHT",), "rule", "my words")
    assert (sent(again), again.escalation) == (NOTHING, None)
    assert (again.level, again.flags) == ("soon", ())


@pytest.mark.parametrize(
    ("found", "question"),
    [
        (doubt("SADDLE"), "utter_ask_saddle"),
        (flag("SADDLE", "card", "hypothetical"), "utter_ask_saddle"),
        (doubt("CHEST"), "utter_ask_general"),
    ],
)
def test_a_doubt_is_asked_about_once_after_the_reply(found, question):
    first, *_, again = talk(said(found), FAQ, FAQ, FAQ, said(found))

    assert sent(first) == ((), False, (question,))
    assert first.escalation is None
    assert sent(again) == ((), False, ("utter_card",))


@pytest.mark.parametrize("kind", ["yes", "unsure"])
@pytest.mark.parametrize(
    ("name", "reply", "words"),
    [
        ("SADDLE", EMERGENCY, "I am numb."),
        ("CHEST", EMERGENCY, "I said yes."),
        ("WEAK", URGENT, "I said yes."),
        ("WEIGHT", SOON, ""),
    ],
)
def test_a_yes_raises_the_flag_that_was_asked_about(name, reply, words, kind):
    turn = talk(said(doubt(name)), answer(kind))[1]

    assert sent(turn) == reply
    assert (turn.level, turn.flags) == (BOOK.rule(name).level, (name,))
    assert turn.words == words
    assert turn.escalation.flags == (name,)


@pytest.mark.parametrize(
    ("name", "raised", "reply"),
    [("STIFF", "SADDLE", EMERGENCY), ("FEVER_BACK", "FEVER_BACK", URGENT)],
)
def test_a_yes_raises_what_the_question_means_if_that_is_graver(name, raised, reply):
    turn = talk(said(doubt(name)), answer("yes"))[1]
    assert (sent(turn), turn.flags) == (reply, (raised,))


def test_a_no_is_taken_and_raises_nothing():
    turn = talk(said(doubt("SADDLE")), answer("no"))[1]

    assert sent(turn) == ANSWERED_NO
    assert (turn.level, turn.flags, turn.escalation) == ("card", (), None)


def test_an_answer_belongs_to_the_question_that_was_asked_last():
    asked = [said(doubt("SADDLE")), answer("no"), said(doubt("WEAK"))]
    turn = talk(*asked, answer("yes"))[-1]
    assert (sent(turn), turn.flags) == (URGENT, ("WEAK",))


def test_a_second_doubt_waits_while_a_question_is_open():
    turn = talk(said(doubt("SADDLE")), said(doubt("WEAK")))[1]
    assert sent(turn) == ((), False, ("utter_card",))
    assert turn.state.question.flag == "SADDLE"


@pytest.mark.parametrize("first", [doubt("SADDLE"), flag("SADDLE")])
@pytest.mark.parametrize("kind", ["yes", "no"])
def test_a_new_emergency_wins_over_an_answer(first, kind):
    turn = talk(said(first), answer(kind, flag("CHEST")))[1]
    confirmed = ("SADDLE",) if (first.status, kind) == ("uncertain", "yes") else ()
    assert (sent(turn), turn.flags) == (EMERGENCY, ("CHEST", *confirmed))


def test_the_card_comes_once_in_so_many_messages():
    turns = talk(*[said(denied("CHEST"))] * (CARD_PAUSE + 1))

    shown = [turn.state.after == ("utter_card",) for turn in turns]
    assert shown == [True, *[False] * (CARD_PAUSE - 1), True]
    assert {turn.level for turn in turns} == {"card"}


@pytest.mark.parametrize(
    ("first", "kind", "reply"),
    [
        (doubt("SADDLE"), "yes", EMERGENCY),
        (flag("SADDLE"), "no", (("utter_no_help_yet",), True, ())),
    ],
)
def test_an_urgent_matter_does_not_hide_a_graver_answer(first, kind, reply):
    turn = talk(said(first), answer(kind, flag("WEAK")))[1]
    assert sent(turn) == reply


@pytest.mark.parametrize(
    ("flags", "family"),
    [
        ([flag("DOSE")], "medicine"),
        ([flag("WEIGHT")], "heart"),
        ([flag("DOSE"), flag("WEIGHT")], "heart"),
    ],
)
def test_a_question_about_medicine_alone_has_words_of_its_own(flags, family):
    (turn,) = talk(said(*flags))
    assert (turn.level, turn.family) == ("soon", family)


def test_who_only_agrees_to_a_question_about_a_sign_is_answered_and_asked_on():
    agrees = said(text="ok", intent="affirm", reply=Reply("yes", agrees=True))
    *_, turn = talk(said(doubt("SADDLE")), agrees)

    assert sent(turn) == ((), False, ())
    assert turn.state.question is not None
