"""Starts the real servers on free ports for tests, and talks to them."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("actions", "addons", "documents", "records", "data", "web")
FILES = ("config.yml", "domain.yml", "credentials.yml", "endpoints.yml")
LONGEST_START_SECONDS = 120
LONGEST_WRITE_SECONDS = 20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Servers:
    """The Rasa server and the action server in a folder of their own."""

    def __init__(
        self,
        folder: Path,
        database: str = "var/clinic.db",
        *,
        channels: str = "",
        variables: dict[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.database = database
        self.variables = variables or {}
        self.rasa_port, self.action_port = free_port(), free_port()
        self.actions: subprocess.Popen | None = None
        self.rasa: subprocess.Popen | None = None
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name)
        for name in FILES:
            shutil.copy(ROOT / name, folder / name)
        with (folder / "credentials.yml").open("a", encoding="utf-8") as file:
            file.write(channels)
        endpoints = folder / "endpoints.yml"
        text = endpoints.read_text("utf-8").replace("5055", str(self.action_port))
        endpoints.write_text(text, "utf-8")
        (folder / "models").symlink_to(ROOT / "models")
        (folder / "var").mkdir()

    def start_actions(self) -> None:
        command = ["rasa_sdk", "--actions", "actions", "--port", str(self.action_port)]
        self.actions = self._start(command)
        self._wait(lambda: self._get(self.action_port, "/health"))

    def start_rasa(self) -> None:
        model = "models/front-desk.tar.gz"
        command = ["rasa", "run", "--enable-api", "-i", "127.0.0.1", "-m", model]
        self.rasa = self._start([*command, "-p", str(self.rasa_port)])
        self._wait(lambda: self._get(self.rasa_port, "/webhooks/rest/"))

    def stop(self) -> None:
        for process in (self.rasa, self.actions):
            if process and process.poll() is None:
                process.terminate()
                process.wait()

    def kill_rasa(self) -> None:
        self.rasa.send_signal(signal.SIGKILL)
        self.rasa.wait()

    def kill_actions(self) -> None:
        self.actions.send_signal(signal.SIGKILL)
        self.actions.wait()

    def freeze_actions(self, *, frozen: bool) -> None:
        self.actions.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)

    def say(self, text: str, sender: str) -> list[dict]:
        return self.post("/webhooks/rest/webhook", {"sender": sender, "message": text})

    def parse(self, text: str) -> dict:
        return self.post("/model/parse", {"text": text})

    def slots(self, sender: str) -> dict:
        return self._get(self.rasa_port, f"/conversations/{sender}/tracker")["slots"]

    def post(self, path: str, body: object) -> object:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.rasa_port}{path}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def rows(self, database: str, query: str, *values: str) -> list[tuple]:
        """Returns what stands in a database below the folder of the servers."""
        with sqlite3.connect(self.folder / database) as connection:
            return connection.execute(query, values).fetchall()

    def escalations(self, sender: str, count: int) -> list[tuple]:
        """Waits until so many are written, as the reply does not wait for them."""
        query = """select event, level, flags, via, words, channel from escalations
                   where conversation = ? order by id"""
        end = time.monotonic() + LONGEST_WRITE_SECONDS
        found: list[tuple] = []
        while len(found) < count and time.monotonic() < end:
            time.sleep(0.1)
            with suppress(sqlite3.OperationalError):
                found = self.rows(self.database, query, sender)
        return found

    def log(self) -> str:
        return (self.folder / "servers.log").read_text("utf-8", errors="replace")

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "SANIC_HOST": "127.0.0.1",
            "CLINIC_DATABASE_URL": f"sqlite:///{self.database}",
            "PYTHONWARNINGS": "ignore",
            "RASA_TELEMETRY_ENABLED": "false",
            **self.variables,
        }

    def _start(self, module: list[str]) -> subprocess.Popen:
        log = (self.folder / "servers.log").open("a")
        return subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=self.folder,
            env=self.environment(),
            stdout=log,
            stderr=log,
        )

    def _get(self, port: int, path: str) -> dict:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as r:
            return json.load(r)

    def _wait(self, probe) -> None:
        end = time.monotonic() + LONGEST_START_SECONDS
        while True:
            try:
                probe()
            except (OSError, urllib.error.URLError):
                if time.monotonic() > end:
                    raise TimeoutError(self.log()[-3000:]) from None
                time.sleep(0.2)
            else:
                return


@contextmanager
def both_servers(folder: Path) -> Iterator[Servers]:
    """Runs the Rasa server and the action server."""
    running = Servers(folder)
    running.start_actions()
    running.start_rasa()
    yield running
    running.stop()
