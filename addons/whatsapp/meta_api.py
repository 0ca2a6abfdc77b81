"""Sends by Meta's Cloud API."""

from typing import Any, Protocol

import requests

from addons.whatsapp.cutting import shortened
from addons.whatsapp.incoming import Address
from addons.whatsapp.parts import META, Choice, Part
from addons.whatsapp.settings import MetaSettings
from addons.whatsapp.verdicts import RETRY, SendError, by_status, meta_verdict

LONGEST_WAIT_SECONDS = 10


class Route(Protocol):
    """A way to send; both block and are called in threads."""

    def send(self, to: Address, part: Part, ref: str) -> None:
        """Sends one message.

        Args:
            to: the patient.
            part: the message.
            ref: comes back when the message fails later.

        Raises:
            SendError: it was not taken.
        """

    def mark_read(self, message_id: str) -> None:
        """Shows the patient that the message is read and an answer is written."""


class MetaRoute:
    """The Cloud API, for one number of the business."""

    def __init__(self, settings: MetaSettings) -> None:
        self._settings = settings
        self._http = requests.Session()
        pool = requests.adapters.HTTPAdapter(pool_maxsize=16)
        self._http.mount(settings.api_url, pool)

    def send(self, to: Address, part: Part, ref: str) -> None:
        """Sends one message.

        Raises:
            SendError: it was not taken.
        """
        self._post(message(to, part, ref))

    def mark_read(self, message_id: str) -> None:
        """Shows the patient that the message is read and an answer is written."""
        self._post(
            {
                "messaging_product": "whatsapp",
                "status": "read",
                "message_id": message_id,
                "typing_indicator": {"type": "text"},
            }
        )

    def _post(self, body: dict[str, Any]) -> None:
        settings = self._settings
        try:
            answer = self._http.post(
                f"{settings.api_url}/{settings.phone_number_id}/messages",
                json=body,
                headers={"Authorization": f"Bearer {settings.token}"},
                timeout=LONGEST_WAIT_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise SendError(type(error).__name__, RETRY) from None
        if not 200 <= answer.status_code < 300:
            raise _error(answer)


def _error(answer: requests.Response) -> SendError:
    try:
        code = str(answer.json()["error"]["code"])
    except (ValueError, KeyError, TypeError):
        status = answer.status_code
        return SendError(f"HTTP {status}", by_status(status))
    return SendError(code, meta_verdict(code, answer.status_code))


def message(to: Address, part: Part, ref: str) -> dict[str, Any]:
    """Returns a message as the Graph API takes it."""
    # With the number, Meta goes on telling it; without, the user id must do.
    whom = {"to": to.phone} if to.phone else {"recipient": to.user_id}
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **whom,
        "biz_opaque_callback_data": ref,
        **_content(part),
    }


def _content(part: Part) -> dict[str, Any]:
    if part.kind == "template":
        values = [{"type": "text", "text": value} for value in part.values]
        body = [{"type": "body", "parameters": values}] if values else []
        return {
            "type": "template",
            "template": {
                "name": part.text,
                "language": {"code": part.language},
                "components": body,
            },
        }
    if part.kind == "text":
        return {"type": "text", "text": {"body": part.text, "preview_url": False}}
    interactive: dict[str, Any] = {"body": {"text": part.text}}
    if part.kind == "buttons":
        buttons = [
            {"type": "reply", "reply": {"id": c.payload, "title": c.title}}
            for c in part.choices
        ]
        interactive |= {"type": "button", "action": {"buttons": buttons}}
    else:
        rows = [_row(choice) for choice in part.choices]
        action = {"button": part.label, "sections": [{"rows": rows}]}
        interactive |= {"type": "list", "action": action}
    return {"type": "interactive", "interactive": interactive}


def _row(choice: Choice) -> dict[str, str]:
    row = {"id": choice.payload, "title": shortened(choice.title, META.row_title)}
    # A title that is too long stands whole below its beginning.
    if row["title"] != choice.title:
        row["description"] = choice.title
    return row
