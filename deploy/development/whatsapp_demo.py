"""Tries WhatsApp without an account: a phone in this terminal, `make whatsapp-demo`.

The Rasa server, the action server, the worker and the staff console run as they would
for patients; only Meta is a stand-in, the strict one of the tests.
"""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from deploy.development import phone
from deploy.development.phone import Bubble
from deploy.development.ports import HOST, free_port, wait_until_open
from documents.facts import Facts
from documents.library import CLINIC_FOLDER
from tests.standins.graph import Graph, body_of, choices_of
from tests.standins.payloads import Person, delivered, every_kind
from tests.standins.setup import CHANNEL, variables

FOLDER = Path("var/whatsapp-demo")
MODEL = "models/front-desk.tar.gz"
LONGEST_START_SECONDS = 120
QUIET_SECONDS = 1.5
LONGEST_REPLY_SECONDS = 30
HELP = """\
Type a message and press Enter. /1, /2 ... tap a choice. Also:
  /voice  /photo [words]  /place  /sticker  /like    other kinds of messages
  /again      Meta brings your last message once more
  /late       a day passes: staff reach you by template only
  /fail CODE  Meta refuses the next message, such as 131016 or 190
  /hide       your number is hidden from now on
  /quit"""
KINDS = {
    "/voice": ("audio", "🎤 Voice note, 0:07"),
    "/place": ("location", "📍 My place"),
    "/sticker": ("sticker", "🙂 A sticker"),
    "/like": ("reaction", "👍 on your message"),
}


class Phone:
    """What the person sees and does."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.person = Person()
        self._shown = 0
        self._last: dict[str, Any] = {}
        self._taps: dict[int, tuple[str, str]] = {}
        self._lock = threading.Lock()
        self._colour = sys.stdout.isatty()

    def do(self, typed: str) -> None:
        """Sends what is typed, and shows it."""
        command, _, rest = typed.partition(" ")
        if command == "/again":
            self._deliver(self._last)
        elif command == "/hide":
            self.person = Person("", self.person.user_id)
        elif command == "/late":
            self.graph.clock = lambda: time.time() + 25 * 3600
        elif command == "/fail" and rest.isdigit():
            self.graph.failures.append(int(rest))
        elif command == "/photo":
            kind: dict[str, Any] = every_kind(self.person)["image"]
            kind["image"] = {**kind["image"], **({"caption": rest} if rest else {})}
            self._send(self.person.sends(kind), f"📷 Photo\n{rest}".strip())
        elif command in KINDS:
            kind_name, shown = KINDS[command]
            row = every_kind(self.person)[kind_name]
            self._send(self.person.sends(row), shown)
        elif command[1:].isdigit() and int(command[1:]) in self._taps:
            title, payload = self._taps[int(command[1:])]
            self._send(self.person.taps(payload, title), title)
        elif command.startswith("/"):
            print(HELP)
        else:
            self._send(self.person.says(typed), typed)

    def watch(self) -> None:
        """Shows what comes in, until the program ends."""
        while True:
            new = self.graph.sent[self._shown :]
            if new:
                with self._lock:
                    self._show(new)
            time.sleep(0.1)

    def wait(self) -> None:
        """Waits until an answer has come and nothing follows."""
        before, end = self._shown, time.monotonic() + LONGEST_REPLY_SECONDS
        while time.monotonic() < end and self._shown == before:
            time.sleep(0.1)
        seen = -1
        while seen != self._shown:
            seen = self._shown
            time.sleep(QUIET_SECONDS)

    def _send(self, body: dict[str, Any], shown: str) -> None:
        self._last = body
        status = self._deliver(body)
        ticks = "✓✓" if status == 200 else f"✗ {status}"
        bubble = Bubble(shown, mine=True, note=f"{time.strftime('%H:%M')} {ticks}")
        with self._lock:
            self._print(bubble)

    def _deliver(self, body: dict[str, Any]) -> int:
        self.graph.clock = time.time
        return self.graph.deliver(body) if body else 0

    def _show(self, messages: list[dict[str, Any]]) -> None:
        self._shown += len(messages)
        choices = [choices_of(message) for message in messages]
        if any(choices):
            self._taps = phone.taps(choices)
        number = 1
        for message, offered in zip(messages, choices, strict=True):
            note = f"{time.strftime('%H:%M')}"
            self._print(
                Bubble(
                    body_of(message),
                    note=note,
                    choices=tuple(offered),
                    first_number=number,
                )
            )
            number += len(offered)
            self.graph.deliver(delivered(message["biz_opaque_callback_data"]))

    def _print(self, bubble: Bubble) -> None:
        print("\n".join(phone.draw(bubble, colour=self._colour)), flush=True)


def commands(ports: dict[str, int]) -> list[list[str]]:
    """Returns the commands of all processes."""
    python = [sys.executable, "-m"]
    actions = ["rasa_sdk", "--actions", "actions", "--port", str(ports["actions"])]
    rasa = [
        "rasa", "run", "--model", MODEL, "--interface", HOST, "--port",
        str(ports["rasa"]), "--quiet", "--enable-api",
        "--credentials", str(FOLDER / "credentials.yml"),
        "--endpoints", str(FOLDER / "endpoints.yml"),
    ]  # fmt: skip
    console = ["staff", "--host", HOST, "--port", str(ports["console"]), "--local"]
    return [
        [*python, *actions, "--quiet"],
        [*python, *rasa],
        [*python, *console],
        [*python, "records.deliver"],
    ]


def write_settings(ports: dict[str, int]) -> None:
    """Writes the channels and the neighbours of the demo."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "credentials.yml").write_text(CHANNEL, "utf-8")
    text = Path("endpoints.yml").read_text("utf-8")
    text = text.replace("5055", str(ports["actions"]))
    text = text.replace("var/conversations.db", f"{FOLDER}/conversations.db")
    text += f"  spool: {FOLDER}/escalations.jsonl\n"
    (FOLDER / "endpoints.yml").write_text(text, "utf-8")


