"""A wish to be called: the number is stored, marked, and read back."""

import sqlite3
from datetime import timedelta

import pytest

from records.appointments import AppointmentBook
from records.desk import Desk as Records
from tests.actions.booking.desks import THURSDAY, Patient, desk_at
from tests.actions.booking.scripts import at_step, sent

READ_BACK = "082 555 0199"


@pytest.fixture
def url(tmp_path) -> str:
    return f"sqlite:///{tmp_path}/clinic.db"


@pytest.fixture
def patient(url) -> Patient:
    return Patient(desk_at(url))


def stored(url, number=1):
    return Records(url).record(number, viewer="staff:anna")


@pytest.mark.parametrize(
    "text", ["pls call me 0825550199", "call me back on 082 555 0199 please"]
)
def test_a_number_in_the_same_message_is_stored_at_once(patient, url, text):
    (reply,) = patient.say(text)

    record = stored(url)
    assert reply.response == "utter_call_back_sent"
    assert reply.values["phone"] == READ_BACK
    assert reply.values["reference"] == record.request.reference
    assert record.contact.phone == "+27825550199"
    assert record.request.visit_type == "call_back"
    assert record.request.level == "soon"
    assert record.request.note == text
    assert patient.slot["open"] == ""


def test_the_button_below_an_alarm_asks_for_the_number_and_marks_it_urgent(
    patient, url
):
    patient.level, patient.words = "urgent", "I had cancer and now my back hurts"
    (question,) = patient.say("button:call_back")
    assert question.response == "utter_call_back_ask"
    assert question.values["days"]

    (reply,) = patient.say("0825550199, Thandi Nkosi")

    record = stored(url)
    assert reply.response == "utter_call_back_sent_urgent"
    assert (record.request.level, record.contact.name) == ("urgent", "Thandi Nkosi")
    assert record.request.reason == patient.words
    assert record.request.consent_version.startswith("call-1-")
    assert "0825550199" not in str(patient.slot)


@pytest.mark.parametrize(
    "text", ["0825550199", "my number is 0825550199", "its 0825550199"]
)
def test_words_beside_a_number_are_no_name(patient, url, text):
    patient.say("call me back", text)

    assert stored(url).contact.name == "?"


def test_in_an_emergency_help_comes_first_and_the_number_is_kept(patient, url):
    patient.level = "emergency"

    names = patient.names("please call me 0825550199")

    assert names == ["utter_emergency_reminder", "utter_call_back_sent_emergency"]
    assert stored(url).request.level == "emergency"


@pytest.mark.parametrize("step", ["consent", "who", "name", "visit", "day", "note"])
def test_inside_a_form_the_form_goes_on(patient, url, step):
    at_step(patient, step)

    names = patient.names("pls call me 0825550142")

    assert names[0] == "utter_call_back_sent"
    assert patient.form.step == step
    assert stored(url).contact.phone == "+27825550142"


def test_where_the_form_asks_for_the_number_it_is_the_answer(patient):
    at_step(patient, "phone").say("call me on 0825550199")

    assert patient.form.phone == "+27825550199"


def test_the_number_of_an_open_form_need_not_be_typed_again(patient, url):
    names = at_step(patient, "day").names("button:call_back")

    assert names == ["utter_call_back_sent", "utter_ask_booking_day"]
    assert stored(url).contact.name == "Thandi Nkosi"


def test_the_same_wish_is_stored_once_until_somebody_has_called(patient, url):
    (first,) = patient.say("pls call me 0825550199")
    (again,) = patient.say("pls call me 0825550199")
    assert first.values["reference"] == again.values["reference"]
    AppointmentBook(url).called(1, version=1, actor="staff:anna")

    (later,) = patient.say("pls call me 0825550199")

    assert later.values["reference"] != first.values["reference"]


def test_a_wrong_number_gets_help_and_a_way_round(patient):
    patient.say("call me back")

    assert patient.names("0825") == ["utter_booking_help_phone"]
    assert patient.names("eh") == ["utter_call_back_stuck"]
    assert patient.names("0825550199 or 0835550111") == ["utter_call_back_stuck"]
    assert patient.names("0835550111") == ["utter_call_back_sent"]


