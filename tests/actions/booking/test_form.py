"""The questions of a booking, with a real database and without Rasa."""

import json
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from actions.booking.desk import Desk
from records.appointments import AppointmentBook
from tests.actions.booking.desks import THURSDAY, Patient, desk_at
from tests.actions.booking.scripts import ANSWERS, PHONE, at_step, sent

CONSENT = "utter_booking_consent"
SUMMARY = "utter_booking_summary_note"
STOPPED = ["utter_booking_stopped"]


@pytest.fixture
def url(tmp_path) -> str:
    return f"sqlite:///{tmp_path}/clinic.db"


@pytest.fixture
def patient(url) -> Patient:
    return Patient(desk_at(url))


def stored(url):
    return AppointmentBook(url).get(1)


def count(url) -> int:
    book = AppointmentBook(url)
    with book._read() as connection:
        return connection.exec_driver_sql(
            "select count(*) from appointment_requests"
        ).scalar_one()


def test_asks_for_consent_before_anything_else(patient):
    (reply,) = patient.say("button:book")

    assert reply.response == CONSENT
    assert reply.values["days"] == "90"
    assert "our staff" in reply.values["seen_by"]


@pytest.mark.parametrize("answer", ["yes", "ok", "Sure", "I agree", "go on", "1", "ja"])
def test_a_yes_is_consent(patient, answer):
    assert patient.names("button:book", answer) == ["utter_ask_booking_who"]


@pytest.mark.parametrize("answer", ["no", "No thanks", "button:book_stop", "nee", "2"])
def test_a_no_to_consent_ends_it(patient, answer):
    assert patient.names("button:book", answer) == STOPPED
    assert Desk.from_slot(patient.slot) == Desk()


@pytest.mark.parametrize(
    "forged",
    [
        "button:book_send",
        "button:book_who:self",
        "button:book_day:2026-12-01",
        "button:book_skip",
        "button:book_change:name",
    ],
)
def test_no_button_goes_round_consent(patient, forged, url):
    assert patient.names("button:book", forged) == ["utter_booking_help_consent"]
    assert patient.form.who == ""
    assert count(url) == 0


def test_asks_one_question_after_the_other_and_reads_back(patient, url):
    names = [[reply.response for reply in patient.say(text)] for text in ANSWERS]

    assert names == [
        [CONSENT],
        ["utter_ask_booking_who"],
        ["utter_ask_booking_name"],
        ["utter_ask_booking_phone"],
        ["utter_booking_heard_phone", "utter_ask_booking_visit"],
        ["utter_ask_booking_day"],
        ["utter_booking_heard_day", "utter_ask_booking_note"],
        [SUMMARY],
    ]
    assert patient.said[-1].values == {
        "who": "you",
        "name": "Thandi Nkosi",
        "phone": PHONE,
        "visit": "a first visit",
        "day": "Tuesday 1 December, in the morning",
        "note": "My knee is stiff",
    }
    assert count(url) == 0


@pytest.mark.parametrize(
    "answer", ["button:book_send", "send", "yes", "1", "Yes send it"]
)
def test_send_stores_what_was_said_and_gives_the_reference(patient, url, answer):
    (reply,) = at_step(patient, "summary").say(answer)

    request = stored(url)
    assert reply.response == "utter_booking_sent"
    assert reply.values == {"reference": request.reference}
    assert (request.for_whom, request.visit_type) == ("self", "first")
    assert (f"{request.day}", request.part) == ("2026-12-01", "morning")
    assert request.note == "My knee is stiff"
    assert request.consent_version.startswith("1-")
    assert request.consented_at == THURSDAY + timedelta(seconds=40)


def test_after_sending_the_memory_holds_no_contact_details(patient):
    sent(patient)

    memory = json.dumps(patient.slot)
    assert "Nkosi" not in memory
    assert "555" not in memory


@pytest.mark.parametrize(
    ("text", "step", "values"),
    [
        ("change the day to Friday after 3", "summary",
         {"day": "Friday 27 November, after 15:00"}),
        ("no, my number is wrong", "phone", {}),
        ("my number is wrong, its 0835550111", "summary", {"phone": "083 555 0111"}),
        ("wrong name, it is Zola M", "summary", {"name": "Zola M"}),
        ("change the name", "name", {}),
        ("it is the wrong kind of visit", "visit", {}),
        ("change who it is for", "who", {}),
        ("edit the note", "note", {}),
        ("after 3", "summary", {"day": "Tuesday 1 December, after 15:00"}),
        ("can we make it Wednesday afternoon", "summary",
         {"day": "Wednesday 2 December, in the afternoon"}),
        ("button:book_change:phone", "phone", {}),
        ("no", "change", {}),
        ("button:book_change", "change", {}),
    ],
)  # fmt: skip
def test_any_answer_can_be_changed(patient, text, step, values):
    at_step(patient, "summary").say(text)

    assert patient.form.step == step
    assert values.items() <= patient.said[-1].values.items()
    assert patient.form.note == "My knee is stiff"


