"""Danger over several messages: real servers, the trained model, nothing replaced."""

import time

import pytest

pytestmark = pytest.mark.server

FIRST, SECOND = "1 of 12.", "2 of 12."
CAN_YOU_GET_HELP = "Are you able to get that help now?"
PRICE = 'Source: Our clinic, "What a visit costs"'
BOOKING = "I can send the clinic a request"


def test_facts_of_several_messages_become_urgent(servers, say, sender):
    fever = say("I have a fever")
    price = say("how much is a visit")
    (urgent,) = say("my back is sore")

    assert not any("check this today" in text for text in (*fever, *price))
    assert PRICE in price[0]
    assert urgent.startswith("A doctor or nurse needs to check this today.")
    slots = servers.slots(sender)
    assert slots["triage_level"] == "urgent"
    assert "INF_FEVER" in slots["triage_flags"]


@pytest.mark.xfail(strict=True, reason="a turn that takes too long is not stored")
def test_a_message_that_nobody_answers_in_time_is_remembered_too(servers, say):
    servers.freeze_actions(frozen=True)
    try:
        (failed,) = say("I have a fever")
    finally:
        servers.freeze_actions(frozen=False)

    assert failed.startswith("Something went wrong")
    assert say("my back is sore")[0].startswith("A doctor or nurse needs to check")


def test_an_emergency_does_not_wait_for_the_action_server(servers, say):
    servers.freeze_actions(frozen=True)
    begun = time.monotonic()
    try:
        emergency = say("I can't feel my legs")
    finally:
        servers.freeze_actions(frozen=False)

    assert emergency[0].startswith("This could be an emergency.")
    assert emergency[1:] == [CAN_YOU_GET_HELP]
    assert time.monotonic() - begun < 8


@pytest.mark.parametrize("answer", ["no", "No, I have no car", "button:no"])
def test_whoever_cannot_get_help_is_told_what_to_say(say, answer):
    (reply,) = say("I can't feel my legs", answer)

    assert reply.startswith("Please call 112 now.")
    assert "I can't feel my legs" in reply


@pytest.mark.parametrize("answer", ["yes", "button:yes"])
def test_whoever_can_get_help_is_told_to_go(say, answer):
    assert say("I can't feel my legs", answer)[0].startswith("Good. Please go now")


def test_an_emergency_of_somebody_else_is_told_for_them(say):
    reply, question = say("my husband can't feel his legs")

    assert "medical help for them now" in reply
    assert question == CAN_YOU_GET_HELP


SURE = "To be sure: has a doctor or nurse examined you for this since it began?"


@pytest.mark.parametrize(
    "messages", [["a doctor has checked it", "yes"], ["button:checked"]]
)
def test_after_a_check_by_a_doctor_advice_is_given_again(
    servers, say, sender, messages
):
    withheld = say("I can't feel my legs", "yes", "should I use heat?")
    (cleared,) = say(*messages)
    advice = say("should I use heat?")

    assert withheld[0].startswith("First get medical help")
    assert cleared.startswith("Thank you for telling me. I will help")
    assert "Source: Back muscle spasm" in advice[0]
    assert servers.slots(sender)["triage_level"] == "none"


@pytest.mark.issue(3)
@pytest.mark.parametrize(
    "message",
    ["no, I haven't seen a doctor", "nobody has checked it yet",
     "must a doctor check it?", "my wife checked it"],
)  # fmt: skip
def test_no_word_of_a_doctor_ends_an_alarm_by_itself(servers, say, sender, message):
    say("I can't pee since last night", message)
    (reminded,) = say("no")[-1:]
    advice = say("what stretches can I do")

    assert servers.slots(sender)["triage_level"] == "emergency"
    assert "Source:" not in " ".join([reminded, *advice])


URGENT = "I have a fever and my back is sore"


def test_an_urgent_matter_withholds_advice_but_no_facts(say):
    assert say(URGENT)[0].startswith("A doctor or nurse needs to check this today.")
    assert say("should I use heat?")[0].startswith("What you told me should be checked")
    assert PRICE in say("how much is a visit")[0]


@pytest.mark.parametrize(
    ("message", "beginning"),
    [
        ("button:call_back", "Which number should the clinic call?"),
        ("button:book", BOOKING),
        ("I want to book an appointment", BOOKING),
        ("can I please talk to a real person", "Of course."),
    ],
)
def test_after_an_urgent_matter_every_way_to_a_person_is_open(say, message, beginning):
    assert say(URGENT, message)[-1].startswith(beginning)


@pytest.fixture
def in_check(say):
    """Returns a function to go on with, inside the safety check before a booking."""
    (offer,) = say("I want to book an appointment")
    assert offer.startswith("First a short safety check")
    (question,) = say("button:yes")
    assert question.startswith(FIRST)
    return say


def test_a_question_interrupts_the_safety_check_and_an_emergency_stops_it(in_check):
    price, again = in_check("how much is a visit")
    (second,) = in_check("no")
    emergency = in_check("yes")
    after = in_check("how much is a visit")

    assert PRICE in price
    assert again.startswith(FIRST)
    assert second.startswith(SECOND)
    assert emergency[0].startswith("This could be an emergency.")
    assert emergency[1:] == [CAN_YOU_GET_HELP]
    assert len(after) == 1
    assert PRICE in after[0]


def test_after_twelve_times_no_the_booking_goes_on(in_check):
    last = in_check(*["button:no"] * 12)

    assert last[0].startswith("Thank you, that was the last question.")
    assert last[1].startswith(BOOKING)


def test_whoever_stops_the_safety_check_gets_the_booking(in_check):
    assert in_check("button:no", "button:stop")[0].startswith(BOOKING)


def test_a_question_is_held_until_the_safety_check_is_refused(say):
    (offer,) = say("my back is sore, should I stretch?")
    answers = say("no")

    assert offer.startswith("First a short safety check")
    assert any('Back muscle spasm, "Stretching"' in text for text in answers)


def test_a_number_answers_a_safety_question(say):
    assert say("I want to book an appointment", "1")[0].startswith(FIRST)
