"""The responses of the desk: who sends them, their placeholders, their buttons."""

import sqlite3

import pytest

from actions.booking.asking import OWN
from actions.booking.building import read_promise
from addons.understanding.commands import read_button
from documents.facts import Facts
from records.appointments import AppointmentBook
from tests.actions.booking.desks import FACTS, THURSDAY, Patient, desk_at
from tests.actions.booking.scripts import ANSWERS, PHONE, acts, at_step, sent
from tests.contract.responses import (
    ALWAYS_KNOWN,
    RESPONSES,
    of_desk,
    payloads,
    placeholders,
)

# The words of the promise that a version of consent stands for.
PROMISED = {
    "1": "I can send the clinic a request for a visit. I will ask for a name, a number "
    "to call, and a day that suits.\n\nWe keep these for {days} days. We use them "
    '{why}. They are seen only by {seen_by}. You can say "delete my data" at any '
    "time.\n\nIs that all right? Nothing is sent before you say so at the end."
}
TALKS = (
    ("consent", ("???", "eh")),
    ("name", ("???", "actually for my son")),
    ("phone", ("???", "0825550199", "button:book_change:name", "0825550199",
               "#!")),
    ("phone", ("0825", "08255501991234567", "0825550199 0835550111", "112",
               "012 555 0142", "082 555 019", "+999 123 456 789")),
    ("visit", ("???",)),
    ("who", ("???", "for my son", "Sipho")),
    ("day", ("Sunday", "25 December", "yesterday", "Friday 9pm", "30 February",
             "25 October 2027", "blah", "Friday", "whatever", "Tue or Thu after 3",
             "Friday, my sister drives me")),
    ("note", ("???", "none")),
    ("summary", ("hmm", "change it", "never mind")),
)  # fmt: skip
STEPS = ("propose", "confirm", "decline", "cancel", "expire", "over")


@pytest.fixture(scope="module")
def replies(tmp_path_factory):
    """Returns replies of conversations that together make the desk say everything."""
    folder = tmp_path_factory.mktemp("desk")
    said = []
    for step, texts in TALKS:
        patient = at_step(Patient(desk_at(_url(folder, step))), step)
        patient.say(*texts)
        said += patient.said
    for step in STEPS:
        said += _errands(_url(folder, f"errand-{step}"), step)
    said += _closed_and_urgent(folder) + _away(folder / "away.db") + _privacy(folder)
    return said


def _url(folder, name):
    return f"sqlite:///{folder}/{name}.db"


def _errands(url, step):
    patient = Patient(desk_at(url))
    reference = sent(patient)
    patient.say("button:status", "button:status")
    if step == "over":
        acts(url, patient, "confirm")
        acts(url, patient, "mark_attended")
    else:
        acts(url, patient, step)
    patient.say("button:status")
    if step == "propose":
        patient.say("hm hm", "yes please")
    if step == "confirm":
        patient.say("button:cancel_visit", "no", "button:cancel_visit", "yes")
    if step == "decline":
        stranger = Patient(desk_at(url), "stranger")
        stranger.say("button:status", "what", "eh", reference, "hm", "0825550100")
        stranger.say(*[reference, "0825550100"] * 5)
        stranger.say("button:status", "stop")
        at_step(stranger, "visit").say("cancel my appointment")
        return patient.said + stranger.said
    return patient.said


def _closed_and_urgent(folder):
    said = []
    for hour in (10, 20):
        for level in ("none", "urgent"):
            patient = Patient(desk_at(_url(folder, f"{hour}{level}")))
            patient.now, patient.level = THURSDAY.replace(hour=hour), level
            sent(patient)
            said += patient.said
    patient = Patient(desk_at(_url(folder, "held")))
    at_step(patient, "name").missed()
    patient.say("ok thanks")
    patient.level = "emergency"
    patient.say("Thandi")
    whatsapp = Patient(desk_at(_url(folder, "whatsapp")))
    whatsapp.channel = "whatsapp"
    whatsapp.say(*ANSWERS[:6], "button:book_day:2026-12-01", "any time", "send")
    whatsapp.say(
        "button:book_who:self",
        "button:move_visit",
        "Friday",
        "after 3",
        "yes",
        "change it",
    )
    return said + patient.said + whatsapp.said + _calls(folder)


def _calls(folder):
    said = []
    for hour in (10, 20):
        for level in ("none", "urgent", "emergency"):
            url = _url(folder, f"call{hour}{level}")
            patient = Patient(desk_at(url))
            patient.now, patient.level = THURSDAY.replace(hour=hour), level
            patient.say("call me", "???", "hm", PHONE, "button:status")
            AppointmentBook(url).called(1, version=1, actor="staff:anna")
            patient.say("button:status")
            said += patient.said
    return said


def _away(file):
    url = f"sqlite:///{file}"
    patient = Patient(desk_at(url))
    sent(patient)
    patient.say("button:cancel_visit")
    acts(url, patient, "cancel")
    patient.say("yes")
    at_step(patient, "summary")
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("begin exclusive")
    patient.say("send", "never mind", "delete my data", "yes", "no")
    patient.say("call me 0825550199")
    stranger = Patient(desk_at(url), "stranger")
    stranger.say("button:status", "K7Q-4MD", PHONE)
    connection.rollback()
    return patient.said + stranger.said


def _privacy(folder):
    url = _url(folder, "privacy")
    patient = Patient(desk_at(url))
    patient.say("what do you know about me", "delete my data", "no")
    sent(patient)
    patient.say("what do you know about me", "delete my data", "yes")
    other = Patient(desk_at(_url(folder, "kept")))
    sent(other)
    acts(_url(folder, "kept"), other, "confirm")
    other.say("delete my data", "yes")
    return patient.said + other.said


def test_the_desk_is_tried_with_every_response_that_it_sends(replies):
    assert of_desk() - {reply.response for reply in replies} == {"utter_ask_for_human"}


def test_placeholders_of_the_desk_are_filled(replies):
    unknown = {
        reply.response: placeholders(reply.response) - ALWAYS_KNOWN - set(reply.values)
        for reply in replies
    }

    assert {name: left for name, left in unknown.items() if left} == {}


def test_buttons_of_the_desk_are_understood(replies):
    added = {button.payload for reply in replies for button in reply.buttons}
    fixed = {payload for name in of_desk() for payload in payloads(name)}

    assert [payload for payload in {*added, *fixed} if not read_button(payload)] == []


@pytest.mark.parametrize("step", OWN)
def test_numbers_mean_the_buttons_of_a_question_in_the_order_shown(step):
    response = {
        "consent": "utter_booking_consent",
        "summary": "utter_booking_summary",
    }.get(step, f"utter_ask_booking_{step}")

    assert tuple(payloads(response)) == OWN[step]


@pytest.mark.parametrize("name", sorted(of_desk()))
def test_nothing_is_called_booked_before_staff_confirm(name):
    texts = [variation["text"].lower() for variation in RESPONSES[name]]

    assert [text for text in texts if "booked" in text] == []


def test_consent_has_a_version_for_its_words_and_for_the_facts_in_them():
    wording, _, fingerprint = read_promise(FACTS).version.partition("-")
    other = read_promise(Facts({"privacy.booking_days": "365"})).version

    (variation,) = RESPONSES["utter_booking_consent"]
    assert variation["text"] == PROMISED[wording]
    assert len(fingerprint) == 8
    assert not other.endswith(fingerprint)
