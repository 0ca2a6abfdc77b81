"""Starts the action server and `rasa shell` together: `make shell`."""

import subprocess
import sys

from deploy.development.ports import PortInUseError, require_free, wait_until_open
from deploy.development.processes import (
    ACTION_PORT,
    MODEL,
    RASA_PORT,
    action_server,
    environment,
)

LONGEST_START_SECONDS = 30


def main() -> int:
    """Runs the shell in the foreground; both processes end with it."""
    try:
        require_free(RASA_PORT, "the shell's own server")
        require_free(ACTION_PORT, "the action server")
    except PortInUseError as error:
        print(error, file=sys.stderr)
        return 1
    actions = subprocess.Popen(action_server(), env=environment())
    try:
        if not wait_until_open(ACTION_PORT, seconds=LONGEST_START_SECONDS):
            print("The action server did not start; its error stands above.")
            return 1
        shell = [sys.executable, "-m", "rasa", "shell", "--model", MODEL, "--quiet"]
        return subprocess.call(shell)
    except KeyboardInterrupt:
        return 0
    finally:
        actions.terminate()
        actions.wait()


if __name__ == "__main__":
    sys.exit(main())
