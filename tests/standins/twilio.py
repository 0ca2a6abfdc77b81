"""A stand-in for Twilio's messaging API, as strict as its published limits."""

import base64
import itertools
import json
import re
import threading
import time
from collections import deque
from typing import Any
from urllib.parse import parse_qsl

import requests
from twilio.request_validator import RequestValidator

from tests.standins.server import Answer, StandIn

ACCOUNT = "AC" + "0" * 32
AUTH_TOKEN = "a-twilio-token-of-the-test"
NUMBER = "+27125550143"
PUBLIC_URL = "https://chat.clinic.example/webhooks/twilio_whatsapp/webhook"
WINDOW_SECONDS = 24 * 3600
ADDRESS = re.compile(r"whatsapp:(\+[1-9][0-9]{5,14}|[A-Z]{2}\.[A-Za-z0-9]{1,128})")
CONTENT = re.compile(r"HX[0-9a-f]{32}")
KNOWN = {"To", "From", "Body", "StatusCallback", "ContentSid", "ContentVariables"}


class RefusedError(Exception):
    """A message breaks a rule."""

    def __init__(self, code: int, status: int = 400) -> None:
        super().__init__(str(code))
        self.code = code
        self.status = status


class Twilio:
    """Takes messages of the business, and posts those of patients to a webhook.

    Attributes:
        sent: forms that were taken, in order.
        failures: (code, status) to give first, one a message.
        contents: content templates and how many values each takes.
    """

    def __init__(self, webhook: str = "") -> None:
        self.webhook = webhook
        self.sent: list[dict[str, str]] = []
        self.failures: deque[tuple[int, int]] = deque()
        self.contents: dict[str, int] = {}
        self._written: dict[str, float] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._server = StandIn(self._answer)

    @property
    def url(self) -> str:
        """Returns the address of the API."""
        return self._server.url

    def close(self) -> None:
        """Ends it."""
        self._server.close()

    def incoming(self, text: str = "", **more: str) -> dict[str, str]:
        """Returns the form of a patient's message."""
        number = next(self._numbers)
        return {
            "SmsMessageSid": f"SM{number:032x}",
            "MessageSid": f"SM{number:032x}",
            "AccountSid": ACCOUNT,
            "From": "whatsapp:+27825550199",
            "To": f"whatsapp:{NUMBER}",
            "WaId": "27825550199",
            "ProfileName": "Thandi",
            "NumMedia": "0",
            "NumSegments": "1",
            "MessageType": "text",
            "SmsStatus": "received",
            "Body": text,
            **more,
        }

    def deliver(
        self,
        form: dict[str, str],
        *,
        token: str = AUTH_TOKEN,
        path: str = "",
        query: str = "",
    ) -> int:
        """Posts to the webhook as Twilio does; returns the status."""
        self._written[form.get("From", "")] = time.time()
        public = f"{PUBLIC_URL}{path}{query}"
        headers = {
            "X-Twilio-Signature": RequestValidator(token).compute_signature(
                public, form
            )
        }
        address = f"{self.webhook}{path}{query}"
        reply = requests.post(address, form, headers=headers, timeout=20)
        return reply.status_code

    def texts(self) -> list[str]:
        """Returns the bodies of what was sent."""
        return [form.get("Body") or form["ContentVariables"] for form in self.sent]

    def _answer(self, path: str, headers: Any, raw: bytes) -> Answer:
        with self._lock:
            try:
                return 201, self._take(path, headers, raw)
            except RefusedError as error:
                row = {"code": error.code, "message": "x", "status": error.status}
                return error.status, row

    def _take(self, path: str, headers: Any, raw: bytes) -> dict[str, Any]:
        whole = base64.b64encode(f"{ACCOUNT}:{AUTH_TOKEN}".encode()).decode()
        if headers.get("Authorization") != f"Basic {whole}":
            raise RefusedError(20003, 401)
        if path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            raise RefusedError(20404, 404)
        if self.failures:
            raise RefusedError(*self.failures.popleft())
        form = dict(parse_qsl(raw.decode(), keep_blank_values=True))
        if form.keys() - KNOWN:
            raise RefusedError(20001)
        if not ADDRESS.fullmatch(form.get("To", "")):
            raise RefusedError(21211)
        if form.get("From") != f"whatsapp:{NUMBER}":
            raise RefusedError(63007)
        content = form.get("ContentSid")
        is_open = time.time() - self._written.get(form["To"], 0) < WINDOW_SECONDS
        if content:
            self._check_content(content, form)
        elif not is_open:
            raise RefusedError(63016)
        elif not form.get("Body"):
            raise RefusedError(21619)
        elif len(form["Body"]) > 1600:
            raise RefusedError(21617)
        self.sent.append(form)
        return {"sid": f"SM{next(self._numbers):032x}", "status": "queued"}

    def _check_content(self, content: str, form: dict[str, str]) -> None:
        if not CONTENT.fullmatch(content) or content not in self.contents:
            raise RefusedError(63027)
        if form.get("Body"):
            raise RefusedError(21620)
        values = json.loads(form.get("ContentVariables", "{}"))
        if len(values) != self.contents[content]:
            raise RefusedError(21656)
        if len(values.get("1", "")) > 1024:
            raise RefusedError(63021)
