"""What the clinic is told, with the action server stopped and its database away."""

import json

import pytest

from tests.server.processes import Servers
from tests.waiting import until

pytestmark = pytest.mark.server

EMERGENCY, URGENT = "I can't feel my legs", "I have a fever and my back is sore"
SPOOL = "var/escalations.jsonl"


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """The Rasa server alone."""
    folder = tmp_path_factory.mktemp("servers")
    running = Servers(folder, database="var/clinic/clinic.db")
    running.start_rasa()
    yield running
    running.stop()


@pytest.fixture
def say(servers, sender):
    return lambda message: [reply["text"] for reply in servers.say(message, sender)]


@pytest.fixture
def database_away(servers):
    """A file stands in the place of the database's folder until the test ends it."""
    place, elsewhere = servers.folder / "var/clinic", servers.folder / "var/elsewhere"
    if place.exists():
        place.rename(elsewhere)
    place.touch()

    def back():
        place.unlink()
        if elsewhere.exists():
            elsewhere.rename(place)

    yield back
    if place.is_file():
        back()


def spooled(servers, sender):
    file = servers.folder / SPOOL
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    notes = [json.loads(line) for line in lines if line]
    return [note for note in notes if note["conversation"] == sender]


def test_without_the_database_the_reply_comes_and_the_escalation_is_kept(
    servers, say, sender, database_away
):
    reply, question = say(EMERGENCY)
    (note,) = spooled(servers, sender)
    assert until(lambda: "An escalation could not be written" in servers.log())
    database_away()

    assert reply.startswith("This could be an emergency.")
    assert question == "Are you able to get that help now?"
    assert (note["event"], note["level"]) == ("raised", "emergency")
    (row,) = servers.escalations(sender, 1)
    assert row[:3] == ("raised", "emergency", json.dumps(note["flags"]))


def test_an_emergency_and_a_no_are_rows_of_the_clinic(servers, say, sender):
    say(EMERGENCY)
    (help,) = say("no")

    assert help.startswith("Please call 112 now.")
    raised, no_help = servers.escalations(sender, 2)
    event, level, flags, via, words, channel = raised
    assert (event, level, via) == ("raised", "emergency", "rule")
    assert "NEURO_SEVERE" in json.loads(flags)
    assert (words, channel) == (EMERGENCY, "rest")
    assert no_help == ("cannot_get_help", "emergency", "[]", "rule", "no", "rest")


def test_what_is_written_leaves_the_spool_file(servers, say, sender):
    say(EMERGENCY)

    assert len(servers.escalations(sender, 1)) == 1
    assert spooled(servers, sender) == []


def test_an_urgent_matter_and_the_check_by_a_doctor_are_rows_too(servers, say, sender):
    (urgent,) = say(URGENT)
    (checked,) = say("button:checked")

    assert urgent.startswith("A doctor or nurse needs to check this today.")
    assert checked.startswith("Thank you for telling me. I will help")
    rows = servers.escalations(sender, 2)
    assert [row[:2] for row in rows] == [
        ("raised", "urgent"),
        ("checked_by_doctor", "urgent"),
    ]


def test_a_harmless_message_is_no_escalation(servers, say, sender):
    say("hello")
    say(EMERGENCY)

    assert [row[4] for row in servers.escalations(sender, 1)] == [EMERGENCY]


def test_the_events_of_a_turn_are_stored_once_and_in_order(servers, say, sender):
    say(EMERGENCY)

    query = "select type_name, action_name, data from events where sender_id = ?"
    rows = servers.rows("var/conversations.db", f"{query} order by id", sender)
    begun = next(i for i, row in enumerate(rows) if row[0] == "user")
    turn = rows[begun:]
    assert [row[:2] for row in turn if row[0] in ("user", "action", "bot")] == [
        ("user", None),
        ("action", "utter_emergency"),
        ("bot", None),
        ("action", "utter_can_you_get_help"),
        ("bot", None),
        ("action", "action_listen"),
    ]
    slots = {name for kind, name, _ in turn if kind == "slot"}
    assert {"safety", "escalation", "triage_level", "patient_words"} <= slots
    assert len({row[2] for row in rows}) == len(rows)


def test_the_log_holds_no_words_of_the_patient(servers, say):
    say("I am Xantippe Quagga and I can't feel my legs")

    assert "Quagga" not in servers.log()
