"""Reads what Twilio posts as a form, once its signature is checked."""

import re
from collections.abc import Mapping

from addons.whatsapp import incoming
from addons.whatsapp.incoming import Address, Delivery, Failure, Incoming

PREFIX = "whatsapp:"
PHONE = re.compile(r"\+[1-9][0-9]{5,14}")
USER_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,130}")
# The first half of a media type -> what cannot be read.
HOLDS = {
    "audio": incoming.VOICE,
    "image": incoming.PICTURE,
    "video": incoming.FILE,
    "application": incoming.FILE,
    "text": incoming.CONTACT,
}
FAILED = ("failed", "undelivered")


def read(form: Mapping[str, str], number: str) -> Delivery:
    """Returns what a form brings for one of the business's numbers."""
    if form.get("MessageStatus"):
        return Delivery()
    sender, message_id = _sender(form), form.get("MessageSid", "")[:64]
    is_ours = form.get("To", "").removeprefix(PREFIX) == number
    if not (sender.name and message_id and is_ours):
        return Delivery()
    text, holds = _words(form).strip(), _holds(form)
    kind = incoming.TEXT if text else incoming.MEDIA
    if not text and form.get("MessageType") == "reaction":
        kind = incoming.SILENT
    if kind == incoming.MEDIA:
        holds = holds or incoming.OTHER
    return Delivery((Incoming(message_id, sender, None, kind, text, holds),))


def read_status(form: Mapping[str, str], ref: str) -> Delivery:
    """Returns that one of our messages has failed, or nothing.

    Args:
        form: what Twilio says of the message.
        ref: what we called it.
    """
    if form.get("MessageStatus") not in FAILED:
        return Delivery()
    code = (form.get("ErrorCode") or "unknown")[:40]
    return Delivery(failures=(Failure(code, ref[:80]),))


def _sender(form: Mapping[str, str]) -> Address:
    given = form.get("From", "").removeprefix(PREFIX)
    hidden = form.get("ExternalUserId", "").removeprefix(PREFIX)
    user_id = next((x for x in (hidden, given) if USER_ID.fullmatch(x)), "")
    return Address(user_id, given if PHONE.fullmatch(given) else "")


def _words(form: Mapping[str, str]) -> str:
    for name in ("ButtonPayload", "ListId", "Body", "ButtonText"):
        if form.get(name):
            return form[name]
    return ""


def _holds(form: Mapping[str, str]) -> str:
    if form.get("Latitude") and form.get("Longitude"):
        return incoming.LOCATION
    if form.get("NumMedia", "0") in ("", "0"):
        return ""
    kind = form.get("MediaContentType0", "").lower()
    if kind == "image/webp":
        return incoming.STICKER
    return HOLDS.get(kind.partition("/")[0], incoming.FILE)
