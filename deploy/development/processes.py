"""The processes of the development profile and how they are started."""

import os
import sys

from deploy.development.ports import HOST

RASA_PORT = 5005
ACTION_PORT = 5055
MODEL = "models/front-desk.tar.gz"


def environment() -> dict[str, str]:
    """Returns the environment of all processes; nothing listens outside."""
    return {**os.environ, "SANIC_HOST": HOST, "PYTHONUNBUFFERED": "1"}


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
