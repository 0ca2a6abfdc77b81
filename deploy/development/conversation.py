"""The conversation of `make shell`: what is shown, and what staff can look into."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

CASES_FILE = Path("tests/safety/cases.tsv")
LEVELS = ("none", "card", "check", "soon", "urgent", "emergency")
HELP = """\
/debug           show or hide how each message was understood
/save LEVEL [FLAGS]  keep the latest message as a regression case: it must have this
                 level (none, card, check, soon, urgent, emergency) from now on
/clear           end the alarm of this conversation, as staff
/new             begin a new conversation
/help            show this list
/stop            end"""


class Server(Protocol):
    """What the shell asks of a Rasa server."""

    def say(self, text: str) -> list[dict[str, Any]]:
        """Sends a message and returns the replies."""

    def parse(self, text: str) -> dict[str, Any]:
        """Returns how a message is understood."""

    def clear(self) -> None:
        """Takes back all alarms of the conversation."""

    def restart(self) -> None:
        """Begins a new conversation."""


class Conversation:
    """Turns what is typed into lines to show; knows nothing of the terminal."""

    def __init__(self, server: Server, cases: Path = CASES_FILE) -> None:
        self._server = server
        self._cases = cases
        self._debug = False
        self._latest = ""
        self._buttons: list[str] = []

    def answer(self, typed: str) -> list[str] | None:
        """Returns the lines to show; None to end."""
        command, *values = typed.split() or [""]
        if command == "/stop":
            return None
        if command == "/debug":
            self._debug = not self._debug
            return ["Debug is on." if self._debug else "Debug is off."]
        if command == "/save":
            return [self._save(values)]
        if command == "/clear":
            self._server.clear()
            return ["The alarm of this conversation is cleared."]
        if command == "/new":
            self._server.restart()
            self._buttons, self._latest = [], ""
            return ["A new conversation."]
        if not command or command.startswith("/"):
            return HELP.splitlines()
        return self._talk(typed)

    def _talk(self, typed: str) -> list[str]:
        button = self._button(typed)
        text = button or typed
        self._latest = "" if button else text
        lines = understood(self._server.parse(text)) if self._debug else []
        self._buttons = []
        for reply in self._server.say(text):
            lines += str(reply.get("text") or "").splitlines()
            for button in reply.get("buttons") or ():
                self._buttons.append(button["payload"])
                lines.append(f"  {len(self._buttons)}. {button['title']}")
            lines.append("")
        return lines

    def _button(self, typed: str) -> str:
        """Returns the payload of the button whose number was typed."""
        if typed.isdecimal() and 0 < int(typed) <= len(self._buttons):
            return self._buttons[int(typed) - 1]
        return ""

    def _save(self, values: Sequence[str]) -> str:
        if not self._latest or not values or values[0] not in LEVELS:
            return (
                "Write a message first; then `/save LEVEL`, with one of "
                f"{', '.join(LEVELS)}, and the flags if you like."
            )
        flags = "+".join(values[1:]) or "-"
        text = " ".join(self._latest.split())
        self._cases.parent.mkdir(parents=True, exist_ok=True)
        with self._cases.open("a", encoding="utf-8") as file:
            file.write(f"{values[0]}\t{flags}\tplain\t{text}\n")
        return f"Kept in {self._cases}. `make test` holds the assistant to it."


def understood(parsed: Mapping[str, Any]) -> list[str]:
    """Returns how a message was understood, one part a line."""
    intent = parsed.get("intent") or {}
    lines = [f"| intent {intent.get('name')} {intent.get('confidence')}"]
    for question in parsed.get("questions") or ():
        topics = question.get("topics") or ()
        scores = [topic["score"] for topic in topics]
        margin = round(scores[0] - scores[1], 4) if len(scores) > 1 else "-"
        named = ", ".join(f"{t['name']} {t['score']}" for t in topics[:3])
        lines.append(f"| {question.get('outcome')}: {named}; margin {margin}")
    triage = parsed.get("triage") or {}
    lines.append(f"| triage {triage.get('level')}")
    lines += [
        f"|   {flag['id']} {flag['level']} {flag['status']} via {flag['via']}: "
        f'"{flag["text"]}"'
        for flag in triage.get("flags") or ()
    ]
    if parsed.get("signs"):
        lines.append(f"| signs {', '.join(parsed['signs'])}")
    answer = (parsed.get("reply") or {}).get("answer")
    if answer:
        lines.append(f"| answer {answer}")
    return lines
