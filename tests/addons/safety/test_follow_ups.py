"""What is said to somebody who writes on after an alarm."""

import pytest

from addons.safety.answers import Reply
from tests.addons.safety.test_turns import EMERGENCY, FAQ, flag, said, sent, talk

NO_HELP_YET = (("utter_no_help_yet",), True, ())


def nobody_comes(*flags):
    return said(*flags, text="nobody comes", reply=Reply(no_help=True))


@pytest.mark.parametrize("intent", ["greet", "goodbye", "thank"])
@pytest.mark.parametrize("level", ["emergency", "urgent"])
def test_small_talk_after_an_alarm_gets_no_cheerful_reply(level, intent):
    *_, turn = talk(said(flag("CHEST", level)), FAQ, said(intent=intent))

    assert sent(turn) == ((f"utter_{level}_reminder",), True, ())


def test_hello_before_any_alarm_is_a_greeting():
    (turn,) = talk(said(intent="greet"))
    assert sent(turn) == ((), False, ())


@pytest.mark.parametrize("flags", [(), (flag("SADDLE", via="model"),)])
def test_help_that_does_not_come_is_told_to_the_clinic_also_later(flags):
    *_, turn = talk(said(flag("CHEST")), FAQ, FAQ, nobody_comes(*flags))

    assert sent(turn) == NO_HELP_YET
    assert turn.escalation.event == "cannot_get_help"


def test_a_new_danger_goes_before_the_help_that_does_not_come():
    *_, turn = talk(said(flag("CHEST")), nobody_comes(flag("SADDLE")))

    assert sent(turn) == EMERGENCY
    assert turn.flags == ("SADDLE",)


def test_nobody_comes_is_no_emergency_where_none_stands():
    *_, turn = talk(said(flag("WEAK")), nobody_comes())
    assert sent(turn) == (("utter_urgent_reminder",), True, ())


@pytest.mark.parametrize("intent", ["faq", "checked_by_doctor"])
def test_whoever_is_on_the_way_to_hospital_has_not_been_examined(intent):
    going = said(text="on my way", intent=intent, reply=Reply(on_way=True))
    *_, turn = talk(said(flag("CHEST")), FAQ, FAQ, going)

    assert sent(turn) == (("utter_help_is_coming",), True, ())
    assert not turn.cleared
