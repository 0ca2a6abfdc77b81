import pytest

from addons.safety.desk import then_resume
from addons.safety.heard import Turn
from addons.safety.state import OpenQuestion, SafetyState

ASKED = OpenQuestion("flag", "CHEST")


def planned(*before, replaces=True, question=None):
    return SafetyState(before=before, replaces=replaces, question=question)


@pytest.mark.parametrize("before", [(), ("utter_answered_no",), ("utter_soon",)])
def test_the_booking_goes_on_after_a_safety_question(before):
    turn = then_resume(Turn(planned(*before)), "none")

    assert turn.state.before == (*before, "action_book")


def test_the_booking_goes_on_when_a_doctor_has_checked_it():
    turn = Turn(planned("utter_checked_by_doctor"), cleared=True)

    assert then_resume(turn, "emergency").state.before[-1] == "action_book"


@pytest.mark.parametrize(
    "state",
    [
        planned("utter_emergency", "utter_can_you_get_help"),
        planned("utter_urgent"),
        planned("utter_help_is_coming"),
        planned("utter_no_help_yet"),
        planned("utter_screening_chest", question=ASKED),
        planned("utter_screening_clear", "action_book"),
        planned(replaces=False),
    ],
)
def test_nothing_follows_an_alarm_or_an_open_question(state):
    assert then_resume(Turn(state), "none") == Turn(state)


def test_nothing_follows_while_an_emergency_stands():
    turn = Turn(planned("utter_answered_no"))

    assert then_resume(turn, "emergency") == turn
