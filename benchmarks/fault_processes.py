"""The whole system as processes that can be killed and come back, as under systemd."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import psutil
import requests

from deploy.development.ports import HOST, free_port
from deploy.development.postgresql import PostgresqlServer, programs

ROOT = Path(__file__).parents[1]
CODE = (
    "actions", "addons", "documents", "records", "staff", "data", "web",
)  # fmt: skip
FILES = ("config.yml", "domain.yml", "credentials.yml", "endpoints.yml")
# A machine that does much else starts the Rasa server in minutes.
LONGEST_START_SECONDS = 600
RASA, ACTIONS, CONSOLE, WORKER, DATABASE, POSTMASTER = (
    "Rasa server", "action server", "staff console", "worker", "db connection",
    "db server",
)  # fmt: skip
LONGEST_AWAY_SECONDS = 1.5


class System:
    """Rasa server, action server, console, worker and database in their own folder.

    Args:
        folder: an empty one.
        settings: environment variables of all processes.
    """

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder = folder
        self.ports = {name: free_port() for name in (RASA, ACTIONS, CONSOLE)}
        self.ended_by_themselves: Counter[str] = Counter()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._copy()
        found = programs()
        self.postgresql = PostgresqlServer(found) if found else None
        self.database = f"sqlite:///{folder}/var/clinic.db"
        if self.postgresql:
            self.database = self.postgresql.new_database()
        self._environment = {
            **os.environ,
            "PYTHONWARNINGS": "ignore",
            "RASA_TELEMETRY_ENABLED": "false",
            "SANIC_HOST": HOST,
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            **settings,
            "CLINIC_CONVERSATIONS_URL": f"sqlite:///{folder}/var/conversations.db",
            "CLINIC_DATABASE_URL": self.database,
        }

    def _copy(self) -> None:
        ignored = shutil.ignore_patterns("__pycache__")
        for name in CODE:
            shutil.copytree(ROOT / name, self.folder / name, ignore=ignored)
        for name in FILES:
            shutil.copy(ROOT / name, self.folder / name)
        # The encoder is only read; the model may be trained anew meanwhile.
        (self.folder / "models").mkdir()
        (self.folder / "models/encoder").symlink_to(ROOT / "models/encoder")
        shutil.copy(ROOT / "models/front-desk.tar.gz", self.folder / "models")
        endpoints = self.folder / "endpoints.yml"
        text = endpoints.read_text("utf-8").replace("5055", str(self.ports[ACTIONS]))
        endpoints.write_text(text, "utf-8")
        (self.folder / "var").mkdir()

    def commands(self) -> dict[str, list[str]]:
        """Returns what follows `python -m` for each process."""
        rasa, actions, console = (
            str(self.ports[name]) for name in (RASA, ACTIONS, CONSOLE)
        )
        return {
            ACTIONS: ["rasa_sdk", "--actions", "actions", "--port", actions],
            CONSOLE: ["staff", "--local", "--port", console],
            WORKER: ["records.deliver"],
            RASA: [
                "rasa", "run", "-m", "models/front-desk.tar.gz", "--enable-api",
                "-i", HOST, "-p", rasa,
            ],
        }  # fmt: skip

    def start(self) -> None:
        """Starts everything, and from then on what has ended is started again."""
        with self._lock:
            for name in self.commands():
                self._start(name)
        threading.Thread(target=self._supervise, daemon=True).start()
        for name in self.commands():
            self.wait_for(name)

    def targets(self) -> tuple[str, ...]:
        """Returns what can be killed."""
        databases = (DATABASE, POSTMASTER) if self.postgresql else ()
        return (*self.commands(), *databases)

    def kill(self, name: str, chance: random.Random) -> None:
        """Kills one process with signal 9; it starts again at once."""
        if name == DATABASE:
            self._kill_connection(chance)
            return
        if name == POSTMASTER:
            self._kill_server(chance)
            return
        with self._lock:
            process = self._running[name]
            process.send_signal(signal.SIGKILL)
            process.wait()
            self._start(name)

    def wait_for(self, name: str) -> None:
        """Waits until a process answers.

        Raises:
            TimeoutError: it does not; its output stands in processes.log.
        """
        port = self.ports.get(name)
        path = {RASA: "/webhooks/rest/", CONSOLE: "/login"}.get(name, "/health")
        end = time.monotonic() + LONGEST_START_SECONDS
        while port:
            try:
                requests.get(f"http://{HOST}:{port}{path}", timeout=5)
            except requests.RequestException:
                if time.monotonic() > end:
                    raise TimeoutError(
                        f"{name}: see {self.folder}/processes.log"
                    ) from None
                time.sleep(0.1)
            else:
                return

    def log_lines_with(self, *words: str) -> int:
        """Returns how many lines of all output hold one of some words."""
        log = (self.folder / "processes.log").read_text("utf-8", "replace")
        lines = log.splitlines()
        return sum(any(word in line for word in words) for line in lines)

    def stop(self) -> None:
        """Ends everything."""
        self._stopping.set()
        with self._lock:
            for process in self._running.values():
                process.kill()
                process.wait()
        if self.postgresql:
            self.postgresql.remove()

    def _start(self, name: str) -> None:
        with (self.folder / "processes.log").open("a") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", *self.commands()[name]],
                cwd=self.folder,
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def _supervise(self) -> None:
        while not self._stopping.wait(0.2):
            with self._lock:
                for name, process in list(self._running.items()):
                    if process.poll() is not None and not self._stopping.is_set():
                        self.ended_by_themselves[name] += 1
                        self._start(name)

    def _kill_connection(self, chance: random.Random) -> None:
        """Kills the server process of one connection: PostgreSQL restarts them all."""
        assert self.postgresql
        children = psutil.Process(self.postgresql.pid).children()
        serving = [c for c in children if "clinic postgres" in " ".join(c.cmdline())]
        if serving:
            chance.choice(serving).kill()

    def _kill_server(self, chance: random.Random) -> None:
        """Kills the whole server, which is away for a while and then recovers."""
        assert self.postgresql
        self.postgresql.kill()
        time.sleep(chance.uniform(0, LONGEST_AWAY_SECONDS))
        self.postgresql.start()
