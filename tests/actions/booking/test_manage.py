"""Errands about a request that was sent before, with a real database."""

import sqlite3

import pytest

from actions.booking.errand import find_reference
from records.appointments import AppointmentBook
from tests.actions.booking.desks import Patient, desk_at
from tests.actions.booking.scripts import PHONE, acts, at_step, sent

ASK_REFERENCE, ASK_PHONE = ["utter_manage_ask_reference"], ["utter_manage_ask_phone"]
NOT_FOUND = ["utter_manage_not_found"]


@pytest.fixture
def url(tmp_path) -> str:
    return f"sqlite:///{tmp_path}/clinic.db"


@pytest.fixture
def reference(url) -> str:
    return sent(Patient(desk_at(url), "yesterday"))


@pytest.fixture
def patient(url, reference) -> Patient:
    return Patient(desk_at(url))


def state(url) -> str:
    return AppointmentBook(url).get(1).state


@pytest.mark.parametrize(
    ("text", "asked", "found"),
    [
        ("K7Q-4MD", True, "K7Q-4MD"),
        ("k7q 4md", True, "K7Q-4MD"),
        ("k7q4md", True, "K7Q-4MD"),
        ("k 7 q - 4 m d", True, "K7Q-4MD"),
        ("my ref is K7Q–4MD.", True, "K7Q-4MD"),
        ("k7q 4md and 082 555 0199", True, "K7Q-4MD"),
        ("kmd fgh", True, "KMD-FGH"),
        ("kmd fgh", False, ""),
        ("082 555 0199", True, ""),
        ("the man has gone", True, ""),
        ("K7Q-4M0", True, ""),
        ("", True, ""),
    ],
)
def test_a_reference_is_read_as_people_type_it(text, asked, found):
    assert find_reference(text, asked=asked)[0] == found


def test_tells_what_has_become_of_a_request(patient, reference):
    assert patient.names("what is happening with my request") == ASK_REFERENCE
    assert patient.names(reference.lower().replace("-", " ")) == ASK_PHONE
    (reply,) = patient.say(PHONE)

    assert reply.response == "utter_manage_requested"
    assert reply.values["reference"] == reference


def test_all_in_one_message_is_enough(patient, reference):
    text = f"cancel my booking {reference}, my number is 0825550199"

    assert patient.names(text) == ["utter_manage_cancel_sure"]


def test_cancels_only_after_a_yes(patient, reference, url):
    patient.say("button:cancel_visit", reference, PHONE)
    assert state(url) == "requested"

    assert patient.names("no") == ["utter_manage_left"]
    assert state(url) == "requested"
    assert patient.names("button:cancel_visit", "yes") == ["utter_manage_cancelled"]
    assert state(url) == "cancelled"
    assert patient.names("button:cancel_visit") == ["utter_manage_is_cancelled"]


def test_moves_to_another_day(patient, reference, url):
    patient.say("button:move_visit", reference)
    (question,) = patient.say(PHONE)
    assert question.response == "utter_ask_booking_day"
    assert patient.names("Sunday") == ["utter_booking_day_closed"]
    assert patient.names("next Thursday") == ["utter_ask_booking_part"]

    (question,) = patient.say("after 3")
    assert question.response == "utter_manage_move_sure"
    assert AppointmentBook(url).get(1).day.isoformat() == "2026-12-01"

    (reply,) = patient.say("yes")

    assert reply.response == "utter_manage_moved"
    assert reply.values["day"] == "Thursday 3 December, after 15:00"
    request = AppointmentBook(url).get(1)
    assert (f"{request.day}", request.part) == ("2026-12-03", "15:00-")


@pytest.mark.parametrize(
    ("step", "response"),
    [
        ("propose", "utter_manage_proposed"),
        ("confirm", "utter_manage_confirmed"),
        ("decline", "utter_manage_declined"),
        ("expire", "utter_manage_expired"),
        ("cancel", "utter_manage_is_cancelled"),
    ],
)
def test_tells_each_state(patient, reference, url, step, response):
    acts(url, patient, step)

    (reply,) = patient.say("button:status", reference, PHONE)

    assert reply.response == response
    if step in ("propose", "confirm"):
        assert reply.values["time"] == "Tuesday 1 December, at 10:00"
        assert reply.values["practitioner"] == "Lerato M."


