"""A stand-in for Meta's Graph API, as strict as its published limits."""

import hashlib
import hmac
import itertools
import json
import threading
import time
from collections import deque
from typing import Any

import requests

from tests.standins.graph_rules import RefusedError, check
from tests.standins.payloads import PHONE_NUMBER_ID, Person
from tests.standins.server import Answer, StandIn

TOKEN = "a-token-of-the-test"
APP_SECRET = "an-app-secret-of-the-test"
VERIFY_TOKEN = "a-verify-token-of-the-test"
WINDOW_SECONDS = 24 * 3600
# To one person: so many at once, then one every six seconds.
BURST, SECONDS_EACH = 45, 6.0
SCRIPTED_STATUS = {190: 401, 10: 403, 130429: 429, 131016: 503, 131000: 500}


class Graph:
    """Takes messages of the business, and posts those of patients to a webhook.

    Attributes:
        sent: messages that were taken, in order.
        read: ids that were marked as read.
        refused: codes that were given, in order.
        failures: codes to give first, one a message; 0 lets one through.
        templates: approved templates and how many values each takes.
        per_second: how many messages it takes in a second.
    """

    def __init__(self, webhook: str = "", version: str = "v26.0") -> None:
        self.webhook = webhook
        self.sent: list[dict[str, Any]] = []
        self.read: list[str] = []
        self.refused: list[int] = []
        self.failures: deque[int] = deque()
        self.templates: dict[str, int] = {}
        self.per_second = 80
        self.clock = time.time
        self._written: dict[str, float] = {}
        self._allowance: dict[str, tuple[float, float]] = {}
        self._recent: deque[float] = deque()
        self._delivered: set[str] = set()
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._version = version
        self._server = StandIn(self._answer)

    @property
    def url(self) -> str:
        """Returns the address of the API, with its version."""
        return f"{self._server.url}/{self._version}"

    def close(self) -> None:
        """Ends it."""
        self._server.close()

    def deliver(self, body: dict[str, Any], *, secret: str = APP_SECRET) -> int:
        """Posts to the webhook as Meta does; returns the status, 0 for no answer."""
        self.note(body)
        raw = json.dumps(body).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": signature(raw, secret),
        }
        try:
            reply = requests.post(self.webhook, raw, headers=headers, timeout=20)
        except requests.RequestException:
            return 0
        return reply.status_code

    def note(self, body: dict[str, Any]) -> None:
        """Opens the windows of those who write."""
        for entry in body.get("entry", ()):
            for change in entry["changes"]:
                contacts = change["value"].get("contacts", ())
                for message in change["value"].get("messages", ()):
                    self._delivered.add(message["id"])
                    for contact in contacts:
                        self.open_window(contact.get("wa_id"), contact.get("user_id"))

    def open_window(self, *names: str | None) -> None:
        """Lets these people be written to for a day."""
        with self._lock:
            self._written |= {name: self.clock() for name in names if name}

    def texts(self, person: Person | None = None) -> list[str]:
        """Returns the bodies of what was sent, to one person or to all."""
        mine = {person.wa_id, person.user_id} if person else None
        return [
            body_of(message)
            for message in list(self.sent)
            if mine is None or _to(message) in mine
        ]

    def wait_for(self, count: int, *, seconds: float = 20.0) -> list[dict[str, Any]]:
        """Waits until so many messages were sent in all."""
        end = time.monotonic() + seconds
        while len(self.sent) < count:
            if time.monotonic() > end:
                raise TimeoutError(f"{len(self.sent)} of {count}: {self.texts()}")
            time.sleep(0.02)
        return self.sent[:count]

    def _answer(self, path: str, headers: Any, raw: bytes) -> Answer:
        with self._lock:
            try:
                return 200, self._take(path, headers, raw)
            except RefusedError as error:
                self.refused.append(error.code)
                status = SCRIPTED_STATUS.get(error.code, 400)
                return status, {
                    "error": {
                        "message": f"(#{error.code}) {error.details}",
                        "type": "OAuthException",
                        "code": error.code,
                        "error_data": {
                            "messaging_product": "whatsapp",
                            "details": error.details,
                        },
                        "fbtrace_id": "A1",
                    }
                }

    def _take(self, path: str, headers: Any, raw: bytes) -> dict[str, Any]:
        if path != f"/{self._version}/{PHONE_NUMBER_ID}/messages":
            raise RefusedError(33, "no such object")
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            raise RefusedError(190, "the token is wrong")
        try:
            message = json.loads(raw)
        except ValueError:
            raise RefusedError(100, "no JSON") from None
        if message.get("status") == "read":
            return self._mark(message)
        if self.failures and (code := self.failures.popleft()):
            raise RefusedError(code, "scripted")
        to = check(message, self.templates)
        now = self.clock()
        is_open = now - self._written.get(to, 0) < WINDOW_SECONDS
        if message.get("type") != "template" and not is_open:
            raise RefusedError(131047, "more than 24 hours have passed")
        self._count(to, now)
        self.sent.append(message)
        key = "wa_id" if message.get("to") else "user_id"
        wamid = f"wamid.ours{next(self._numbers)}"
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": to, key: to}],
            "messages": [{"id": wamid}],
        }

    def _mark(self, message: dict[str, Any]) -> dict[str, Any]:
        known = {"messaging_product", "status", "message_id", "typing_indicator"}
        if message.keys() - known or message.get("message_id") not in self._delivered:
            raise RefusedError(131009, "no such message")
        if message.get("typing_indicator", {"type": "text"}) != {"type": "text"}:
            raise RefusedError(100, "typing_indicator")
        self.read.append(message["message_id"])
        return {"success": True}

    def _count(self, to: str, now: float) -> None:
        while self._recent and now - self._recent[0] > 1:
            self._recent.popleft()
        if len(self._recent) >= self.per_second:
            raise RefusedError(130429, "too many messages in a second")
        left, at = self._allowance.get(to, (float(BURST), now))
        left = min(float(BURST), left + (now - at) / SECONDS_EACH)
        if left < 1:
            raise RefusedError(131056, "too many messages to one person")
        self._allowance[to] = (left - 1, now)
        self._recent.append(now)


def signature(raw: bytes, secret: str = APP_SECRET) -> str:
    """Returns the header that Meta signs with."""
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def body_of(message: dict[str, Any]) -> str:
    """Returns what a patient reads of a message."""
    if message["type"] == "text":
        return str(message["text"]["body"])
    if message["type"] == "template":
        return str(message["template"]["name"])
    return str(message["interactive"]["body"]["text"])


def choices_of(message: dict[str, Any]) -> dict[str, str]:
    """Returns titles and payloads of what a patient can tap."""
    action = message.get("interactive", {}).get("action", {})
    rows = [button["reply"] for button in action.get("buttons", ())]
    for section in action.get("sections", ()):
        rows += section["rows"]
    return {row.get("description") or row["title"]: row["id"] for row in rows}


def _to(message: dict[str, Any]) -> str:
    return str(message.get("to") or message.get("recipient")).removeprefix("+")
