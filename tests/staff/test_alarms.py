import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from deploy.development import clear_alarm
from staff.dialogue import CLEARED, Dialogue
from tests.staff.console_parts import words_of

WHY = "Phoned at 9:20, she is at the hospital"


async def test_reception_sees_who_it_is_what_was_written_and_what_to_do(
    browser_of, alarm, submitted, console, conversation
):
    request = submitted()
    alarm(conversation=request.conversation)
    browser = await browser_of("rita")
    for path in ("/", "/alarms", "/alarms/1"):
        page = await browser.get(path)
        text = words_of(page)
        for part in ("Cauda equina", "I cannot feel", "Thandi Nkosi", "+27825550142"):
            assert part in text
        assert f'href="/requests/{request.id}"' in page.text
        assert 'href="tel:+27825550142"' in page.text
    assert "Phone the patient now" in text
    line = console.trail.newest(1)[0]
    assert (line["action"], line["detail"]) == ("view_alarm", "escalation 1")


async def test_reception_reads_no_conversation_and_clears_nothing(
    browser_of, alarm, console, conversation
):
    alarm()
    browser = await browser_of("rita")
    page = await browser.get("/alarms/1")
    assert "Shall we begin?" not in page.text
    assert "/clear" not in page.text
    answer = await browser.send("/alarms/1/clear", up_to="1", reason=WHY)
    assert answer.status_code == 403
    assert console.alarms.count() == 1


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"words": "my legs are numb call me 082 555 0199"}, "+27825550199"),
        ({"conversation": "27825550198", "channel": "whatsapp"}, "+27825550198"),
        ({"conversation": "whatsapp:+27825550198", "channel": "whatsapp"},
         "+27825550198"),
    ],
)  # fmt: skip
async def test_a_number_is_also_found_in_the_words_and_in_a_telephone_chat(
    browser_of, alarm, changes, number
):
    alarm(**changes)
    browser = await browser_of("rita")
    assert f'href="tel:{number}"' in (await browser.get("/alarms/1")).text


async def test_an_alarm_without_a_number_says_what_can_be_done(browser_of, alarm):
    alarm()
    browser = await browser_of("rita")
    text = words_of(await browser.get("/alarms/1"))
    assert "No name or number is known" in text
    assert "Tell a clinician" in text


async def test_a_clinician_reads_what_was_said(
    browser_of, alarm, conversation, console
):
    alarm()
    browser = await browser_of("carl")
    text = words_of(await browser.get("/alarms/1"))
    for part in (
        "I cannot feel", "<b>my back</b> hurts", "Shall we begin?", "tapped a button",
        "Yes, ask me", "Mon 2 Mar 2026, 08:50",
    ):  # fmt: skip
        assert part in text
    assert "not json" not in text
    line = console.trail.newest(1)[0]
    assert (line["action"], line["detail"]) == ("view_alarm", "escalation 1")


async def test_an_alarm_is_read_without_the_database_of_conversations(
    browser_of, alarm, tmp_path
):
    alarm()
    browser = await browser_of("carl")
    text = words_of(await browser.get("/alarms/1"))
    assert "The conversation cannot be read" in text
    (tmp_path / "conversations.db").write_text("this is no database at all " * 99)
    assert (await browser.get("/alarms/1")).status_code == 200
    assert not (tmp_path / "conversations.db-wal").exists()


async def test_a_red_flag_is_cleared_with_name_and_reason(browser_of, alarm, console):
    alarm()
    browser = await browser_of("carl")
    answer = await browser.send("/alarms/1/clear", up_to="1", reason=WHY)
    assert answer.headers["location"] == "/alarms?cleared=here"
    assert console.alarms.count() == 0
    (row,) = console.alarms.cleared("patient-1")
    assert (row["cleared_by"], row["reason"]) == ("carl", WHY)
    text = words_of(await browser.get("/alarms/1"))
    assert f"carl: {WHY}" in text


@pytest.mark.parametrize("reason", ["", "  ", "ok", "x" * 1001])
async def test_a_red_flag_is_not_cleared_without_a_reason(
    browser_of, alarm, console, reason
):
    alarm()
    browser = await browser_of("carl")
    answer = await browser.send("/alarms/1/clear", up_to="1", reason=reason)
    assert answer.status_code == 422
    assert console.alarms.count() == 1


async def test_what_came_after_the_page_was_opened_stays_open(
    browser_of, alarm, console
):
    alarm()
    browser = await browser_of("carl")
    await browser.get("/alarms/1")
    alarm(words="and now my foot drops", flags=["MOTOR_NEW"])
    await browser.send("/alarms/1/clear", up_to="1", reason=WHY)
    text = words_of(await browser.get("/alarms/2"))
    assert "foot drops" in text
    assert console.alarms.count() == 1


async def test_an_alarm_that_somebody_else_has_cleared_is_told_so(browser_of, alarm):
    alarm()
    carl, ada = await browser_of("carl"), await browser_of("ada")
    await ada.send("/alarms/1/clear", up_to="1", reason=WHY)
    answer = await carl.send("/alarms/1/clear", up_to="1", reason=WHY)
    assert answer.status_code == 409
    assert "Somebody else has cleared" in words_of(answer)


@pytest.mark.parametrize("up_to", ["", "0", "2", "999", "x"])
async def test_nobody_clears_what_was_not_seen(browser_of, alarm, console, up_to):
    alarm()
    alarm(conversation="patient-2")
    browser = await browser_of("carl")
    answer = await browser.send("/alarms/1/clear", up_to=up_to, reason=WHY)
    assert answer.status_code == 422
    assert console.alarms.count() == 2


@pytest.fixture
def rasa():
    """A real HTTP server that takes what the dialogue server would take."""
    taken, answers = [], [200]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["content-length"])
            taken.append((self.path, json.loads(self.rfile.read(length))))
            self.send_response(answers[-1])
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", taken, answers
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.mark.parametrize(
    ("status", "cleared"), [(200, "told"), (401, "here"), (302, "here")]
)
async def test_the_chat_is_told_if_it_can_be_reached(
    browser_of, alarm, console, rasa, status, cleared
):
    url, taken, answers = rasa
    answers.append(status)
    object.__setattr__(console, "dialogue", Dialogue(url, "a token"))
    alarm(conversation="whatsapp:+27 82/../x")
    browser = await browser_of("carl")
    answer = await browser.send("/alarms/1/clear", up_to="1", reason=WHY)
    assert answer.headers["location"] == f"/alarms?cleared={cleared}"
    ((path, events),) = taken
    assert path == (
        "/conversations/whatsapp%3A%2B27%2082%2F..%2Fx/tracker/events?token=a+token"
    )
    slots = {event["name"]: event["value"] for event in events}
    assert slots == {
        "triage_level": "none",
        "triage_flags": [],
        "emergency_family": None,
        "safety": None,
    }


async def test_the_chat_is_not_told_while_something_is_open(
    browser_of, alarm, console, rasa
):
    url, taken, _ = rasa
    object.__setattr__(console, "dialogue", Dialogue(url))
    alarm()
    alarm()
    browser = await browser_of("carl")
    await browser.send("/alarms/1/clear", up_to="1", reason=WHY)
    assert taken == []


def test_a_chat_that_is_away_is_logged_without_the_conversation(caplog):
    assert not Dialogue("http://127.0.0.1:9", "secret").clear("+27825550142")
    assert "ConnectionError" in caplog.text
    assert "secret" not in caplog.text
    assert "27825550142" not in caplog.text


def test_the_chat_is_told_the_same_as_by_make_clear_alarm():
    assert CLEARED == clear_alarm.CLEARED
