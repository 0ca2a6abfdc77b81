"""A patient who books over REST, and a member of staff who confirms in the console."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import requests
from ruamel.yaml import YAML

from benchmarks.fault_verdict import Told
from records.references import read_reference

REFERENCE = re.compile(r"\b[0-9A-Z]{3}-[0-9A-Z]{3}\b")
TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="(\d+)"')
LONGEST_WAIT_SECONDS = 150
LONGEST_PAUSE_SECONDS = 2.0
MOST_MESSAGES = 60
NAME = "Thandi Nkosi"
PHONE = "082 555 0142"
SEND = "button:book_send"
BEGIN = "button:book"
# A button that is offered, and what the patient taps then.
TAPS = (
    SEND,
    # The safety questions, which are offered first, are not asked for.
    "button:no",
    "button:book_consent",
    "button:book_who:self",
    "button:book_visit:first",
    "button:book_skip",
    "button:book_part:any",
)
TYPED = {
    NAME: ("utter_ask_booking_name", "utter_booking_help_name"),
    PHONE: ("utter_ask_booking_phone", "utter_booking_help_phone"),
}


class Script:
    """What a patient does next, from what the patient reads."""

    def __init__(self, domain: Path) -> None:
        responses = YAML(typ="safe").load(domain)["responses"]
        self._typed = {
            responses[name][0]["text"].partition("{")[0].strip(): answer
            for answer, names in TYPED.items()
            for name in names
        }

    def next(self, replies: list[dict[str, Any]], before: str) -> str:
        """Returns the answer; what was said before if it was not dealt with."""
        offered = [b["payload"] for r in replies for b in r.get("buttons") or ()]
        for tap in TAPS:
            if tap in offered:
                return tap
        days = [p for p in offered if p.startswith("button:book_day:")]
        if days:
            return str(days[-1])
        text = str(replies[-1].get("text") or "")
        typed = (answer for begin, answer in self._typed.items() if begin in text)
        return next(typed, before)


@dataclass
class Patient:
    """Books one visit, and sends again what got no answer, as a webhook does.

    Attributes:
        sending: set when "Send" is about to be tapped.
        references: each one that the patient was told, in order.
        silences: answers without a sentence.
        unanswered: attempts on which no answer came.
    """

    url: str
    sender: str
    script: Script
    sending: threading.Event
    taps_twice: bool = False
    references: list[str] = field(default_factory=list)
    silences: int = 0
    unanswered: int = 0
    gave_up: bool = False

    def run(self) -> None:
        """Books; who gets no answer for minutes gives up."""
        try:
            self.book()
        except requests.RequestException:
            self.gave_up = True

    def told(self) -> Told:
        """Returns what the patient met."""
        return Told(
            self.sender,
            tuple(self.references),
            self.silences,
            self.unanswered,
            self.gave_up,
        )

    def book(self) -> None:
        """Talks until a reference is told."""
        text = BEGIN
        for number in range(MOST_MESSAGES):
            if text == SEND:
                self.sending.set()
            replies = self.say(text)
            if self.references:
                if self.taps_twice:
                    self.say(SEND)
                return
            before, text = text, self.script.next(replies, text)
            if text == before:
                # As people do: wait a moment, try once more, then begin anew.
                time.sleep(0.3)
                text = BEGIN if number % 3 == 2 else text
        self.gave_up = True

    def say(self, text: str) -> list[dict[str, Any]]:
        """Sends one message until it is answered; notes what the answer holds."""
        body = {"sender": self.sender, "message": text}
        end, pause = time.monotonic() + LONGEST_WAIT_SECONDS, 0.2
        while True:
            try:
                answer = requests.post(self.url, json=body, timeout=30)
                answer.raise_for_status()
                replies: list[dict[str, Any]] = answer.json()
                break
            except requests.RequestException:
                self.unanswered += 1
                if time.monotonic() > end:
                    raise
                time.sleep(pause)
                pause = min(1.5 * pause, LONGEST_PAUSE_SECONDS)
        texts = [str(reply.get("text") or "") for reply in replies]
        self.silences += not any(texts)
        found = (r for text in texts for r in REFERENCE.findall(text))
        self.references += [r for r in found if read_reference(r)]
        return replies or [{}]


class Clerk:
    """Confirms requests in the console, each at a time of its own.

    Attributes:
        sending: set when a form is about to be sent.
    """

    def __init__(self, url: str, people: tuple[str, ...]) -> None:
        self.sending = threading.Event()
        self._url = url
        self._people = people
        self._browser = requests.Session()
        self._confirmed = 0

    def log_in(self, name: str, password: str) -> None:
        """Logs in as a browser does."""
        page = self._browser.get(f"{self._url}/login", timeout=30)
        form = {"name": name, "password": password, "csrf": TOKEN.findall(page.text)[0]}
        self._browser.post(f"{self._url}/login", form, timeout=30).raise_for_status()

    def confirm(self, request_id: int) -> bool:
        """Confirms one request; true if the console shows it confirmed in the end."""
        slot, self._confirmed = self._confirmed, self._confirmed + 1
        number, who = divmod(slot, len(self._people))
        day, hour = divmod(number, 24)
        form = {
            "practitioner": self._people[who],
            "day": (date.today() + timedelta(days=day + 2)).isoformat(),
            "time": f"{hour:02}:00",
            "minutes": "60",
            "outside": "1",
        }
        return self._until_done(lambda: self._try(request_id, form))

    def _try(self, request_id: int, form: dict[str, str]) -> bool:
        path = f"{self._url}/requests/{request_id}"
        page = self._browser.get(path, timeout=30)
        page.raise_for_status()
        version = VERSION.findall(page.text)[0]
        if version != "1":
            return True  # the attempt before had worked, only its answer was lost
        sent = {**form, "version": version, "csrf": TOKEN.findall(page.text)[0]}
        self.sending.set()
        answer = self._browser.post(f"{path}/confirm", sent, timeout=30)
        answer.raise_for_status()
        return "done=confirm" in answer.url

    def _until_done(self, attempt: Callable[[], bool]) -> bool:
        end = time.monotonic() + LONGEST_WAIT_SECONDS
        while time.monotonic() < end:
            try:
                if attempt():
                    return True
            except (requests.RequestException, IndexError):
                pass  # the console, or its database, was killed
            time.sleep(0.2)
        return False
