"""Ends the alarm of a conversation, as staff: `make clear-alarm CONVERSATION=id`."""

import sys
from typing import Any

import requests

from deploy.development.ports import HOST
from deploy.development.processes import RASA_PORT

ADDRESS = f"http://{HOST}:{RASA_PORT}"
LONGEST_WAIT_SECONDS = 10
# What an alarm has set; the safety memory begins anew.
CLEARED: dict[str, Any] = {
    "triage_level": "none",
    "triage_flags": [],
    "emergency_family": None,
    "safety": None,
}


def clear_alarm(conversation: str) -> None:
    """Takes back all levels and flags of a conversation.

    Raises:
        requests.RequestException: the Rasa server does not answer, or refuses.
    """
    events = [
        {"event": "slot", "name": name, "value": value}
        for name, value in CLEARED.items()
    ]
    url = f"{ADDRESS}/conversations/{conversation}/tracker/events"
    reply = requests.post(url, json=events, timeout=LONGEST_WAIT_SECONDS)
    reply.raise_for_status()


def main(values: list[str]) -> int:
    """Clears one conversation; returns 1 and says why if that is not possible."""
    if len(values) != 1 or not values[0]:
        print("Name the conversation: make clear-alarm CONVERSATION=id")
        return 1
    try:
        clear_alarm(values[0])
    except requests.RequestException as error:
        print(f"The alarm is not cleared: {error}. Is `make run` on?", file=sys.stderr)
        return 1
    print(f"The alarm of conversation {values[0]} is cleared.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
