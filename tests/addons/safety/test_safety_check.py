import json

import pytest

from addons.safety.answers import Reply
from addons.safety.asks import Ask
from addons.safety.heard import Escalation, Heard, Raised, Turn
from addons.safety.rules import RuleBook
from addons.safety.screening import Screening, ScreeningQuestion
from addons.safety.state import SafetyState
from addons.safety.triage import highest
from addons.safety.turns import TurnPlanner
from tests.addons.helpers import rule

BOOK = RuleBook(
    (
        rule(id="CHEST", asks="chest"),
        rule(id="WEAK", level="urgent", family="general", asks="weak"),
        rule(id="COLD", level="soon"),
    )
)
SCREENING = Screening(
    (
        ScreeningQuestion("chest", "CHEST", "emergency"),
        ScreeningQuestion("weak", "WEAK", "urgent"),
        ScreeningQuestion("cold", "COLD", "soon"),
    ),
    frozenset({"faq/heat", "faq/massage"}),
    frozenset({"back#heat"}),
    frozenset({"book_appointment"}),
)
TELLS = {"chest": "I have chest pain.", "weak": "I am weak.", "general": "I said yes."}
ASKS = {name: Ask(words) for name, words in TELLS.items()}
PLANNER = TurnPlanner(BOOK, SCREENING, ASKS)

CHEST, WEAK, COLD = (q.response for q in SCREENING.questions)
OFFERED = (("utter_screening_offer",), True, ())
EMERGENCY = (("utter_emergency", "utter_can_you_get_help"), True, ())
URGENT = (("utter_urgent",), True, ())
SOON = (("utter_soon",), True, ())
NOTHING = ((), False, ())
CARD = ((), False, ("utter_card",))

QUESTION = {"text": "is heat good", "options": ["faq/heat"]}
HEAT = Heard("is heat good", topics=("faq/heat",), questions=(QUESTION,))
SORE_HEAT = Heard(
    "heat for my sore back?", signs=("spine_pain",), topics=("faq/heat",),
    questions=(QUESTION,),
)  # fmt: skip
BOOKING = Heard("I want a visit", intent="book_appointment")
CHECK_ME = Heard("check me", command="check_me")
STOP = Heard("stop", command="stop")
SORE = Heard("sore back", signs=("spine_pain",))
TAP_HEAT = Heard("button:section:back#heat", command="section", section="back#heat")
TAP_REST = Heard("button:section:back#rest", command="section", section="back#rest")
FAQ = Heard("when are you open", topics=("faq/hours",))


def answer(kind: str, **rest: object) -> Heard:
    return Heard(kind, reply=Reply(kind), **rest)


YES, NO, UNSURE = map(answer, ("yes", "no", "unsure"))


def flagged(name: str, level: str) -> Heard:
    return Heard("my words", (Raised(name, level, "present", "rule", "found"),))


def talk(*messages: Heard) -> list[Turn]:
    """Plans a conversation; the memory goes through the slot, as JSON."""
    state, level, turns = SafetyState(), "none", []
    for message in messages:
        level = highest([level, *(flag.level for flag in message.flags)])
        turn = PLANNER.plan(state, message, level)
        state = SafetyState.from_slot(json.loads(json.dumps(turn.state.to_slot())))
        level = highest([level, turn.level])
        turns.append(turn)
    return turns


def sent(turn: Turn) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
    return turn.state.before, turn.state.replaces, turn.state.after


def asked(*responses: str) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
    return responses, True, ()


@pytest.mark.parametrize(
    ("messages", "offered"),
    [
        ([SORE_HEAT], True),
        ([SORE, FAQ, HEAT], True),
        ([SORE, TAP_HEAT], True),
        ([SORE, TAP_REST], False),
        ([TAP_HEAT], False),
        ([HEAT], False),
        ([SORE], False),
        ([Heard("open?", signs=("spine_pain",), topics=("faq/hours",))], False),
        ([BOOKING], True),
    ],
)
def test_is_offered_before_a_topic_if_the_back_hurts_and_before_booking(
    messages, offered
):
    assert sent(talk(*messages)[-1]) == (OFFERED if offered else NOTHING)


def test_is_offered_before_a_booking_that_is_tapped():
    tap = Heard("button:book", intent="choose_option", command="book")
    assert sent(talk(tap)[0]) == OFFERED


@pytest.mark.parametrize("ending", [[NO], [FAQ], [YES, STOP], [YES, NO, NO, NO]])
def test_is_offered_only_once(ending):
    assert sent(talk(SORE_HEAT, *ending, FAQ, SORE_HEAT)[-1])[0] != OFFERED[0]


@pytest.mark.parametrize("level", ["urgent", "emergency"])
@pytest.mark.parametrize("message", [SORE_HEAT, BOOKING, CHECK_ME])
def test_is_no_substitute_for_a_doctor(level, message):
    assert sent(talk(flagged("WEAK", level), message)[-1]) == NOTHING


