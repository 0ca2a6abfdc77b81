"""Starts both servers and a conversation in this terminal: `make shell`."""

import subprocess
import sys
import uuid
from typing import Any

import requests

from deploy.development.clear_alarm import ADDRESS, clear_alarm
from deploy.development.conversation import HELP, Conversation
from deploy.development.ports import (
    PortInUseError,
    require_free,
    wait_until_open,
)
from deploy.development.processes import (
    ACTION_PORT,
    RASA_PORT,
    action_server,
    environment,
    rasa_server,
)

LONGEST_START_SECONDS = 120
LONGEST_REPLY_SECONDS = 60


class RasaServer:
    """A conversation on the Rasa server of this machine."""

    def __init__(self) -> None:
        self._http = requests.Session()
        self.restart()

    def restart(self) -> None:
        """Begins a new conversation."""
        self._sender = f"shell-{uuid.uuid4().hex[:12]}"

    def say(self, text: str) -> list[dict[str, Any]]:
        """Sends a message and returns the replies."""
        body = {"sender": self._sender, "message": text}
        replies: list[dict[str, Any]] = self._post("/webhooks/rest/webhook", body)
        return replies

    def parse(self, text: str) -> dict[str, Any]:
        """Returns how a message is understood."""
        parsed: dict[str, Any] = self._post("/model/parse", {"text": text})
        return parsed

    def clear(self) -> None:
        """Takes back all alarms of the conversation."""
        clear_alarm(self._sender)

    def _post(self, path: str, body: Any) -> Any:
        reply = self._http.post(
            ADDRESS + path, json=body, timeout=LONGEST_REPLY_SECONDS
        )
        reply.raise_for_status()
        return reply.json()


def main() -> int:
    """Talks until /stop, Ctrl-D or Ctrl-C; both servers end with it."""
    try:
        require_free(RASA_PORT, "the chat")
        require_free(ACTION_PORT, "the action server")
    except PortInUseError as error:
        print(error, file=sys.stderr)
        return 1
    commands = (action_server(), rasa_server())
    processes = [subprocess.Popen(c, env=environment()) for c in commands]
    try:
        print("Starting; this takes about half a minute ...", flush=True)
        if not wait_until_open(RASA_PORT, seconds=LONGEST_START_SECONDS):
            print("The assistant did not start; its error stands above.")
            return 1
        print(f"Write a message and press Enter.\n{HELP}\n")
        talk(Conversation(RasaServer()))
        return 0
    except (KeyboardInterrupt, EOFError):
        return 0
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


def talk(conversation: Conversation) -> None:
    """Reads lines and shows what is answered, until the end."""
    while (lines := conversation.answer(input("> ").strip())) is not None:
        print("\n".join(lines), flush=True)


if __name__ == "__main__":
    sys.exit(main())
