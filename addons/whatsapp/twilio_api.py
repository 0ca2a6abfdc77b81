"""Sends by Twilio."""

import json
from urllib.parse import urlencode

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from addons.whatsapp.incoming import Address
from addons.whatsapp.parts import Part
from addons.whatsapp.settings import TwilioSettings
from addons.whatsapp.twilio_webhook import PREFIX
from addons.whatsapp.verdicts import RETRY, SendError, twilio_verdict

LONGEST_WAIT_SECONDS = 10.0


class TwilioRoute:
    """Twilio's API, for one number of the business."""

    def __init__(self, settings: TwilioSettings) -> None:
        self._settings = settings
        http = TwilioHttpClient(timeout=LONGEST_WAIT_SECONDS)
        self._client = Client(
            settings.account_sid, settings.auth_token, http_client=http
        )
        self._client.api.base_url = settings.api_url

    def send(self, to: Address, part: Part, ref: str) -> None:
        """Sends one message.

        Raises:
            SendError: it was not taken.
        """
        options = {"body": part.text}
        if part.kind != "text":
            options = _content(part, self._settings.button_contents)
        try:
            self._client.messages.create(
                to=f"{PREFIX}{to.phone or to.user_id}",
                from_=f"{PREFIX}{self._settings.number}",
                status_callback=self._status_address(ref),
                **options,
            )
        except TwilioRestException as error:
            code, status = str(error.code or f"HTTP {error.status}"), error.status
            raise SendError(code, twilio_verdict(code, status)) from None
        except (TwilioException, requests.RequestException, ValueError) as error:
            raise SendError(type(error).__name__, RETRY) from None

    def mark_read(self, message_id: str) -> None:
        """Does nothing: Twilio has no such call for WhatsApp in general use."""

    def _status_address(self, ref: str) -> str:
        return f"{self._settings.webhook_url}/status?{urlencode({'ref': ref})}"


def _content(part: Part, button_contents: tuple[str, ...]) -> dict[str, str]:
    """Returns a content template and its values, numbered from 1."""
    if part.kind == "template":
        name, values = part.text, list(part.values)
    else:
        name = button_contents[len(part.choices) - 1]
        values = [part.text]
        for choice in part.choices:
            values += [choice.title, choice.payload]
    numbered = {str(number): value for number, value in enumerate(values, start=1)}
    return {"content_sid": name, "content_variables": json.dumps(numbered)}