@pytest.mark.parametrize("refusal", [NO, Heard("", command="no")])
@pytest.mark.parametrize(
    ("first", "then", "held"),
    [
        (SORE_HEAT, "action_answer", {"questions": [QUESTION]}),
        (BOOKING, "action_book", {"action": "action_book", "text": BOOKING.text}),
    ],
)
def test_whoever_refuses_gets_what_was_held(first, then, held, refusal):
    turn = talk(first, refusal)[1]
    assert sent(turn) == asked(then)
    assert turn.state.held == held


def test_what_was_held_is_forgotten_after_it_was_sent():
    assert talk(SORE_HEAT, NO, FAQ)[-1].state.held == {}


@pytest.mark.parametrize("agreed", [YES, UNSURE, Heard("", command="yes")])
def test_asks_one_question_after_the_other(agreed):
    turns = talk(SORE_HEAT, agreed, NO, NO)
    assert [sent(turn) for turn in turns[1:]] == [
        asked(CHEST),
        asked(WEAK),
        asked(COLD),
    ]


@pytest.mark.parametrize("before", [[], [SORE_HEAT, NO], [SORE_HEAT, YES, NO, STOP]])
def test_whoever_asks_for_the_check_gets_it_from_the_first_question(before):
    assert sent(talk(*before, CHECK_ME)[-1]) == asked(CHEST)


@pytest.mark.parametrize("kind", [YES, UNSURE, Heard("", command="unsure")])
def test_an_emergency_ends_the_check_at_once(kind):
    *_, turn, after = talk(SORE_HEAT, YES, kind, FAQ)

    assert sent(turn) == EMERGENCY
    assert (turn.words, turn.family) == ("I have chest pain.", "heart")
    escalation = Escalation("emergency", ("CHEST",), "rule", "I have chest pain.")
    assert turn.escalation == escalation
    assert sent(after) == NOTHING


@pytest.mark.parametrize("kind", [YES, UNSURE])
def test_an_urgent_answer_alarms_at_the_end(kind):
    *_, going_on, end = talk(CHECK_ME, NO, kind, YES)

    assert (sent(going_on), going_on.level) == (asked(COLD), "none")
    assert (sent(end), end.flags) == (URGENT, ("WEAK", "COLD"))
    assert end.escalation == Escalation("urgent", end.flags, "rule", "I am weak.")


def test_an_answer_for_soon_is_told_at_the_end():
    end = talk(SORE_HEAT, YES, NO, NO, YES)[-1]
    assert (sent(end), end.flags, end.level) == (SOON, ("COLD",), "soon")


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ([SORE_HEAT, YES], ["action_answer"]),
        ([BOOKING, YES], ["action_book"]),
        ([CHECK_ME], []),
    ],
)
def test_after_all_no_comes_the_clear_text_and_what_was_held(first, then):
    end = talk(*first, NO, NO, NO)[-1]
    assert sent(end) == asked("utter_screening_clear", *then)
    assert (end.level, end.flags, end.escalation) == ("none", (), None)


def test_a_question_in_the_middle_is_answered_and_the_check_asks_again():
    *_, middle, much_later, then = talk(SORE_HEAT, YES, NO, FAQ, FAQ, NO)

    assert sent(middle) == sent(much_later) == ((), False, (WEAK,))
    assert sent(then) == asked(COLD)


@pytest.mark.parametrize(
    ("first", "then"), [(SORE_HEAT, "action_answer"), (CHECK_ME, "utter_no_problem")]
)
def test_the_stop_button_ends_the_check(first, then):
    answers = [YES] if first is SORE_HEAT else []
    *_, stopped, after = talk(first, *answers, NO, STOP, FAQ)
    assert (sent(stopped), sent(after)) == (asked(then), NOTHING)


@pytest.mark.parametrize(
    ("message", "reply"),
    [(flagged("CHEST", "emergency"), EMERGENCY), (flagged("WEAK", "urgent"), URGENT)],
)
def test_danger_in_the_middle_ends_the_check(message, reply):
    *_, alarm, after = talk(SORE_HEAT, YES, NO, message, FAQ)
    assert (sent(alarm), sent(after)) == (reply, NOTHING)


@pytest.mark.parametrize("before", [[], [FAQ], [Heard("", failed=True)] * 2])
def test_a_detector_that_fails_shows_the_card_every_time(before):
    assert sent(talk(*before, Heard("words", failed=True))[-1]) == CARD


def test_a_yes_before_the_stop_button_still_alarms():
    turn = talk(SORE_HEAT, YES, NO, YES, STOP)[-1]
    assert (sent(turn), turn.flags) == (URGENT, ("WEAK",))


def test_a_detector_that_fails_inside_the_check_shows_the_card():
    turn = talk(CHECK_ME, Heard("words", failed=True))[-1]
    assert "utter_card" in (*turn.state.before, *turn.state.after)


def test_a_no_inside_the_check_can_be_taken_back():
    changed = Heard("come to think of it, yes", reply=Reply("yes", changed_to_yes=True))
    assert sent(talk(CHECK_ME, NO, changed)[-1]) == EMERGENCY


def test_a_matter_for_soon_inside_the_check_is_escalated():
    assert talk(CHECK_ME, flagged("COLD", "soon"))[-1].escalation is not None


def test_the_stop_button_refuses_an_offer():
    assert sent(talk(SORE_HEAT, STOP)[-1]) == asked("action_answer")
