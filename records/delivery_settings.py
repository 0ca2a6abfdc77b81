"""How messages leave the clinic: read from the environment only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from records.errors import SettingsError
from records.requests import EMAIL

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
SHORTEST_SECRET = 16


@dataclass(frozen=True)
class SmtpSettings:
    """A mail server, and the clinic's own addresses.

    Attributes:
        scheme: `smtp` (not encrypted), `smtp+starttls` or `smtps`.
        clinic: where the clinic reads; empty to send it nothing.
    """

    scheme: str
    host: str
    port: int
    sender: str
    clinic: str = ""
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class WebhookSettings:
    """Who is told the reference of what has changed."""

    url: str
    secret: str = field(repr=False)


def smtp_settings(environment: Mapping[str, str]) -> SmtpSettings | None:
    """Reads CLINIC_SMTP_URL, CLINIC_MAIL_FROM, CLINIC_MAIL_TO; None without the first.

    Raises:
        SettingsError: one of them cannot be used.
    """
    url = environment.get("CLINIC_SMTP_URL", "")
    if not url:
        return None
    # The address itself is never repeated: it may hold a password.
    wrong = SettingsError(
        "CLINIC_SMTP_URL cannot be read. Write smtps://USER:PASSWORD@HOST, "
        "smtp+starttls://USER:PASSWORD@HOST:587 or smtp://HOST:25."
    )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise wrong
    if parts.username and parts.scheme == "smtp":
        raise SettingsError(
            "CLINIC_SMTP_URL would send a password unencrypted. Write smtps:// or "
            "smtp+starttls:// instead of smtp://."
        )
    return SmtpSettings(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        sender=_address(environment, "CLINIC_MAIL_FROM", required=True),
        clinic=_address(environment, "CLINIC_MAIL_TO"),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def webhook_settings(environment: Mapping[str, str]) -> WebhookSettings | None:
    """Reads CLINIC_WEBHOOK_URL and CLINIC_WEBHOOK_SECRET; None without the first.

    Raises:
        SettingsError: one of them cannot be used.
    """
    url = environment.get("CLINIC_WEBHOOK_URL", "")
    if not url:
        return None
    if not url.startswith(("https://", "http://")):
        raise SettingsError(
            "CLINIC_WEBHOOK_URL is no address. Write https://HOST/PATH."
        )
    secret = environment.get("CLINIC_WEBHOOK_SECRET", "")
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(
            f"CLINIC_WEBHOOK_SECRET has fewer than {SHORTEST_SECRET} signs. Make one "
            "with: openssl rand -base64 32"
        )
    return WebhookSettings(url, secret)


def _address(
    environment: Mapping[str, str], name: str, *, required: bool = False
) -> str:
    value = environment.get(name, "")
    if (required or value) and not EMAIL.fullmatch(value):
        raise SettingsError(
            f"{name} is not an e-mail address. Write it as desk@clinic.example."
        )
    return value
