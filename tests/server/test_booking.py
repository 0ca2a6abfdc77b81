"""Booking in whole conversations: real servers, the trained model, a real database."""

import re
import signal
import time
from datetime import datetime, timedelta, timezone

import pytest

from records.appointments import AppointmentBook
from records.requests import Visit
from tests.server.processes import both_servers

pytestmark = pytest.mark.server

CONSENT = "I can send the clinic a request"
NAME, PHONE, WHO = "What is your name", "On which number", "Who is the visit for?"
VISIT, DAY = "What kind of visit", "Which day suits you"
SUMMARY, RECEIVED = "Please check your request", "Request received"
NUMBER = "082 555 0199"
REFERENCE = re.compile(r"reference is (\w{3}-\w{3})")


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    with both_servers(tmp_path_factory.mktemp("booking")) as running:
        yield running


@pytest.fixture
def begun(say):
    """Returns the same function, after the safety check was skipped."""
    (offer,) = say("I want to book an appointment")
    assert offer.startswith("First a short safety check")
    (consent,) = say("button:no")
    assert consent.startswith(CONSENT)
    return say


def to_summary(say):
    """Answers everything as people type it."""
    assert say("yes")[0].startswith(WHO)
    assert say("for me")[0].startswith(NAME)
    assert say("Thandi Nkosi")[0].startswith(PHONE)
    assert say(NUMBER)[-1].startswith(VISIT)
    assert say("my first one")[0].startswith(DAY)
    say("Thursday after 3")
    (summary,) = say("no note")
    assert summary.startswith(SUMMARY)
    return summary


def requests(servers, sender):
    query = """select reference, state, level, day_typed, note
               from appointment_requests where conversation = ?"""
    return servers.rows(servers.database, query, sender)


def test_a_booking_from_the_first_word_to_the_reference(servers, begun, sender):
    summary = to_summary(begun)
    (received,) = begun("send")
    (again,) = begun("button:book_send")

    assert "Thandi Nkosi" in summary
    assert NUMBER in summary
    assert "Nothing is sent yet" in summary
    assert received.startswith(RECEIVED)
    assert received == again
    ((reference, state, *_),) = requests(servers, sender)
    assert (reference, state) == (REFERENCE.search(received)[1], "requested")


def test_a_question_in_the_middle_is_answered_and_the_form_goes_on(begun):
    begun("yes", "for me")

    price, again = begun("how much is a visit?")

    assert 'Source: Our clinic, "What a visit costs"' in price
    assert again.startswith(NAME)
    assert begun("Thandi")[0].startswith(PHONE)


def test_yes_and_numbers_book_where_that_is_offered(say):
    refused = say("what is the capital of France")
    assert "Would you like to book a visit?" in refused[0]
    assert say("yes")[0].startswith("First a short safety check")
    assert say("no")[0].startswith(CONSENT)
    assert say("1")[0].startswith(WHO)
    assert say("3")[0].startswith("What is the patient's name")


def test_an_emergency_in_the_middle_takes_over_and_loses_nothing(begun):
    begun("yes", "for me", "Thandi Nkosi", NUMBER)

    emergency = begun("first visit, but now I can't feel my legs")
    waits = begun("button:yes")
    refused = begun("ok book me for Friday")
    begun("a doctor has checked it")
    cleared = begun("yes")

    assert emergency[0].startswith("This could be an emergency.")
    assert emergency[1:] == ["Are you able to get that help now?"]
    assert waits[0].startswith("Good. Please go now")
    assert refused[0].startswith("First get medical help")
    assert cleared[0].startswith("Thank you for telling me.")
    assert cleared[1].startswith(VISIT)
    begun("first", "Friday", "morning")
    (summary,) = begun("none")
    assert "Thandi Nkosi" in summary
    assert NUMBER in summary


def test_an_urgent_matter_is_marked_in_the_request(servers, begun, sender):
    begun("yes", "for me", "Thandi Nkosi")

    (urgent,) = begun("I have a fever and my back is sore")
    goes_on = begun(NUMBER)
    begun("button:book_visit:first", "button:book_day:soonest", "none")
    (received,) = begun("send")

    assert urgent.startswith("A doctor or nurse needs to check this today.")
    assert goes_on[-1].startswith(VISIT)
    assert "marked as urgent" in received
    assert requests(servers, sender)[0][2] == "urgent"


