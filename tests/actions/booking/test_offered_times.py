"""A time that the clinic offers is taken, refused or moved in words as by buttons."""

import pytest

from records.appointments import AppointmentBook
from tests.actions.booking.desks import Patient, desk_at
from tests.actions.booking.scripts import PHONE, acts, at_step, sent

ACCEPTED = ["utter_manage_accepted"]
WHICH_DAY = ["utter_ask_booking_day"]


@pytest.fixture
def url(tmp_path) -> str:
    return f"sqlite:///{tmp_path}/clinic.db"


@pytest.fixture
def patient(url) -> Patient:
    """Returns who has just read an offer: Tuesday 1 December, at 10:00, Lerato M."""
    reference = sent(Patient(desk_at(url), "yesterday"))
    patient = Patient(desk_at(url))
    acts(url, patient, "propose")
    assert patient.names("button:status", reference, PHONE) == ["utter_manage_proposed"]
    return patient


def state(url) -> str:
    return AppointmentBook(url).get(1).state


@pytest.mark.parametrize(
    "words",
    [
        "button:accept_visit", "yes please", "ok that works", "perfect", "1",
        "yes Tuesday is fine", "yes", "Tuesday at 10 suits me", "that time is fine",
        "ok see you then", "the 1st of December is perfect", "yes 10 o'clock is good",
        "accept it", "Yes, Tuesday 1 December at 10:00 with Lerato M. is fine",
        "tuesday morning works for me",
    ],
)  # fmt: skip
def test_one_yes_in_any_words_is_enough(patient, url, words):
    (reply,) = patient.say(words)

    assert reply.response == "utter_manage_accepted"
    assert reply.values["time"] == "Tuesday 1 December, at 10:00"
    assert state(url) == "confirmed"


@pytest.mark.parametrize(
    "words",
    ["button:move_visit", "no that doesn't suit me", "no", "no thanks", "2",
     "another time please", "no my husband needs the car"],
)  # fmt: skip
def test_a_no_asks_for_another_day(patient, url, words):
    assert patient.names(words) == WHICH_DAY
    assert state(url) == "proposed"


@pytest.mark.parametrize(
    "words",
    ["no, Wednesday rather", "can we make it Wednesday", "Wednesday would be better",
     "yes wednesday is fine"],
)  # fmt: skip
def test_another_day_is_taken_as_a_wish_and_read_back(patient, url, words):
    assert patient.names(words) == ["utter_ask_booking_part"]
    (sure,) = patient.say("morning")
    assert sure.response == "utter_manage_move_sure"
    assert sure.values["day"] == "Wednesday 2 December, in the morning"
    assert state(url) == "proposed"

    assert patient.names("yes please") == ["utter_manage_moved"]
    assert state(url) == "requested"


def test_another_hour_of_the_same_day_is_no_yes(patient, url):
    assert patient.names("yes but only after 3 on Tuesday") != ACCEPTED
    assert state(url) == "proposed"


def test_cancelling_still_needs_its_own_yes(patient, url):
    assert patient.names("3") == ["utter_manage_cancel_sure"]
    assert state(url) == "proposed"
    assert patient.names("yes cancel it") == ["utter_manage_cancelled"]


def test_an_offer_that_has_changed_meanwhile_is_told_anew(patient, url):
    patient.now = patient.now.replace(hour=12, minute=0, second=0)
    acts(url, patient, "propose")

    (reply,) = patient.say("yes please")

    assert reply.response == "utter_manage_proposed"
    assert reply.values["time"] == "Tuesday 1 December, at 12:00"
    assert patient.names("perfect") == ACCEPTED


def test_a_question_is_answered_and_the_offer_stands(patient):
    assert patient.names("how much is it?", asks=True) == ["utter_manage_proposed"]
    assert patient.turn.answer_first
    assert patient.names("ok that works") == ACCEPTED


def test_words_about_something_else_are_helped_but_not_for_ever(patient):
    assert patient.names("my dog is brown") == ["utter_manage_help_offer"]
    assert patient.names("he has two ears") == ["utter_manage_help_offer"]
    patient.say("and a tail")
    assert patient.slot["open"] == ""


@pytest.mark.parametrize(
    "words", ["ok that works", "perfect", "yes please", "sounds good"]
)
def test_words_also_agree_to_a_suggested_day_and_to_sending(url, words):
    patient = at_step(Patient(desk_at(url), "new"), "day")
    patient.say("friday, my sister drives me")
    assert patient.names(words) == ["utter_ask_booking_part"]
    patient.say("any time", "no note")

    assert patient.names(words) == ["utter_booking_sent"]


@pytest.mark.parametrize(
    ("words", "step"),
    [
        ("yes Tuesday is fine", "part"),
        ("Tuesday works for me", "part"),
        ("ok Tuesday morning is perfect", "note"),
        ("the second one is fine", "part"),
        ("no that doesn't suit me", "day"),
    ],
)
def test_an_offered_day_is_taken_in_words(url, words, step):
    patient = at_step(Patient(desk_at(url), "new"), "day")
    patient.say("Sunday")  # closed: three other days are offered

    patient.say(words)

    assert patient.form.step == step
    assert not patient.form.suggested


def test_a_day_that_sounds_like_a_booking_answers_the_errand(patient, url):
    patient.say("no that doesn't suit me")

    names = patient.names("wednesday after 3", intent="book_appointment")

    assert names == ["utter_manage_move_sure"]
    assert patient.names("yes please", intent="book_appointment") == [
        "utter_manage_moved"
    ]


def test_while_an_emergency_stands_no_time_is_accepted(patient, url):
    patient.level = "emergency"

    assert patient.names("yes please") == ["utter_emergency_reminder"]
    assert state(url) == "proposed"


def test_ok_after_an_alarm_accepts_nothing(patient, url):
    patient.missed()

    assert patient.names("ok") == ["utter_manage_proposed"]
    assert state(url) == "proposed"
    assert patient.names("ok that works") == ACCEPTED