def test_a_changed_answer_leads_back_to_the_summary(patient):
    at_step(patient, "summary")

    assert patient.names("button:book_change", "3") == ["utter_ask_booking_phone"]
    assert patient.names("0835550111") == [SUMMARY]
    assert patient.said[-1].values["phone"] == "083 555 0111"


def test_an_earlier_answer_is_changed_in_the_middle(patient):
    at_step(patient, "day").say("sorry my name is wrong")

    assert patient.form.step == "name"
    assert patient.names("Zola Mokoena") == ["utter_ask_booking_day"]
    assert patient.form.phone == "+27825550199"


def test_back_asks_the_question_before(patient):
    at_step(patient, "visit").say("go back")

    assert patient.form.step == "phone"


@pytest.mark.parametrize("step", ["who", "name", "phone", "visit", "day", "note"])
def test_a_question_in_the_middle_is_answered_and_the_form_goes_on(patient, step):
    at_step(patient, step)

    again = patient.names("how much is a visit?", asks=True)

    assert patient.turn.answer_first
    assert patient.form.step == step
    assert again[-1].startswith("utter_ask_booking_")


@pytest.mark.parametrize("step", ["consent", "who", "name", "phone", "visit", "day",
                                  "note", "summary"])  # fmt: skip
@pytest.mark.parametrize("text", ["never mind", "eish stop", "button:book_stop"])
def test_never_mind_stops_and_says_that_nothing_was_sent(patient, url, step, text):
    at_step(patient, step)

    assert patient.names(text) == STOPPED
    assert patient.form is None
    assert count(url) == 0


@pytest.mark.parametrize(
    ("step", "skips"),
    [("consent", 0), ("who", 1), ("name", 1), ("phone", 0), ("visit", 1), ("day", 1)],
)
def test_nonsense_gets_help_then_the_phone_number_and_a_way_round(patient, step, skips):
    at_step(patient, step)

    first, second = patient.names("???"), patient.say("#!")

    assert first[0] == f"utter_booking_help_{step}"
    assert second[0].response == "utter_booking_stuck"
    assert len(second[0].buttons) == skips
    assert patient.form.step == step


def test_what_is_skipped_is_marked_for_the_clinic(patient, url):
    at_step(patient, "visit").say(
        "???", "button:book_skip", "no idea", "none", "button:book_send"
    )

    request = stored(url)
    assert request.visit_type == "not_said"
    assert request.day is None
    assert request.preference == {"not_said": ["visit", "day", "part"]}


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("Sunday", "utter_booking_day_closed"),
        ("25 December", "utter_booking_day_holiday"),
        ("yesterday", "utter_booking_day_past"),
        ("Friday 9pm", "utter_booking_day_closed_then"),
        ("30 February", "utter_booking_day_no_such_date"),
        ("25 October 2027", "utter_booking_day_too_far"),
    ],
)
def test_a_day_that_is_not_possible_comes_with_others_to_tap(patient, text, response):
    (reply,) = at_step(patient, "day").say(text)

    assert reply.response == response
    assert 0 < len(reply.buttons) <= 3
    patient.say("1")
    assert patient.form.wish != {}


@pytest.mark.parametrize(
    "forged",
    [
        "button:book_day:2026-11-29",
        "button:book_day:2020-01-01",
        "button:book_day:9999-99-99",
        "button:book_day:x",
        "button:book_day:2026-12-01/night",
        "button:book_reading:7",
        "button:book_part:morning",
        "button:book_who:admin",
        "button:book_visit:free",
        "button:book_nonsense",
        "button:book_change:key",
    ],
)
def test_a_forged_button_changes_nothing(patient, forged):
    before = at_step(patient, "day").form

    patient.say(forged)

    assert replace(patient.form, offered=()) == replace(before, offered=())


def test_an_ambiguous_day_is_asked_about(patient):
    (reply,) = at_step(patient, "day").say("Tuesday or Thursday after 3")

    assert reply.response == "utter_ask_booking_day_which"
    patient.say("the second one")
    assert patient.form.step == "note"


def test_a_day_among_other_words_is_confirmed(patient):
    (reply,) = at_step(patient, "day").say("Friday morning, my sister drives me")

    assert reply.response == "utter_ask_booking_day_sure"
    assert patient.names("yes")[0] == "utter_booking_heard_day"


@pytest.mark.parametrize("text", ["thanks", "ok cool", "hello", "Dankie!"])
@pytest.mark.parametrize("step", ["name", "visit", "day", "note"])
def test_thanks_are_no_answer_and_no_mistake(patient, step, text):
    before = at_step(patient, step).form

    patient.say(text)

    assert replace(patient.form, offered=()) == replace(before, offered=())


def test_any_time_needs_no_part_of_the_day(patient):
    at_step(patient, "day").say("any time")

    assert patient.form.step == "note"


def test_a_day_in_the_first_message_is_suggested_in_time(patient):
    patient.say("can you see me on Friday morning please", intent="book_appointment")
    (question,) = patient.say(*ANSWERS[1:6])

    assert question.response == "utter_ask_booking_day_sure"
    assert question.values["day"] == "Friday 27 November, in the morning"
    assert patient.names("1")[-1] == "utter_ask_booking_note"
    patient.say("none", "send")