def test_it_can_be_stopped_and_questions_are_answered(patient, url):
    patient.say("call me back")
    assert patient.names("when are you open?", asks=True) == ["utter_call_back_ask"]
    assert patient.turn.answer_first

    assert patient.names("never mind") == ["utter_booking_stopped"]
    assert Records(url).newest(now=THURSDAY) == []


@pytest.mark.parametrize(
    ("level", "response"),
    [("none", "utter_call_back_sent_closed"),
     ("urgent", "utter_call_back_sent_urgent_closed")],
)  # fmt: skip
def test_when_closed_it_says_when_it_is_read(patient, level, response):
    patient.now, patient.level = THURSDAY.replace(hour=20), level

    (reply,) = patient.say("call me 0825550199")

    assert reply.response == response
    assert reply.values["day"] == "Friday 27 November"


def test_a_locked_database_is_told_and_the_number_can_be_sent_again(
    tmp_path, patient, url
):
    patient.say("call me 0835550111")
    connection = sqlite3.connect(tmp_path / "clinic.db", isolation_level=None)
    connection.execute("begin exclusive")
    (failed,) = patient.say("call me 0825550199")
    connection.rollback()

    assert failed.response == "utter_call_back_failed"
    assert patient.names("0825550199") == ["utter_call_back_sent"]
    assert stored(url, 2).contact.phone == "+27825550199"


def test_what_became_of_a_call_is_told(patient, url):
    patient.say("call me 0825550199")
    assert patient.names("what happens now?") == ["utter_manage_call_back"]
    AppointmentBook(url).called(1, version=1, actor="staff:anna")

    assert patient.names("what happens now?") == ["utter_manage_called"]


# --- Right after a request was sent -----------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("what happens now?", ["utter_manage_requested"]),
        ("is it confirmed?", ["utter_manage_requested"]),
        ("cancel it", ["utter_manage_cancel_sure"]),
        ("change it", ["utter_manage_change"]),
        ("can I move it to friday", ["utter_ask_booking_part"]),
        ("can I move it to friday morning", ["utter_manage_move_sure"]),
        ("move it", ["utter_ask_booking_day"]),
        ("can I move it to sunday", ["utter_booking_day_closed"]),
    ],
)
def test_right_after_sending_no_reference_is_needed(patient, text, names):
    sent(patient)

    assert patient.names(text) == names


def test_a_move_is_read_back_and_sent_only_after_a_yes(patient, url):
    sent(patient)
    (sure,) = patient.say("can I move it to friday morning")
    assert sure.values["day"] == "Friday 27 November, in the morning"
    assert f"{AppointmentBook(url).get(1).day}" == "2026-12-01"

    (other,) = patient.say("no, monday afternoon rather")
    assert other.values["day"] == "Monday 30 November, in the afternoon"
    assert patient.names("yes please") == ["utter_manage_moved"]
    assert f"{AppointmentBook(url).get(1).day}" == "2026-11-30"


def test_the_day_is_also_read_after_the_state_was_told(patient):
    sent(patient)

    names = patient.names("what happens now?", "can I move it to friday")

    assert names == ["utter_ask_booking_part"]


def test_a_move_that_is_not_agreed_to_changes_nothing(patient, url):
    sent(patient)
    patient.say("can I move it to friday morning")

    assert patient.names("no") == ["utter_manage_left"]
    assert AppointmentBook(url).get(1).version == 1


def test_cancelling_right_after_sending(patient, url):
    sent(patient)

    assert patient.names("cancel it", "yes cancel it") == ["utter_manage_cancelled"]
    assert AppointmentBook(url).get(1).state == "cancelled"


def test_after_an_hour_the_number_is_asked_for(patient):
    sent(patient)
    patient.say("what happens now?")
    patient.now += timedelta(hours=2)

    assert patient.names("button:status") == ["utter_manage_ask_phone"]


def test_the_key_of_another_conversation_opens_nothing(patient, url):
    sent(patient)
    stranger = Patient(desk_at(url), "stranger")
    stranger.slot = patient.slot

    assert stranger.names("button:status") == ["utter_manage_not_found"]