def test_a_safety_question_in_the_middle_gives_the_form_back(begun):
    begun("yes", "for me", "Thandi Nkosi", NUMBER, "first", "tomorrow", "morning")

    asked = begun("my grandfather had cancer and I am worried")
    after = begun("no") if "One question" in asked[-1] else asked

    assert any("Please check" in text for text in (*asked, *after))


@pytest.mark.parametrize("words", ["never mind", "stop", "ag nee los dit"])
def test_never_mind_stops_and_sends_nothing(servers, begun, sender, words):
    begun("yes", "for me", "Thandi Nkosi")

    assert "Nothing was sent" in begun(words)[0]
    assert requests(servers, sender) == []
    assert 'Source: Our clinic, "What a visit costs"' in begun("how much is a visit")[0]


def test_status_moving_and_cancelling(servers, begun, sender):
    to_summary(begun)
    reference = REFERENCE.search(begun("send")[0])[1]

    assert "waits for an answer" in begun("what happens now?")[0]
    assert "Which part of the day" in begun("can I move it to friday next week")[0]
    assert "Shall I send this" in begun("morning")[0]
    assert begun("yes please")[0].startswith(RECEIVED)
    assert "Shall I cancel" in begun("cancel it")[0]
    assert "is cancelled" in begun("yes")[0]
    assert requests(servers, sender)[0][:2] == (reference, "cancelled")


def test_an_offered_time_is_accepted_in_words(servers, begun, sender):
    to_summary(begun)
    begun("send")
    book = AppointmentBook(f"sqlite:///{servers.folder}/{servers.database}")
    (row,) = servers.rows(
        servers.database,
        "select id, version from appointment_requests where conversation = ?",
        sender,
    )
    starts = datetime(2030, 1, 8, 8, 0, tzinfo=timezone.utc)
    visit = Visit("Lerato M.", starts, starts + timedelta(hours=1))
    book.propose(row[0], visit, version=row[1], actor="staff:anna")

    assert "Does that suit you?" in begun("is it confirmed?")[0]
    assert "is confirmed" in begun("ok that works")[0]
    assert requests(servers, sender)[0][1] == "confirmed"


def test_a_call_back_below_an_urgent_alarm(servers, say, sender):
    say("I have a fever and my back is sore")

    assert say("button:call_back")[0].startswith("Which number should the clinic call?")
    assert NUMBER in say(NUMBER)[0]
    assert requests(servers, sender)[0][1:3] == ("requested", "urgent")


def test_delete_my_data(servers, begun, sender):
    to_summary(begun)
    begun("send")

    assert "requests for a visit" in begun("what do you know about me")[0]
    assert "Shall I delete" in begun("delete my data")[0]
    assert begun("yes")[0].startswith("It is deleted.")
    assert requests(servers, sender) == []
    assert servers.slots(sender)["booking"] is None


def test_a_killed_action_server_loses_nothing_and_doubles_nothing(
    servers, begun, sender
):
    to_summary(begun)
    servers.kill_actions()
    (failed,) = begun("send")
    servers.start_actions()

    (received,) = begun("send")

    assert failed.startswith("Something went wrong")
    assert received.startswith(RECEIVED)
    assert len(requests(servers, sender)) == 1


def test_a_frozen_action_server_doubles_nothing(servers, begun, sender):
    to_summary(begun)
    servers.freeze_actions(frozen=True)
    try:
        begun("send")
    finally:
        servers.freeze_actions(frozen=False)

    time.sleep(1)
    assert begun("send")[0].startswith(RECEIVED)
    assert len(requests(servers, sender)) == 1


def test_a_form_survives_a_restart_of_rasa(servers, begun):
    begun("yes", "for me", "Thandi Nkosi")
    servers.rasa.send_signal(signal.SIGKILL)
    servers.rasa.wait()
    servers.start_rasa()

    assert begun(NUMBER)[-1].startswith(VISIT)


def test_nothing_personal_reaches_the_log(servers, begun):
    to_summary(begun)
    begun("send")

    log = servers.log()
    assert "Nkosi" not in log
    assert "0199" not in log
