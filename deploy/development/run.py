"""Starts every process on this machine and prints where to chat: `make run`."""

import os
import shlex
import sys
import threading
from collections.abc import Sequence

from honcho.manager import Manager

from deploy.development.ports import (
    HOST,
    PortInUseError,
    require_free,
    wait_until_open,
)
from deploy.development.processes import (
    CONSOLE_PORT,
    RASA_PORT,
    Part,
    environment,
    parts,
)
from documents import check
from records.errors import RecordsError
from records.staff import StaffBook

LONGEST_START_SECONDS = 300
# What patients wrote is for the account that runs the assistant, and for nobody else.
PRIVATE = 0o077
FIRST_ACCOUNT = """\
  Nobody can log in to the staff console yet. In another terminal:

      make staff-user NAME=anna ROLE=admin
"""


def main() -> int:
    """Checks the content, then runs everything; returns the exit code."""
    os.umask(PRIVATE)
    if check.main([]) != 0:
        return 1
    return run(parts())


def run(all_parts: Sequence[Part]) -> int:
    """Runs until Ctrl-C or until one process ends; then all of them end."""
    try:
        for part in all_parts:
            if part.port:
                require_free(part.port, part.purpose)
    except PortInUseError as error:
        print(error, file=sys.stderr)
        return 1
    print("Starting; the chat is ready in about half a minute ...", flush=True)
    manager = Manager()
    for part in all_parts:
        manager.add_process(part.name, shlex.join(part.command), env=environment())
    ports = [part.port for part in all_parts if part.port]
    threading.Thread(target=_announce, args=(ports,), daemon=True).start()
    manager.loop()
    return int(manager.returncode or 0)


def _announce(ports: Sequence[int]) -> None:
    if all(wait_until_open(port, seconds=LONGEST_START_SECONDS) for port in ports):
        print(announcement(nobody=_nobody_can_log_in()), flush=True)


def announcement(*, nobody: bool) -> str:
    """Returns where everything is, and on the first start how to make an account."""
    return (
        f"\n  A clinic's site with chat: http://{HOST}:{RASA_PORT}/"
        f"\n  Staff console:             http://{HOST}:{CONSOLE_PORT}/"
        f"\n  Stop: Ctrl-C\n{FIRST_ACCOUNT if nobody else ''}"
    )


def _nobody_can_log_in() -> bool:
    try:
        return StaffBook().is_empty()
    except RecordsError:
        return False  # the console itself says what is wrong with the database


if __name__ == "__main__":
    sys.exit(main())
