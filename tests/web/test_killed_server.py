"""The server is killed in the middle of a message and comes back."""

import signal
import sqlite3

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture(autouse=True)
def alive_again(servers):
    """Lets other tests go on with a server that runs, whatever fails here."""
    yield
    servers.freeze_actions(frozen=False)
    if servers.rasa.poll() is not None:
        servers.start_rasa()


def test_nothing_is_lost_and_nothing_doubled_when_the_server_is_killed(visit, servers):
    widget = visit().open()
    widget.ask("is it a spasm or a strain")
    # The action server stands still, so the next message is under way for certain.
    servers.freeze_actions(frozen=True)
    widget.say("should I stretch")
    expect(widget.page.locator(".writing.shown")).to_be_visible()
    widget.page.wait_for_timeout(300)

    servers.rasa.send_signal(signal.SIGKILL)
    servers.rasa.wait()
    servers.freeze_actions(frozen=False)
    expect(widget.page.get_by_text("The connection is lost.")).to_be_visible()
    widget.require_good("connection lost")
    widget.picture("connection-lost")
    widget.say("how much is a visit")
    servers.start_rasa()

    expect(widget.answers).to_have_count(3, timeout=20_000)
    expect(widget.page.get_by_text("The connection is back.")).to_be_visible()
    asked = ["is it a spasm or a strain", "should I stretch", "how much is a visit"]
    expect(widget.own).to_have_text(asked)
    titles = ["Spasm or strain?", "Stretching", "What a visit costs"]
    for number, title in enumerate(titles):
        expect(widget.answers.nth(number)).to_contain_text(title)
    assert stored(servers, asked) == asked
    before = widget.texts()
    widget.page.reload()
    expect(widget.answers).to_have_count(3)
    assert widget.texts() == before


def stored(servers, asked: list[str]) -> list[str]:
    """Returns the messages of the latest conversation, from the tracker store."""
    with sqlite3.connect(servers.folder / "var/conversations.db") as connection:
        rows = connection.execute(
            """select json_extract(data, '$.text') from events
               where type_name = 'user' and sender_id =
               (select sender_id from events order by id desc limit 1) order by id"""
        ).fetchall()
    connection.close()
    return [text for (text,) in rows]
