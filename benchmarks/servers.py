"""Starts both servers of a project, asks them things, and measures them."""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil

from benchmarks.projects import Project

HOST = "127.0.0.1"
LONGEST_START_SECONDS = 180
# Both projects use the ports of endpoints.yml, one after the other.
RASA_PORT = 5005
ACTION_PORT = 5055


@dataclass(frozen=True)
class Running:
    """A started project."""

    rasa: psutil.Process
    start_seconds: float

    def megabytes(self) -> float:
        """Returns the resident memory of the Rasa server."""
        return float(self.rasa.memory_info().rss) / 1e6


@contextmanager
def started(project: Project) -> Iterator[Running]:
    """Runs the action server and the Rasa server until the block ends."""
    with (project.folder / "servers.log").open("w") as log:
        common: dict[str, Any] = {"cwd": project.folder, "stdout": log, "stderr": log}
        actions = subprocess.Popen(
            [sys.executable, "-m", "rasa_sdk", "--actions", project.actions], **common
        )
        begin = time.monotonic()
        rasa = subprocess.Popen(
            [
                sys.executable, "-m", "rasa", "run", "--enable-api",
                "--interface", HOST, "--model", str(project.model),
            ],
            **common,
        )  # fmt: skip
        try:
            _wait_for_first_reply()
            yield Running(psutil.Process(rasa.pid), time.monotonic() - begin)
        finally:
            for process in (rasa, actions):
                process.terminate()
            for process in (rasa, actions):
                process.wait()


def post(path: str, body: Any, connection: http.client.HTTPConnection) -> Any:
    """Posts JSON and returns the JSON answer."""
    connection.request(
        "POST", path, json.dumps(body), {"Content-Type": "application/json"}
    )
    return json.loads(connection.getresponse().read())


def say(text: str, sender: str, connection: http.client.HTTPConnection) -> Any:
    """Sends one message over REST and returns the replies."""
    body = {"sender": sender, "message": text}
    return post("/webhooks/rest/webhook", body, connection)


def connect() -> http.client.HTTPConnection:
    """Returns a connection to the Rasa server."""
    return http.client.HTTPConnection(HOST, RASA_PORT, timeout=60)


def _wait_for_first_reply() -> None:
    end = time.monotonic() + LONGEST_START_SECONDS
    while time.monotonic() < end:
        try:
            if say("hello", "first", connect()):
                return
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            time.sleep(0.1)
    raise TimeoutError("The servers did not reply; see servers.log in var/bench.")