@pytest.mark.parametrize("answer", ["no", "2", "button:book_change:day"])
def test_a_suggested_day_may_be_refused(patient, answer):
    patient.say("can you see me on Friday morning please", intent="book_appointment")

    assert patient.names(*ANSWERS[1:6], answer) == ["utter_ask_booking_day"]
    assert patient.form.wish == {}


def test_the_promise_is_not_repeated_in_full(patient):
    patient.say("button:book")

    assert patient.names("who reads this?", asks=True) == ["utter_booking_help_consent"]
    assert patient.names("button:book") == [CONSENT]


def test_two_numbers_are_asked_about(patient):
    replies = at_step(patient, "phone").say("0825550199 or 0835550111")

    assert replies[0].response == "utter_booking_phone_which"
    assert patient.form.phone == ""


def test_a_number_beside_the_name_is_taken_too(patient):
    replies = at_step(patient, "name").say("Thandi Nkosi 0825550199")

    assert [reply.response for reply in replies] == [
        "utter_booking_heard_phone",
        "utter_ask_booking_visit",
    ]


def test_on_whatsapp_neither_symptoms_nor_a_note_are_asked_for(patient, url):
    patient.channel = "whatsapp"
    patient.say(*ANSWERS[:6])

    assert patient.names("tomorrow morning") == ["utter_booking_summary"]
    assert patient.names("button:book_change:note") == ["utter_ask_booking_change"]
    patient.say("send", "send")
    assert stored(url).note == ""


def test_an_alarm_goes_with_the_request_and_marks_it_urgent(patient, url):
    patient.level, patient.words = "urgent", "I have a fever and my back is sore"

    assert patient.names("button:book") == ["utter_booking_urgent", CONSENT]
    patient.say(*ANSWERS[1:])
    (reply,) = patient.say("send")

    assert reply.response == "utter_booking_sent_urgent"
    request = stored(url)
    assert (request.level, request.reason) == ("urgent", patient.words)


def test_an_emergency_offers_no_slot_and_sends_nothing(patient, url):
    at_step(patient, "summary")
    patient.level = "emergency"

    for text in ("send", "button:book_send", "button:book", "Friday"):
        assert patient.names(text) == ["utter_emergency_reminder"]
    assert count(url) == 0

    patient.level = "none"
    assert patient.names("anything", resumes=True) == [SUMMARY]
    assert patient.names("send") == ["utter_booking_sent"]


@pytest.mark.parametrize("step", ["consent", "who", "name", "visit", "note", "summary"])
def test_after_an_interruption_words_are_not_taken_for_an_answer(patient, step, url):
    before = at_step(patient, step).form
    patient.missed()

    names = patient.names("ok thanks")

    assert names[0] == "utter_booking_resume"
    assert replace(patient.form, offered=()) == replace(before, offered=())
    assert count(url) == 0


def test_a_note_that_raised_an_alarm_is_kept(patient):
    at_step(patient, "note")
    patient.missed()
    patient.level, patient.words = "urgent", "I have a fever"

    assert patient.names("go on") == ["utter_booking_urgent", SUMMARY]
    assert patient.form.note == "I have a fever"


def test_when_the_clinic_is_closed_the_words_say_so(patient):
    patient.now = THURSDAY.replace(hour=20)
    (reply,) = at_step(patient, "summary").say("send")

    assert reply.response == "utter_booking_sent_closed"
    assert reply.values["day"] == "Friday 27 November"
    assert reply.values["after_hours"].startswith("When we are closed")


def test_a_day_that_has_passed_meanwhile_is_asked_for_again(patient, url):
    at_step(patient, "summary")
    patient.now += timedelta(days=9)

    assert patient.names("send") == ["utter_booking_day_past"]
    assert count(url) == 0


def test_a_summary_text_that_means_nothing_gets_help(patient):
    at_step(patient, "summary")

    assert patient.names("hmm")[0] == "utter_booking_help_summary"


NOISE = (
    "yes", "no", "2", "", "   ", "button:", "button:book_send", "button:book_skip",
    "button:book_change", "tomorrow", "0825550199", "\0", "💥", "a" * 5000, "never",
    "{name}", "{0}", "<b>x</b>", "'; drop table contacts; --", "go back", "first",
    "button:book_part:any", "button:book_day:soonest", "change it", "K7Q-4MD", "???",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_typed_the_desk_replies_and_keeps_a_whole_memory(patient, seed):
    chosen = random.Random(seed)
    patient.say("button:book", "yes")

    for _ in range(60):
        text = chosen.choice([*NOISE, *ANSWERS[2:]])
        is_open = bool(Desk.from_slot(patient.slot).open)
        replies = patient.say(text if is_open else "button:book")

        assert replies or patient.turn.answer_first
        assert Desk.from_slot(json.loads(json.dumps(patient.slot))) == Desk.from_slot(
            patient.slot
        )
