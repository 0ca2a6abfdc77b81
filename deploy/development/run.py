"""Starts every process on this machine and prints where to chat: `make run`."""

import shlex
import sys
import threading

from honcho.manager import Manager

from deploy.development.ports import (
    HOST,
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
from documents import check

LONGEST_START_SECONDS = 120


def main() -> int:
    """Runs until Ctrl-C or until one process ends; returns its exit code."""
    try:
        require_free(RASA_PORT, "the chat")
        require_free(ACTION_PORT, "the action server")
    except PortInUseError as error:
        print(error, file=sys.stderr)
        return 1
    if check.main([]) != 0:
        return 1
    print("Starting; the chat is ready in about 15 seconds ...", flush=True)
    manager = Manager()
    manager.add_process("actions", shlex.join(action_server()), env=environment())
    manager.add_process("rasa", shlex.join(rasa_server()), env=environment())
    threading.Thread(target=_announce, daemon=True).start()
    manager.loop()
    return int(manager.returncode or 0)


def _announce() -> None:
    if wait_until_open(RASA_PORT, seconds=LONGEST_START_SECONDS):
        address = f"http://{HOST}:{RASA_PORT}/chat/"
        print(f"\n  Chat with the assistant: {address}\n  Stop: Ctrl-C\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
