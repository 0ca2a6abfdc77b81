"""Channel: WhatsApp by Meta's Cloud API."""

import hmac
import os
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, text

from addons.channels.replies import Handler
from addons.channels.whatsapp_base import (
    HEADERS,
    LARGEST_BODY,
    WhatsAppChannel,
    refused,
)
from addons.whatsapp import meta_webhook
from addons.whatsapp.meta_api import MetaRoute
from addons.whatsapp.parts import META
from addons.whatsapp.settings import MetaSettings, WhatsAppSettingsError, meta_settings

LONGEST_CHALLENGE = 100


class WhatsAppInput(WhatsAppChannel):
    """`/webhooks/whatsapp/webhook`; docs/whatsapp.md says what to click at Meta."""

    @classmethod
    def name(cls) -> str:
        """Part of the channel's address."""
        return "whatsapp"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "WhatsAppInput":
        """Reads secrets from the environment, and the rest from credentials.yml.

        Raises:
            WhatsAppSettingsError: a setting is missing or cannot be used.
        """
        settings = meta_settings(os.environ)
        if settings is None:
            raise WhatsAppSettingsError(
                "credentials.yml names the WhatsApp channel, but "
                "CLINIC_WHATSAPP_PHONE_ID is empty. docs/whatsapp.md says what to set."
            )
        return cls(settings, **(credentials or {}))

    def __init__(self, settings: MetaSettings, **options: Any) -> None:
        super().__init__(MetaRoute(settings), META, **options)
        self._settings = settings

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """Returns the routes of the channel."""
        routes, settings = self.routes(on_new_message), self._settings

        @routes.get("/webhook")
        async def verify(request: Request) -> HTTPResponse:
            args = request.args
            token = (args.get("hub.verify_token") or "").encode("utf-8", "replace")
            challenge = args.get("hub.challenge") or ""
            is_right = hmac.compare_digest(token, settings.verify_token.encode())
            if (
                not is_right
                or args.get("hub.mode") != "subscribe"
                or not 0 < len(challenge) <= LONGEST_CHALLENGE
            ):
                return refused(403)
            return text(challenge, headers=HEADERS)

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            body: bytes = request.body
            if len(body) > LARGEST_BODY:
                return refused(413)
            signature = request.headers.get("X-Hub-Signature-256")
            if not meta_webhook.is_signed(body, signature, settings.app_secret):
                return refused(403)
            delivery = meta_webhook.read(body, settings.phone_number_id)
            if delivery is None:
                return refused(400)
            return refused(200) if await self.take(delivery) else refused(503)

        return routes