def environment(graph: Graph, ports: dict[str, int]) -> dict[str, str]:
    """Returns the environment of all processes; nothing is shared with `make run`."""
    return {
        **os.environ,
        **variables(graph),
        "CLINIC_DATABASE_URL": f"sqlite:///{FOLDER}/clinic.db",
        "CLINIC_CONVERSATIONS_URL": f"sqlite:///{FOLDER}/conversations.db",
        "CLINIC_DIALOGUE_URL": f"http://{HOST}:{ports['rasa']}",
        "SANIC_HOST": HOST,
    }


def main() -> int:
    """Runs until /quit, Ctrl-D or Ctrl-C; all processes end with it."""
    graph = Graph()
    ports = {name: free_port() for name in ("actions", "rasa", "console")}
    graph.webhook = f"http://{HOST}:{ports['rasa']}/webhooks/whatsapp/webhook"
    write_settings(ports)
    log_file = FOLDER / "servers.log"
    with log_file.open("w") as log:
        processes = [
            subprocess.Popen(
                command, env=environment(graph, ports), stdout=log, stderr=log
            )
            for command in commands(ports)
        ]
        try:
            print("Starting; this takes about 20 seconds ...", flush=True)
            if not wait_until_open(ports["rasa"], seconds=LONGEST_START_SECONDS):
                print(f"The assistant did not start; see {log_file}.")
                return 1
            _talk(graph, ports)
        except (KeyboardInterrupt, EOFError):
            return 0
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()
            graph.close()
    return 0


def _talk(graph: Graph, ports: dict[str, int]) -> None:
    name = Facts.from_file(CLINIC_FOLDER / "clinic.yml").get("name")
    database = f"sqlite:///{FOLDER}/clinic.db"
    account = f"CLINIC_DATABASE_URL={database} make staff-user NAME=anna ROLE=admin"
    print(f"Staff console: http://{HOST}:{ports['console']}/")
    print(f"An account for it: {account}\n{HELP}\n")
    device = Phone(graph)
    colour = sys.stdout.isatty()
    print("\n".join(phone.top(name, "WhatsApp · online", colour=colour)), flush=True)
    threading.Thread(target=device.watch, daemon=True).start()
    while (typed := input().strip()) != "/quit":
        if typed:
            device.do(typed)
            if not sys.stdin.isatty():
                device.wait()
    print(phone.bottom())


if __name__ == "__main__":
    sys.exit(main())
