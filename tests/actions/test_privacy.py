"""What is known about a patient, and how it is forgotten, in the chat."""

import sqlite3

import pytest

from actions.booking.desk import Desk
from tests.actions.booking.desks import Patient, desk_at
from tests.actions.booking.scripts import acts, at_step, sent

SURE = ["utter_privacy_forget_sure"]


@pytest.fixture
def url(tmp_path) -> str:
    return f"sqlite:///{tmp_path}/clinic.db"


@pytest.fixture
def patient(url) -> Patient:
    return Patient(desk_at(url))


def count(url, table="appointment_requests") -> int:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        return connection.execute(f"select count(*) from {table}").fetchone()[0]


def test_tells_what_is_known(patient):
    assert patient.names("what do you know about me") == ["utter_privacy_known"]
    reference = sent(patient)
    (reply,) = patient.say("what do you know about me?")

    assert reply.response == "utter_privacy_known_requests"
    assert reply.values["references"] == reference


def test_deletes_only_after_a_yes(patient, url):
    sent(patient)

    assert patient.names("delete my data") == SURE
    assert patient.names("hm") == SURE
    assert patient.names("no") == ["utter_privacy_kept"]
    assert count(url) == 1
    assert patient.names("button:forget", "button:yes") == ["utter_privacy_forgotten"]
    assert (count(url), count(url, "contacts")) == (0, 0)
    assert patient.turn.forgotten
    assert patient.turn.desk == Desk()


def test_a_visit_that_is_to_come_is_kept_and_named(patient, url):
    reference = sent(patient)
    acts(url, patient, "confirm")

    (reply,) = patient.say("delete my data", "yes")

    assert reply.response == "utter_privacy_forgotten_but"
    assert reply.values == {"references": reference}


def test_a_form_goes_on_after_a_no(patient):
    at_step(patient, "visit")

    names = patient.names("delete my data", "no")

    assert names == ["utter_privacy_kept", "utter_ask_booking_visit"]


def test_a_form_is_forgotten_after_a_yes(patient):
    at_step(patient, "visit")

    assert patient.names("delete my data", "yes") == ["utter_privacy_forgotten"]
    assert patient.form is None


def test_records_that_are_away_are_told(tmp_path, patient, url):
    sent(patient)
    patient.say("delete my data")
    connection = sqlite3.connect(tmp_path / "clinic.db", isolation_level=None)
    connection.execute("begin exclusive")

    assert patient.names("yes") == ["utter_privacy_failed"]
    connection.rollback()
    assert count(url) == 1
    assert patient.names("yes") == ["utter_privacy_forgotten"]
