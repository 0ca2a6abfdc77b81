"""Reads what Meta's Cloud API posts; any JSON is taken, and nothing raises."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from addons.whatsapp import incoming
from addons.whatsapp.incoming import Address, Delivery, Failure, Incoming, Renamed

PREFIX = "sha256="
LONGEST_ID = 512
# Things without words, by Meta's name; a caption among them is read.
HOLDS = {
    "image": incoming.PICTURE,
    "sticker": incoming.STICKER,
    "video": incoming.FILE,
    "document": incoming.FILE,
    "audio": incoming.VOICE,
    "voice": incoming.VOICE,
    "location": incoming.LOCATION,
    "contacts": incoming.CONTACT,
}
# They are heard and need no answer.
SILENT = ("reaction", "system")
# Of the message that is edited or taken back.
ORIGINAL = "original_message_id"
TEMPLATE_STATES = ("REJECTED", "PAUSED", "DISABLED", "FLAGGED")
ACCOUNT_EVENTS = (
    "ACCOUNT_DELETED", "ACCOUNT_OFFBOARDED", "ACCOUNT_RESTRICTION",
    "ACCOUNT_VIOLATION", "DISABLED_UPDATE",
)  # fmt: skip


def is_signed(body: bytes, header: str | None, secret: str) -> bool:
    """Says whether a body comes from who knows the app's secret."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    given = (header or "").encode("utf-8", "replace")
    return hmac.compare_digest((PREFIX + digest).encode(), given)


def read(body: bytes, phone_number_id: str) -> Delivery | None:
    """Returns what a body brings for one of the business's numbers.

    None means that it is no JSON object of WhatsApp at all.
    """
    try:
        tree = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(tree, dict) or tree.get("object") != "whatsapp_business_account":
        return None
    messages: list[Incoming] = []
    failures: list[Failure] = []
    renamed: list[Renamed] = []
    for field, value in _values(tree):
        if field != "messages":
            failures += _account_failures(field, value)
            continue
        if _text(_map(value, "metadata"), "phone_number_id") != phone_number_id:
            continue
        senders = _senders(value)
        for row in _maps(value, "messages"):
            renamed += _renamed(row)
            message = _message(row, senders)
            if message:
                messages.append(message)
        failures += [f for row in _maps(value, "statuses") for f in _failed(row)]
        failures += [Failure(_code(row)) for row in _maps(value, "errors")]
    return Delivery(tuple(messages), tuple(failures), tuple(renamed))


def _values(tree: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for entry in _maps(tree, "entry"):
        for change in _maps(entry, "changes"):
            yield _text(change, "field"), _map(change, "value")


def _senders(value: Mapping[str, Any]) -> list[Address]:
    return [
        Address(_text(row, "user_id"), _phone(_text(row, "wa_id")))
        for row in _maps(value, "contacts")
    ]


def _sender(row: Mapping[str, Any], contacts: list[Address]) -> Address:
    """Returns who wrote a message; `contacts` fills in what the message lacks."""
    user_id, phone = _text(row, "from_user_id"), _phone(_text(row, "from"))
    for contact in contacts:
        same = {user_id, phone} & {contact.user_id, contact.phone} - {""}
        if same or len(contacts) == 1 and not (user_id or phone):
            return Address(user_id or contact.user_id, phone or contact.phone)
    return Address(user_id, phone)


def _message(row: Mapping[str, Any], contacts: list[Address]) -> Incoming | None:
    sender, message_id = _sender(row, contacts), _text(row, "id")
    # What is said in a group is not for a clinic to answer there.
    if not sender.name or not message_id or _text(row, "group_id"):
        return None
    kind, text, holds, about = _content(row, _text(row, "type"))
    return Incoming(message_id, sender, _moment(row), kind, text, holds, about)


def _content(row: Mapping[str, Any], name: str) -> tuple[str, str, str, str]:
    """Returns kind, text, what cannot be read, and the message that it is about."""
    about = _text(_map(row, "edit" if name == "edit" else "revoke"), ORIGINAL)
    if name == "edit":
        changed = _map(_map(row, "edit"), "message")
        inner = _text(changed, "type")
        # An edit of an edit would never end.
        return (*_content(changed, "" if inner == "edit" else inner)[:3], about)
    if name == "revoke":
        return incoming.REVOKED, "", "", about
    if name in SILENT:
        return incoming.SILENT, "", "", ""
    text, holds = _words(row, name).strip(), HOLDS.get(name, "")
    if text:
        return incoming.TEXT, text, holds, ""
    return incoming.MEDIA, "", holds or incoming.OTHER, ""


def _words(row: Mapping[str, Any], name: str) -> str:
    content = _map(row, name)
    if name == "text":
        return _text(content, "body")
    if name == "button":
        return _text(content, "payload") or _text(content, "text")
    if name == "interactive":
        for reply in ("button_reply", "list_reply"):
            tapped = _map(content, reply)
            if tapped:
                return _text(tapped, "id") or _text(tapped, "title")
    return _text(content, "caption")


def _failed(row: Mapping[str, Any]) -> Iterator[Failure]:
    if _text(row, "status") == "failed":
        errors = _maps(row, "errors")
        code = _code(errors[0]) if errors else "unknown"
        yield Failure(code, _text(row, "biz_opaque_callback_data"))


def _account_failures(field: str, value: Mapping[str, Any]) -> Iterator[Failure]:
    """Returns that a template was taken away, or that the account has a trouble."""
    event = _text(value, "event")
    if field == "message_template_status_update" and event in TEMPLATE_STATES:
        yield Failure(f"template {event.lower()}")
    if field == "account_update" and event in ACCOUNT_EVENTS:
        yield Failure(event.lower().replace("_", " "))


def _renamed(row: Mapping[str, Any]) -> Iterator[Renamed]:
    system = _map(row, "system")
    after = Address(_text(system, "user_id"), _phone(_text(system, "wa_id")))
    before = Address(_text(system, "previous_user_id"), _phone(_text(row, "from")))
    if _text(row, "type") == "system" and after.name and before.name:
        yield Renamed(before, after)


def _moment(row: Mapping[str, Any]) -> datetime | None:
    stamp = _text(row, "timestamp")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return None
    return datetime.fromtimestamp(int(stamp), timezone.utc)


def _phone(digits: str) -> str:
    digits = digits.removeprefix("+")
    is_number = digits.isascii() and digits.isdigit() and 5 < len(digits) < 16
    return f"+{digits}" if is_number else ""


def _code(row: Mapping[str, Any]) -> str:
    return str(row.get("code") or "unknown")[:40]


def _map(tree: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = tree.get(key)
    return found if isinstance(found, dict) else {}


def _maps(tree: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = tree.get(key)
    rows = found if isinstance(found, list) else []
    return [row for row in rows if isinstance(row, dict)]


def _text(tree: Mapping[str, Any], key: str) -> str:
    found = tree.get(key)
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    if not isinstance(found, str):
        return ""
    # Ids are cut, words are not: the desk itself limits those.
    return found if key in ("body", "caption") else found[:LONGEST_ID]
