"""What Meta's Graph API refuses about a message: limits as published."""

import re
from collections.abc import Mapping
from typing import Any

from addons.whatsapp.cutting import size

PHONE = re.compile(r"\+?[1-9][0-9]{5,14}")
USER_ID = re.compile(r"[A-Z]{2}(\.ENT)?\.[A-Za-z0-9]{1,128}")
ENVELOPE = {
    "messaging_product", "recipient_type", "to", "recipient", "type", "context",
    "biz_opaque_callback_data", "text", "interactive", "template",
}  # fmt: skip
INVALID, MISSING, NO_TEMPLATE, PARAMETERS = 131009, 131008, 132001, 132000


class RefusedError(Exception):
    """A message breaks a rule."""

    def __init__(self, code: int, details: str) -> None:
        super().__init__(f"({code}) {details}")
        self.code = code
        self.details = details


def check(message: Mapping[str, Any], templates: Mapping[str, int]) -> str:
    """Returns whom a message is for.

    Args:
        message: the JSON body.
        templates: approved templates and how many values each takes.

    Raises:
        RefusedError: it breaks a rule.
    """
    _only(message, ENVELOPE, "message")
    if message.get("messaging_product") != "whatsapp":
        raise RefusedError(100, "messaging_product must be whatsapp")
    if message.get("recipient_type", "individual") != "individual":
        raise RefusedError(100, "recipient_type")
    ref = message.get("biz_opaque_callback_data", "")
    _text(ref, 512, "biz_opaque_callback_data", least=0)
    kind = message.get("type", "text")
    if kind == "text":
        _only(message.get("text"), {"body", "preview_url"}, "text")
        _text(message["text"].get("body"), 4096, "text.body")
    elif kind == "interactive":
        _interactive(message.get("interactive"))
    elif kind == "template":
        _template(message.get("template"), templates)
    else:
        raise RefusedError(100, f"type {kind}")
    return _recipient(message)


def _recipient(message: Mapping[str, Any]) -> str:
    to, recipient = message.get("to"), message.get("recipient")
    if to:
        if not PHONE.fullmatch(str(to)):
            raise RefusedError(INVALID, "to is no phone number")
        return str(to).removeprefix("+")
    if not recipient:
        raise RefusedError(MISSING, "to or recipient")
    if not USER_ID.fullmatch(str(recipient)):
        raise RefusedError(INVALID, "recipient is no user id")
    return str(recipient)


def _interactive(row: Any) -> None:
    _only(row, {"type", "body", "action", "header", "footer"}, "interactive")
    _only(row.get("body"), {"text"}, "interactive.body")
    _text(row["body"].get("text"), 1024, "interactive.body.text")
    if row.get("type") == "button":
        _buttons(row.get("action"))
    elif row.get("type") == "list":
        _list(row.get("action"))
    else:
        raise RefusedError(100, "interactive.type")


def _buttons(action: Any) -> None:
    _only(action, {"buttons"}, "action")
    buttons = action.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise RefusedError(INVALID, "1 to 3 buttons are allowed")
    for button in buttons:
        _only(button, {"type", "reply"}, "button")
        if button.get("type") != "reply":
            raise RefusedError(INVALID, "button.type must be reply")
        _only(button.get("reply"), {"id", "title"}, "button.reply")
        _text(button["reply"].get("id"), 256, "button.reply.id")
        _text(button["reply"].get("title"), 20, "button.reply.title")
    for name in ("id", "title"):
        _unique([button["reply"][name] for button in buttons], f"button {name}")


def _list(action: Any) -> None:
    _only(action, {"button", "sections"}, "action")
    _text(action.get("button"), 20, "action.button")
    sections = action.get("sections")
    if not isinstance(sections, list) or not 1 <= len(sections) <= 10:
        raise RefusedError(INVALID, "1 to 10 sections are allowed")
    rows = []
    for section in sections:
        _only(section, {"title", "rows"}, "section")
        if len(sections) > 1:
            _text(section.get("title"), 24, "section.title")
        if not isinstance(section.get("rows"), list):
            raise RefusedError(MISSING, "section.rows")
        rows += section["rows"]
    if not 1 <= len(rows) <= 10:
        raise RefusedError(INVALID, "1 to 10 rows are allowed in all")
    for row in rows:
        _only(row, {"id", "title", "description"}, "row")
        _text(row.get("id"), 200, "row.id")
        _text(row.get("title"), 24, "row.title")
        if "description" in row:
            _text(row["description"], 72, "row.description")
    _unique([row["id"] for row in rows], "row id")


def _template(row: Any, templates: Mapping[str, int]) -> None:
    _only(row, {"name", "language", "components"}, "template")
    name = str(row.get("name"))
    if name not in templates:
        raise RefusedError(NO_TEMPLATE, "the template does not exist")
    _only(row.get("language"), {"code", "policy"}, "template.language")
    values = [
        value
        for component in row.get("components") or []
        for value in component.get("parameters") or []
    ]
    if len(values) != templates[name]:
        raise RefusedError(PARAMETERS, "the number of values does not fit")
    for value in values:
        text = value.get("text")
        _text(text, 1024, "template value")
        if "\n" in text or "\t" in text or "    " in text:
            raise RefusedError(132018, "no line breaks in values")


def _only(row: Any, known: set[str], place: str) -> None:
    if not isinstance(row, Mapping):
        raise RefusedError(MISSING, place)
    if row.keys() - known:
        raise RefusedError(100, f"unknown keys in {place}")


def _text(text: Any, longest: int, place: str, *, least: int = 1) -> None:
    if not isinstance(text, str) or (least and not text.strip()):
        raise RefusedError(MISSING, place)
    if size(text) > longest:
        raise RefusedError(INVALID, f"{place} is longer than {longest}")


def _unique(values: list[str], place: str) -> None:
    if len(set(values)) < len(values):
        raise RefusedError(INVALID, f"{place} is there twice")
