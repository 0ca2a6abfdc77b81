"""Webhook bodies in the shapes that Meta publishes, for every kind of message."""

import itertools
import time
from typing import Any

PHONE_NUMBER_ID = "106540352242922"
BUSINESS = "27125550143"
ACCOUNT = "102290129340398"
_numbers = itertools.count(1)


def new_id() -> str:
    """Returns the id of a message that nobody has used."""
    return f"wamid.HBgLMjc4MjU1NTAxOTlVAgASGBQ{next(_numbers):08d}AA=="


def body(value: dict[str, Any], field: str = "messages") -> dict[str, Any]:
    """Wraps a value as the webhook brings it."""
    change = {"field": field, "value": value}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": ACCOUNT, "changes": [change]}],
    }


def value(**rows: Any) -> dict[str, Any]:
    """Returns a value of the field `messages` for the clinic's number."""
    metadata = {"display_phone_number": BUSINESS, "phone_number_id": PHONE_NUMBER_ID}
    return {"messaging_product": "whatsapp", "metadata": metadata, **rows}


class Person:
    """Somebody with WhatsApp.

    Args:
        wa_id: the number without the plus; "" hides it, as with a username.
        user_id: who it is for this business.
    """

    def __init__(self, wa_id: str = "27825550199", user_id: str = "ZA.1102") -> None:
        self.wa_id = wa_id
        self.user_id = user_id

    def contact(self) -> dict[str, Any]:
        """Returns what stands under `contacts`."""
        row: dict[str, Any] = {"profile": {"name": "Thandi"}}
        if self.user_id:
            row["user_id"] = self.user_id
        if self.wa_id:
            row["wa_id"] = self.wa_id
        return row

    def row(
        self, kind: str, *, id: str = "", at: float = 0, **more: Any
    ) -> dict[str, Any]:
        """Returns a row of `messages`."""
        stamp = str(int(at or time.time()))
        row = {"id": id or new_id(), "timestamp": stamp, "type": kind, **more}
        if self.wa_id:
            row["from"] = self.wa_id
        if self.user_id:
            row["from_user_id"] = self.user_id
        return row

    def says(self, text: str, **more: Any) -> dict[str, Any]:
        """Returns the webhook of a text."""
        return self.sends(self.row("text", text={"body": text}, **more))

    def taps(
        self, payload: str, title: str = "x", *, kind: str = "button_reply"
    ) -> dict[str, Any]:
        """Returns the webhook of a tapped button, or of a row of a list."""
        tapped = {"id": payload, "title": title}
        interactive: dict[str, Any] = {"type": kind, kind: tapped}
        if kind == "list_reply":
            interactive[kind]["description"] = "More about it"
        context = {"from": BUSINESS, "id": "wamid.earlier"}
        return self.sends(
            self.row("interactive", interactive=interactive, context=context)
        )

    def sends(self, *rows: dict[str, Any]) -> dict[str, Any]:
        """Returns the webhook of these messages."""
        return body(value(contacts=[self.contact()], messages=list(rows)))


MEDIA = {"mime_type": "image/jpeg", "sha256": "81d3bd8a", "id": "2754859441498128"}


def every_kind(person: Person) -> dict[str, dict[str, Any]]:
    """Returns one row of `messages` of each kind."""
    row = person.row
    return {
        "text": row("text", text={"body": "is it a spasm or a strain"}),
        "button": row("button", button={"payload": "button:book", "text": "Book"}),
        "interactive": row(
            "interactive",
            interactive={
                "type": "button_reply",
                "button_reply": {"id": "button:book", "title": "Book"},
            },
        ),
        "list": row(
            "interactive",
            interactive={
                "type": "list_reply",
                "list_reply": {"id": "button:none", "title": "None of these"},
            },
        ),
        "flow": row(
            "interactive",
            interactive={
                "type": "nfm_reply",
                "nfm_reply": {"name": "flow", "body": "Sent", "response_json": "{}"},
            },
        ),
        "image": row("image", image=MEDIA),
        "captioned": row("image", image={**MEDIA, "caption": "is this a strain?"}),
        "audio": row("audio", audio={**MEDIA, "voice": True}),
        "video": row("video", video=MEDIA),
        "document": row("document", document={**MEDIA, "filename": "scan.pdf"}),
        "sticker": row("sticker", sticker={**MEDIA, "animated": False}),
        "location": row("location", location={"latitude": -25.7, "longitude": 28.2}),
        "contacts": row(
            "contacts",
            contacts=[
                {"name": {"formatted_name": "A B"}, "phones": [{"phone": "+2712555"}]}
            ],
        ),
        "reaction": row(
            "reaction", reaction={"message_id": "wamid.earlier", "emoji": "👍"}
        ),
        "unsupported": row(
            "unsupported",
            errors=[{"code": 131051, "title": "Message type is not supported"}],
        ),
        "order": row("order", order={"catalog_id": "1", "product_items": []}),
        "edit": row(
            "edit",
            edit={
                "original_message_id": "wamid.earlier",
                "message": {"type": "text", "text": {"body": "I mean my neck"}},
            },
        ),
        "revoke": row("revoke", revoke={"original_message_id": "wamid.earlier"}),
        "system": row(
            "system",
            system={
                "body": "changed",
                "type": "user_changed_number",
                "wa_id": "27825550100",
                "user_id": "ZA.2203",
            },
        ),
    }


def failed(ref: str, code: int = 131026) -> dict[str, Any]:
    """Returns the webhook that tells that a message of ours did not arrive."""
    row = {
        "id": "wamid.ours",
        "status": "failed",
        "timestamp": str(int(time.time())),
        "recipient_user_id": "ZA.1102",
        "errors": [{"code": code, "title": "x", "error_data": {"details": "x"}}],
        "biz_opaque_callback_data": ref,
    }
    return body(value(statuses=[row]))


def delivered(ref: str, state: str = "delivered") -> dict[str, Any]:
    """Returns the webhook that tells that a message of ours was sent, or read."""
    row = {"id": "wamid.ours", "status": state, "biz_opaque_callback_data": ref}
    return body(value(statuses=[row]))
