import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress

import psutil
import pytest

from deploy.development.ports import is_open
from deploy.development.processes import Part, parts
from deploy.development.run import announcement, run
from tests.postgresql import free_port
from tests.server.processes import ROOT
from tests.waiting import LONGEST_WAIT, until

# Runs parts that take no time to start: each listens, or ends by itself.
RUNNER = """
import sys
from deploy.development.processes import Part
from deploy.development.run import run
listen = "import socket, time; s = socket.create_server(('127.0.0.1', {})); "
quiet, ending = int(sys.argv[1]), int(sys.argv[2])
command = lambda port, seconds: [
    sys.executable, "-c", listen.format(port) + f"time.sleep({seconds})"
]
sys.exit(run([
    Part("one", command(quiet, 600), quiet, "one"),
    Part("two", command(ending, float(sys.argv[3])), ending, "two"),
]))
"""


@pytest.fixture
def start(tmp_path):
    """Returns a function that starts two parts, of which one ends after a time."""
    started = []

    def begin(seconds: float) -> tuple[subprocess.Popen, list[int]]:
        ports = [free_port(), free_port()]
        runner = subprocess.Popen(
            [sys.executable, "-c", RUNNER, *map(str, ports), str(seconds)],
            cwd=ROOT,
            env={**os.environ, "CLINIC_DATABASE_URL": f"sqlite:///{tmp_path}/c.db"},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(runner)
        return runner, ports

    yield begin
    for runner in started:
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(runner.pid).children(recursive=True):
                child.kill()
        runner.kill()
        runner.wait()
        runner.stdout.close()


def test_everything_that_belongs_to_the_project_is_started():
    started = {part.name: part.port for part in parts()}

    assert started == {"actions": 5055, "rasa": 5005, "console": 8005, "worker": 0}


def test_both_links_are_printed_and_on_the_first_start_how_to_make_an_account():
    first, later = announcement(nobody=True), announcement(nobody=False)

    for text in (first, later):
        assert "http://127.0.0.1:5005/\n" in text
        assert "http://127.0.0.1:8005/" in text
    assert "make staff-user NAME=anna ROLE=admin" in first
    assert "staff-user" not in later


def test_a_port_that_is_taken_is_named_and_nothing_is_started(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        free = free_port()
        code = run(
            [
                Part("other", [sys.executable, "-c", "1"], free, "the other"),
                Part("console", ["false"], port, "the staff console"),
            ]
        )

    assert code == 1
    assert f"Port {port} (the staff console) is in use." in capsys.readouterr().err
    assert not is_open(free)


def test_interrupting_ends_every_process(start):
    runner, ports = start(600)
    printed: list[str] = []
    reader = threading.Thread(target=lambda: printed.extend(runner.stdout))
    reader.start()
    assert until(lambda: any("make staff-user" in line for line in printed))
    assert all(map(is_open, ports))

    # As Ctrl-C does: to the whole group.
    os.killpg(runner.pid, signal.SIGINT)

    runner.wait(LONGEST_WAIT)
    reader.join()
    assert until(lambda: not any(map(is_open, ports)))


def test_all_processes_end_with_the_first_one_that_ends(start):
    runner, ports = start(0.5)

    runner.communicate(timeout=LONGEST_WAIT)

    assert until(lambda: not any(map(is_open, ports)))
