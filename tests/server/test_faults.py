"""What patients meet when a part of the assistant fails: real servers, real signals."""

import shutil
import subprocess
import sys
import uuid

import pytest

from tests.server.processes import ROOT, Servers

pytestmark = pytest.mark.server


@pytest.fixture
def servers(tmp_path):
    running = Servers(tmp_path)
    yield running
    running.stop()


def say(servers, text):
    return [reply["text"] for reply in servers.say(text, str(uuid.uuid4()))]


def test_action_server_killed_leaves_nobody_in_silence(servers):
    servers.start_actions()
    servers.start_rasa()
    servers.kill_actions()

    question = say(servers, "should I stretch my back?")
    emergency = say(servers, "I can't feel my legs")
    servers.start_actions()
    again = say(servers, "should I stretch my back?")

    assert question[0].startswith("Something went wrong on our side")
    assert "012 555 0142" in question[0]
    assert emergency[0].startswith("This could be an emergency.")
    assert emergency[1] == "Are you able to get that help now?"
    assert "Source: Back muscle spasm" in again[0]


def test_missing_encoder_leaves_red_flags_and_a_phone_number(servers):
    models = servers.folder / "models"
    models.unlink()
    models.mkdir()
    shutil.copy(ROOT / "models" / "front-desk.tar.gz", models)
    servers.start_rasa()

    question = say(servers, "should I stretch my back?")
    emergency = say(servers, "I can't feel my legs")

    assert "Run `make encoder`" in servers.log()
    assert "red flags are noticed by rules alone" in servers.log()
    assert question[0].startswith("I cannot answer questions at the moment.")
    assert emergency[0].startswith("This could be an emergency.")


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("data/clinic/articles/x.md", "no title", "x.md:1: has no title"),
        ("data/clinic/clinic.yml", "name: [", "clinic.yml: not valid YAML"),
        ("data/safety/red_flags/emergency.yml", "red_flags: [", "not valid YAML"),
        ("data/safety/screening.yml", "questions: []", "must list the questions"),
    ],
)
def test_mistake_in_content_stops_the_start(servers, file, text, expected):
    (servers.folder / file).write_text(text, "utf-8")

    finished = subprocess.run(
        [
            *(sys.executable, "-m", "rasa", "run", "-i", "127.0.0.1"),
            *("-m", "models/front-desk.tar.gz", "-p", str(servers.rasa_port)),
        ],
        cwd=servers.folder,
        env=servers.environment(),
        capture_output=True,
        timeout=120,
        check=False,
    )

    output = (finished.stdout + finished.stderr).decode()
    assert expected in output
    assert finished.returncode != 0
