"""The processes of the development profile and how they are started."""

import os
import sys
from dataclasses import dataclass

from deploy.development.ports import HOST

RASA_PORT = 5005
ACTION_PORT = 5055
CONSOLE_PORT = 8005
MODEL = "models/front-desk.tar.gz"


@dataclass(frozen=True)
class Part:
    """A process of `make run`.

    Attributes:
        port: what it listens on; 0 if on nothing.
        purpose: what the port is for, as a person would say it.
    """

    name: str
    command: list[str]
    port: int = 0
    purpose: str = ""


def parts() -> tuple[Part, ...]:
    """Returns everything that runs on a developer's machine."""
    return (
        Part("actions", action_server(), ACTION_PORT, "the action server"),
        Part("rasa", rasa_server(), RASA_PORT, "the chat"),
        Part("console", console(), CONSOLE_PORT, "the staff console"),
        Part("worker", worker()),
    )


def environment() -> dict[str, str]:
    """Returns the environment of all processes; nothing listens outside."""
    dialogue = {"CLINIC_DIALOGUE_URL": f"http://{HOST}:{RASA_PORT}"}
    return {**dialogue, **os.environ, "SANIC_HOST": HOST, "PYTHONUNBUFFERED": "1"}


def action_server() -> list[str]:
    """Returns the command of the action server."""
    # `python -m rasa_sdk` starts in half a second; `rasa run actions` imports Rasa.
    return [
        sys.executable, "-m", "rasa_sdk",
        "--actions", "actions",
        "--port", str(ACTION_PORT),
        "--quiet",
    ]  # fmt: skip


def rasa_server() -> list[str]:
    """Returns the command of the Rasa server."""
    return [
        sys.executable, "-m", "rasa", "run",
        "--model", MODEL,
        "--enable-api",
        "--interface", HOST,
        "--port", str(RASA_PORT),
        "--quiet",
    ]  # fmt: skip


def console() -> list[str]:
    """Returns the command of the staff console."""
    return [
        sys.executable, "-m", "staff",
        "--host", HOST,
        "--port", str(CONSOLE_PORT),
        "--local",
    ]  # fmt: skip


def worker() -> list[str]:
    """Returns the command of the worker that delivers and tidies up."""
    return [sys.executable, "-m", "records.deliver"]
