"""What was said before is put right while another question waits."""

import pytest

from actions.booking.corrections import Correction, read_correction
from tests.actions.booking.desks import Patient, desk_at
from tests.actions.booking.scripts import at_step

QUESTIONS = {
    "name": "utter_ask_booking_name",
    "phone": "utter_ask_booking_phone",
    "visit": "utter_ask_booking_visit",
    "note": "utter_ask_booking_note",
}


@pytest.fixture
def patient(tmp_path) -> Patient:
    return Patient(desk_at(f"sqlite:///{tmp_path}/clinic.db"))


@pytest.mark.parametrize(
    ("text", "part", "value"),
    [
        ("make it wednesday rather", "", "wednesday"),
        ("Change the day to Friday", "day", "Friday"),
        ("change name to Sipho Dlamini", "name", "Sipho Dlamini"),
        ("my number is actually 082 555 0142", "phone", "082 555 0142"),
        ("sorry, my number is 0825550142", "phone", "0825550142"),
        ("actually for my son", "", "for my son"),
        ("the name should be Sipho Dlamini", "name", "Sipho Dlamini"),
        ("can you please change my number to 0825550142", "phone", "0825550142"),
        ("change the day", "day", ""),
        ("wrong number, it's 0825550142", "phone", "0825550142"),
        ("no wait, thursday", "", "thursday"),
        ("I meant thursday", "", "thursday"),
        ("thursday instead please", "", "thursday"),
        ("can we make it a home visit instead", "", "a home visit"),
    ],
)
def test_a_correction_names_what_it_changes(text, part, value):
    assert read_correction(text) == Correction(part, value)


@pytest.mark.parametrize(
    "text",
    [
        "Sipho Dlamini", "0825550142", "My knee is stiff since Wednesday", "yes",
        "I changed jobs in March and sit all day", "The name of my doctor is Naidoo",
        "I have two numbers", "it is different every day",
        "my number is 0825550142", "Please phone me after 3, I work on the day shift",
    ],
)  # fmt: skip
def test_other_words_are_no_correction(text):
    assert read_correction(text) is None


@pytest.mark.parametrize("step", ["name", "phone", "note"])
@pytest.mark.parametrize(
    "text",
    ["make it wednesday rather", "change the day to wednesday", "wednesday instead",
     "can we make it wednesday please", "sorry I meant wednesday"],
)  # fmt: skip
def test_another_day_is_taken_and_the_open_question_asked_again(patient, step, text):
    at_step(patient, step)
    before = patient.form

    (heard, *_, question) = patient.say(text)

    assert heard.response == "utter_booking_heard_day"
    assert question.response == QUESTIONS[step]
    assert patient.form.wish["choices"][0].startswith("2026-12-02")
    assert (patient.form.name, patient.form.note) == (before.name, before.note)


def test_the_part_of_the_day_stays_if_only_the_day_changes(patient):
    at_step(patient, "note")

    (heard, _) = patient.say("make it wednesday rather")

    assert heard.values["day"] == "Wednesday 2 December, in the morning"


@pytest.mark.parametrize("step", ["name", "phone", "note"])
@pytest.mark.parametrize(
    "text", ["actually for my son", "its for my son actually", "sorry, for my son"]
)
def test_another_person_is_taken(patient, step, text):
    at_step(patient, step)
    before = patient.form

    names = patient.names(text)

    assert names[0] == "utter_booking_changed"
    assert patient.form.who == "child"
    assert patient.form.step == step
    assert (patient.form.name, patient.form.note) == (before.name, before.note)


@pytest.mark.parametrize("step", ["phone", "visit", "note", "summary"])
@pytest.mark.parametrize(
    "text",
    ["change name to Sipho Dlamini", "Change my name to Sipho Dlamini please",
     "the name should be Sipho Dlamini", "sorry my name is Sipho Dlamini"],
)  # fmt: skip
def test_another_name_is_taken_from_the_same_message(patient, step, text):
    at_step(patient, step)

    patient.say(text)

    assert patient.form.name == "Sipho Dlamini"
    assert patient.form.step == step


@pytest.mark.parametrize("step", ["visit", "day", "note", "summary"])
@pytest.mark.parametrize(
    "text",
    ["my number is actually 082 555 0142", "change my number to 0825550142",
     "wrong number, it's 0825550142", "actually my number is 0825550142"],
)  # fmt: skip
def test_another_number_is_taken_from_the_same_message(patient, step, text):
    at_step(patient, step)

    patient.say(text)

    assert patient.form.phone == "+27825550142"
    assert patient.form.step == step
    assert patient.form.note in ("", "My knee is stiff")


@pytest.mark.parametrize(
    "text", ["wednesday", "not tuesday, wednesday", "wednesday morning works better"]
)
def test_a_day_is_no_name(patient, text):
    at_step(patient, "name")

    assert patient.names(text)[-1] == "utter_ask_booking_name"
    assert patient.form.wish["choices"][0].startswith("2026-12-02")


def test_another_kind_of_visit_is_taken(patient):
    at_step(patient, "note")

    assert patient.names("make it a home visit rather")[0] == "utter_booking_changed"
    assert (patient.form.visit, patient.form.step) == ("home", "note")


def test_a_closed_day_is_refused_and_the_question_comes_back_later(patient):
    at_step(patient, "note")
    assert patient.names("change the day to sunday") == ["utter_booking_day_closed"]

    assert patient.names("monday morning")[-1] == "utter_ask_booking_note"


def test_a_part_without_its_new_value_is_asked_for(patient):
    at_step(patient, "note")

    assert patient.names("change the day") == ["utter_ask_booking_day"]
    assert patient.names("friday morning")[-1] == "utter_ask_booking_note"


@pytest.mark.parametrize(
    "text",
    ["send", "no note thanks", "nothing to add", "no thats all",
     "No that's all, thanks",
     "nothing else thank you", "no", "nope", "no thanks", "that is all for now",
     "no nothing to add", "none", "nothing from my side", "no need", "all good"],
)  # fmt: skip
def test_no_note_in_any_words(patient, text):
    at_step(patient, "note")

    assert patient.names(text) == ["utter_booking_summary"]
    assert patient.form.note == ""


@pytest.mark.parametrize(
    "text",
    ["actually it is my left knee", "no stairs please, I use a wheelchair",
     "I can only come on wednesday if my sister drives", "nothing helps for the pain",
     "the person should be gentle", "change the time of my medicine",
     "wait, I have diabetes", "oh and I use a wheelchair",
     "no my husband works on wednesday", "rather phone me after 3"],
)  # fmt: skip
def test_a_note_stays_a_note(patient, text):
    at_step(patient, "note")
    patient.say(text)

    assert patient.form.note == text
