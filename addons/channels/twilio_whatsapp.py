"""Channel: WhatsApp by Twilio."""

import os
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, text
from twilio.request_validator import RequestValidator

from addons.channels.replies import Handler
from addons.channels.whatsapp_base import (
    HEADERS,
    LARGEST_BODY,
    WhatsAppChannel,
    refused,
)
from addons.whatsapp import twilio_webhook
from addons.whatsapp.parts import TWILIO
from addons.whatsapp.settings import (
    TwilioSettings,
    WhatsAppSettingsError,
    twilio_settings,
)
from addons.whatsapp.twilio_api import TwilioRoute

MOST_FIELDS = 200
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


class TwilioWhatsAppInput(WhatsAppChannel):
    """`/webhooks/twilio_whatsapp/webhook`; docs/whatsapp.md says what to click."""

    @classmethod
    def name(cls) -> str:
        """Part of the channel's address."""
        return "twilio_whatsapp"

    @classmethod
    def from_credentials(
        cls, credentials: dict[str, Any] | None
    ) -> "TwilioWhatsAppInput":
        """Reads secrets from the environment, and the rest from credentials.yml.

        Raises:
            WhatsAppSettingsError: a setting is missing or cannot be used.
        """
        settings = twilio_settings(os.environ)
        if settings is None:
            raise WhatsAppSettingsError(
                "credentials.yml names the Twilio channel, but "
                "CLINIC_TWILIO_ACCOUNT_SID is empty. docs/whatsapp.md says what to set."
            )
        return cls(settings, **(credentials or {}))

    def __init__(self, settings: TwilioSettings, **options: Any) -> None:
        limits = replace(TWILIO, buttons=len(settings.button_contents))
        super().__init__(TwilioRoute(settings), limits, **options)
        self._settings = settings
        self._validator = RequestValidator(settings.auth_token)

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """Returns the routes of the channel."""
        routes, settings = self.routes(on_new_message), self._settings

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            form = self._signed_form(request, settings.webhook_url)
            if form is None:
                return refused(403)
            if not await self.take(twilio_webhook.read(form, settings.number)):
                return refused(503)
            return text(NOTHING_TO_SAY, headers=HEADERS, content_type="text/xml")

        @routes.post("/webhook/status")
        async def status(request: Request) -> HTTPResponse:
            address = f"{settings.webhook_url}/status?{request.query_string}"
            form = self._signed_form(request, address)
            if form is None:
                return refused(403)
            ref = request.args.get("ref") or ""
            done = await self.take(twilio_webhook.read_status(form, ref))
            return refused(204 if done else 503)

        return routes

    def _signed_form(self, request: Request, address: str) -> dict[str, str] | None:
        """Returns the fields of a form that Twilio has signed, or None."""
        body: bytes = request.body
        if len(body) > LARGEST_BODY:
            return None
        try:
            # Empty fields too: they are signed like the others.
            pairs = parse_qsl(
                body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS
            )
        except ValueError:
            return None
        form = dict(pairs)
        signature = request.headers.get("X-Twilio-Signature") or ""
        signed = self._validator.validate(address, form, signature)
        return form if signed else None
