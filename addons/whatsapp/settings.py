"""How WhatsApp is reached: read from the environment only."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

META_URL = "https://graph.facebook.com/v26.0"
TWILIO_URL = "https://api.twilio.com"
NUMBER = re.compile(r"\+[1-9][0-9]{5,14}")
SHORTEST_VERIFY_TOKEN = 16


class WhatsAppSettingsError(Exception):
    """A setting of WhatsApp is missing or cannot be used."""


@dataclass(frozen=True)
class MetaSettings:
    """Meta's Cloud API."""

    phone_number_id: str
    token: str = field(repr=False)
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    api_url: str = META_URL


@dataclass(frozen=True)
class TwilioSettings:
    """Twilio.

    Attributes:
        webhook_url: the public address that Twilio calls; it is part of the signature.
        button_contents: content templates with one, two and three buttons.
    """

    account_sid: str
    number: str
    webhook_url: str
    auth_token: str = field(repr=False)
    button_contents: tuple[str, ...] = ()
    api_url: str = TWILIO_URL


def meta_settings(environment: Mapping[str, str]) -> MetaSettings | None:
    """Returns the settings of Meta's route; None without CLINIC_WHATSAPP_PHONE_ID.

    Raises:
        WhatsAppSettingsError: one of them is missing or cannot be used.
    """
    phone_id = environment.get("CLINIC_WHATSAPP_PHONE_ID", "")
    if not phone_id:
        return None
    settings = MetaSettings(
        phone_number_id=phone_id,
        token=_required(environment, "CLINIC_WHATSAPP_TOKEN"),
        app_secret=_required(environment, "CLINIC_WHATSAPP_APP_SECRET"),
        verify_token=_required(environment, "CLINIC_WHATSAPP_VERIFY_TOKEN"),
        api_url=_address(environment, "CLINIC_WHATSAPP_API_URL", META_URL),
    )
    if not phone_id.isdigit():
        raise WhatsAppSettingsError(
            "CLINIC_WHATSAPP_PHONE_ID is not a number. Copy the phone number ID, not "
            "the phone number, from Meta's page API Setup."
        )
    if len(settings.verify_token) < SHORTEST_VERIFY_TOKEN:
        raise WhatsAppSettingsError(
            f"CLINIC_WHATSAPP_VERIFY_TOKEN has fewer than {SHORTEST_VERIFY_TOKEN} "
            "signs. Make one with: openssl rand -hex 24"
        )
    return settings


def twilio_settings(environment: Mapping[str, str]) -> TwilioSettings | None:
    """Returns the settings of Twilio's route; None without CLINIC_TWILIO_ACCOUNT_SID.

    Raises:
        WhatsAppSettingsError: one of them is missing or cannot be used.
    """
    account = environment.get("CLINIC_TWILIO_ACCOUNT_SID", "")
    if not account:
        return None
    number = _required(environment, "CLINIC_TWILIO_NUMBER")
    if not NUMBER.fullmatch(number):
        raise WhatsAppSettingsError(
            "CLINIC_TWILIO_NUMBER is not in the form +27825550142. Correct it."
        )
    contents = environment.get("CLINIC_TWILIO_BUTTON_CONTENTS", "").replace(",", " ")
    return TwilioSettings(
        account_sid=account,
        auth_token=_required(environment, "CLINIC_TWILIO_AUTH_TOKEN"),
        number=number,
        webhook_url=_address(environment, "CLINIC_TWILIO_WEBHOOK_URL", ""),
        button_contents=tuple(contents.split()[:3]),
        api_url=_address(environment, "CLINIC_TWILIO_API_URL", TWILIO_URL),
    )


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise WhatsAppSettingsError(
            f"{name} is empty. docs/whatsapp.md says where it is found."
        )
    return value


def _address(environment: Mapping[str, str], name: str, default: str) -> str:
    value = environment.get(name, "") or default
    if not value.startswith(("https://", "http://")):
        raise WhatsAppSettingsError(f"{name} is no address. Write https://HOST/PATH.")
    return value.rstrip("/")