def test_an_offer_is_told_before_it_can_be_accepted(patient, reference, url):
    acts(url, patient, "propose")

    names = patient.names("button:accept_visit", reference, PHONE)

    assert names == ["utter_manage_proposed"]
    assert state(url) == "proposed"
    assert patient.names("button:accept_visit") == ["utter_manage_accepted"]
    assert state(url) == "confirmed"


def test_nothing_is_accepted_without_a_proposal(patient, reference, url):
    patient.say("button:status", reference, PHONE)

    assert patient.names("button:accept_visit") == ["utter_manage_requested"]
    assert state(url) == "requested"


def test_the_clinic_may_be_faster(patient, reference, url):
    patient.say("button:cancel_visit", reference, PHONE)
    acts(url, patient, "confirm")

    assert patient.names("yes") == ["utter_manage_cancelled"]
    assert state(url) == "cancelled"


def test_what_the_clinic_has_ended_cannot_be_cancelled(patient, reference, url):
    patient.say("button:cancel_visit", reference, PHONE)
    acts(url, patient, "decline")

    assert patient.names("yes") == ["utter_manage_refused"]


def test_an_unknown_reference_and_a_wrong_number_get_the_same_answer(
    patient, reference
):
    unknown = patient.say("button:status", "K7Q-4MD", PHONE)
    wrong = patient.say(reference, "0825550100")

    assert unknown == wrong
    assert [reply.response for reply in wrong] == NOT_FOUND


def test_guessing_is_limited(patient, reference):
    patient.say("button:status")
    for _ in range(5):
        assert patient.names(reference, "0825550100") == NOT_FOUND

    assert patient.names(reference, PHONE) == ["utter_manage_too_many"]


@pytest.mark.parametrize("forged", ["button:accept_visit", "button:cancel_visit"])
def test_no_button_goes_round_reference_and_number(patient, forged, url):
    assert patient.names(forged, "yes") == ["utter_manage_help_reference"]
    assert state(url) == "requested"


def test_nonsense_gets_help_then_the_phone_number(patient):
    patient.say("button:status")

    assert patient.names("what reference") == ["utter_manage_help_reference"]
    assert patient.names("I lost it") == ["utter_manage_stuck"]
    assert patient.names("stop") == ["utter_manage_stopped"]


def test_a_question_in_the_middle_is_answered_and_the_errand_goes_on(patient):
    patient.say("button:status")

    assert patient.names("when are you open?", asks=True) == ASK_REFERENCE
    assert patient.turn.answer_first


def test_an_errand_in_the_middle_of_a_form_gives_it_back(patient, reference):
    at_step(patient, "visit")

    names = patient.names(f"what is happening with {reference}", PHONE)

    assert names == ["utter_manage_requested", "utter_ask_booking_visit"]
    assert patient.form.name == "Thandi Nkosi"


def test_cancelling_in_the_middle_of_a_form_means_this_form(patient, reference, url):
    at_step(patient, "visit")

    names = patient.names("cancel my appointment")

    assert names == ["utter_booking_stopped", "utter_manage_offer"]
    assert state(url) == "requested"


def test_an_emergency_moves_nothing_but_lets_cancel(patient, reference, url):
    patient.level = "emergency"

    assert patient.names("button:move_visit") == ["utter_emergency_reminder"]
    assert patient.names("button:cancel_visit", reference, PHONE, "yes") == [
        "utter_manage_cancelled"
    ]


def test_a_locked_database_is_told_and_tried_again(tmp_path, patient, reference):
    patient.say("button:status", reference)
    connection = sqlite3.connect(tmp_path / "clinic.db", isolation_level=None)
    connection.execute("begin exclusive")
    failed = patient.names(PHONE)
    connection.rollback()

    assert failed == ["utter_manage_failed"]
    assert patient.names("button:manage_retry") == ["utter_manage_requested"]
