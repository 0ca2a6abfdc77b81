"""WhatsApp in whole conversations: real servers against a strict stand-in."""

import itertools
import sqlite3
import time

import pytest

from records.appointments import AppointmentBook
from records.requests import Visit
from tests.server.processes import Servers
from tests.standins.graph import Graph, body_of, choices_of
from tests.standins.payloads import Person, every_kind
from tests.standins.setup import CHANNEL, variables

pytestmark = pytest.mark.server

numbers = itertools.count(100)
LONGEST_WAIT_SECONDS = 40


@pytest.fixture(scope="module")
def graph():
    made = Graph()
    yield made
    made.close()


@pytest.fixture(scope="module")
def servers(tmp_path_factory, graph):
    running = Servers(
        tmp_path_factory.mktemp("whatsapp"),
        channels=CHANNEL,
        variables=variables(graph),
    )
    graph.webhook = f"http://127.0.0.1:{running.rasa_port}/webhooks/whatsapp/webhook"
    running.start_actions()
    running.start_rasa()
    yield running
    running.stop()


@pytest.fixture
def person():
    number = next(numbers)
    return Person(f"27825550{number}", f"ZA.{number}")


@pytest.fixture
def say(servers, graph, person):
    """Returns a function that sends something and returns what comes back."""

    def sent(what):
        before = len(graph.texts(person))
        body = what if isinstance(what, dict) else person.says(what)
        assert graph.deliver(body) == 200
        end = time.monotonic() + LONGEST_WAIT_SECONDS
        # All messages of a turn are kept at once, and sent one after the other.
        while len(graph.texts(person)) == before or waiting(servers):
            assert time.monotonic() < end, servers.log()[-2000:]
            time.sleep(0.05)
        mine = [m for m in graph.sent if m.get("to") == f"+{person.wa_id}"]
        return mine[before:]

    return sent


def waiting(servers):
    """Returns how many messages are not answered or not sent."""
    query = """select (select count(*) from inbox where answered_at is null)
                    + (select count(*) from chat_replies where ended_at is null)"""
    ((count,),) = servers.rows(servers.database, query)
    return count


def texts(messages):
    return [body_of(message) for message in messages]


def test_a_question_and_a_follow_up_from_the_list(say, person):
    answer = say("is it a spasm or a strain")
    offered = choices_of(answer[-1])
    tapped = next(title for title in offered if title.startswith("Grades"))

    follow_up = say(person.taps(offered[tapped], tapped, kind="list_reply"))

    assert 'Source: Back muscle spasm, "Spasm or strain?"' in texts(answer)[0]
    assert "Grades of a muscle strain" in texts(follow_up)[0]


def test_a_booking_with_buttons_without_a_question_about_health(
    say, person, servers, graph
):
    (card, *_) = texts(say("I want to book an appointment"))
    assert "safety check" not in card
    say("yes")
    say("for me")
    say("Thandi Nkosi")
    visit = say(f"0{person.wa_id[2:]}")
    choices = choices_of(visit[-1])
    say(person.taps(choices["First visit"]))
    summary = say("Thursday after 3")
    assert "Please check your request" in texts(summary)[-1]

    received = say(person.taps(choices_of(summary[-1])["Send"]))

    assert "Request received. Your reference is" in texts(received)[0]
    query = """select id, reference, channel, level, note from appointment_requests
               order by id desc limit 1"""
    ((request_id, reference, channel, level, note),) = servers.rows(
        servers.database, query
    )
    assert reference in texts(received)[0]
    assert (channel, level, note) == ("whatsapp", "none", "")
    assert says_what_staff_answer(say, person, servers, graph, request_id)


def says_what_staff_answer(say, person, servers, graph, request_id):
    """Staff offer a time; the patient taps, and learns of it in the chat."""
    from datetime import datetime, timedelta, timezone

    from records import deliver
    from records.addresses import Addresses
    from records.outbox import Outbox
    from records.troubles import Troubles
    from records.whatsapp_notices import WhatsAppNotices, whatsapp_routes
    from records.whatsapp_texts import WhatsAppTexts

    url = f"sqlite:///{servers.folder / servers.database}"
    starts = datetime.now(timezone.utc).replace(minute=0) + timedelta(days=8)
    visit = Visit("Naledi Mokoena", starts, starts + timedelta(minutes=45))
    AppointmentBook(url).propose(request_id, visit, version=1, actor="staff:anna")
    notices = WhatsAppNotices(
        whatsapp_routes(variables(graph)),
        WhatsAppTexts.from_folder(),
        addresses=Addresses(url),
        troubles=Troubles(url),
    )
    before = len(graph.sent)
    assert deliver.deliver_due(Outbox(url), {"whatsapp": notices.send}) == 1
    (offer,) = graph.sent[before:]
    ((title, payload),) = choices_of(offer).items()

    told = " ".join(texts(say(person.taps(payload, title))))
    if "number" in told:
        told = " ".join(texts(say(f"0{person.wa_id[2:]}")))
    return "offers you a time" in told


def test_an_emergency_comes_first_and_in_one_piece(say, person, servers):
    emergency = say("my back hurts and since last night i can't pee")
    asked = texts(emergency)[1]

    assert texts(emergency)[0].startswith("This could be an emergency.")
    assert "Call 112" in texts(emergency)[0]
    assert asked == "Are you able to get that help now?"
    assert set(choices_of(emergency[1])) == {"Yes", "No"}


def test_a_voice_note_gets_a_kind_reply_with_both_numbers(say, person):
    (notice,) = texts(say(person.sends(every_kind(person)["audio"])))

    assert notice.startswith("Thank you for your voice note.")
    assert "012 555 0142" in notice
    assert "112" in notice


def test_killed_in_the_middle_it_goes_on_after_the_restart(servers, graph):
    """Each message is heard once and in order; none is lost."""
    people = [Person(f"2782555{n}", f"ZA.{n}") for n in range(2001, 2005)]
    now = int(time.time()) - 100
    bodies = [
        person.says(f"hello {turn}", at=now + turn)
        for turn in range(3)
        for person in people
    ]
    for body in bodies:
        assert graph.deliver(body) == 200
    end = time.monotonic() + LONGEST_WAIT_SECONDS
    while waiting(servers) > 10 and time.monotonic() < end:
        time.sleep(0.01)
    servers.kill_rasa()
    left = waiting(servers)

    servers.start_rasa()
    # Meta brings all of it again.
    for body in bodies:
        assert graph.deliver(body) == 200
    end = time.monotonic() + 2 * LONGEST_WAIT_SECONDS
    while waiting(servers):
        assert time.monotonic() < end, servers.log()[-2000:]
        time.sleep(0.1)

    assert left > 0
    heard = heard_by_rasa(servers)
    for person in people:
        assert graph.texts(person)
    assert sorted(heard.values()) == [["hello 0", "hello 1", "hello 2"]] * 4


def heard_by_rasa(servers):
    """Returns the texts of the killed conversations, in order."""
    import json

    with sqlite3.connect(servers.folder / "var/conversations.db") as connection:
        rows = connection.execute(
            "select sender_id, data from events where type_name = 'user' order by id"
        ).fetchall()
    found = {}
    for sender, data in rows:
        text = json.loads(data)["text"]
        if text and text.startswith("hello "):
            found.setdefault(sender, []).append(text)
    return found
