"""Tells another system that a request has changed: the reference only, and signed.

The headers are those of Standard Webhooks, so that its libraries verify them:
`webhook-id`, `webhook-timestamp` and `webhook-signature`, which is `v1,` and the
base64 of HMAC-SHA256 over `ID.TIMESTAMP.BODY`.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable

import requests

from records.delivery_settings import WebhookSettings
from records.errors import UndeliveredError
from records.outbox import Message

LONGEST_WAIT_SECONDS = 10
SECRET_PREFIX = "whsec_"  # noqa: S105  how the standard marks a base64 secret


class Webhook:
    """Posts to one address."""

    def __init__(
        self, settings: WebhookSettings, clock: Callable[[], float] = time.time
    ) -> None:
        self._settings = settings
        self._clock = clock

    def send(self, message: Message) -> bool:
        """Posts one message.

        Raises:
            UndeliveredError: the receiver has not taken it.
        """
        body = body_of(message)
        stamp = str(int(self._clock()))
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message.key,
            "webhook-timestamp": stamp,
            "webhook-signature": sign(self._settings.secret, message.key, stamp, body),
        }
        try:
            reply = requests.post(
                self._settings.url,
                data=body,
                headers=headers,
                timeout=LONGEST_WAIT_SECONDS,
                # A redirect could lead anywhere.
                allow_redirects=False,
                # Only headers are read: an endless body must not hold the worker.
                stream=True,
            )
            reply.close()
        except requests.RequestException as error:
            raise UndeliveredError(type(error).__name__) from None
        if not 200 <= reply.status_code < 300:
            raise UndeliveredError(f"answer {reply.status_code}")
        return True


def body_of(message: Message) -> bytes:
    """Returns what is posted; the same at every attempt."""
    body = {
        "type": f"appointment.{message.event}",
        "timestamp": message.created_at.isoformat(),
        "data": {"reference": message.reference},
    }
    return json.dumps(body, separators=(",", ":")).encode()


def sign(secret: str, message_id: str, stamp: str, body: bytes) -> str:
    """Returns the signature over id, time and body."""
    key = secret.encode()
    if secret.startswith(SECRET_PREFIX):
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{stamp}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()
