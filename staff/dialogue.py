"""Tells the dialogue server that the red flag of a conversation is cleared."""

import logging
from typing import Any
from urllib.parse import quote

import requests

logger = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS = 5
# What an alarm has set; the safety memory begins anew.
CLEARED: dict[str, Any] = {
    "triage_level": "none",
    "triage_flags": [],
    "emergency_family": None,
    "safety": None,
}


class Dialogue:
    """The HTTP API of the Rasa server, if the console may use it.

    Args:
        url: its address; empty if there is none.
        token: what it was started with as `--auth-token`; empty if it has none.
    """

    def __init__(self, url: str = "", token: str = "") -> None:
        self._url = url.rstrip("/")
        self._token = token

    def clear(self, conversation: str) -> bool:
        """Takes back levels and flags; returns false if that was not possible."""
        if not self._url:
            return False
        events = [
            {"event": "slot", "name": name, "value": value}
            for name, value in CLEARED.items()
        ]
        path = f"/conversations/{quote(conversation, safe='')}/tracker/events"
        try:
            reply = requests.post(
                self._url + path,
                json=events,
                params={"token": self._token} if self._token else None,
                timeout=LONGEST_WAIT_SECONDS,
                # A redirect could lead anywhere, with the token.
                allow_redirects=False,
            )
        except requests.RequestException as error:
            # Its message holds the address, with the conversation and the token.
            logger.error("The dialogue server was not told: %s.", type(error).__name__)
            return False
        if reply.status_code != 200:
            logger.error("The dialogue server refuses: %s.", reply.status_code)
        return bool(reply.status_code == 200)
