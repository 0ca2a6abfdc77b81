"""Tells patients by WhatsApp what staff have answered."""

from collections.abc import Callable, Mapping
from datetime import datetime

from addons.whatsapp.cutting import shortened
from addons.whatsapp.meta_api import MetaRoute, Route
from addons.whatsapp.parts import Part
from addons.whatsapp.settings import (
    WhatsAppSettingsError,
    meta_settings,
    twilio_settings,
)
from addons.whatsapp.twilio_api import TwilioRoute
from addons.whatsapp.verdicts import ALERT, REFUSED, WINDOW, SendError
from records.addresses import Addresses, Patient
from records.columns import utc_now
from records.errors import SettingsError, UndeliveredError
from records.outbox import Message
from records.troubles import ACCOUNT, NOTICE, NOTICE_REF, Troubles
from records.whatsapp_texts import WhatsAppTexts

NOT_SET_UP, UNKNOWN, NO_TEMPLATE = "not set up", "unknown address", "no template"


def whatsapp_routes(environment: Mapping[str, str]) -> dict[str, Route]:
    """Returns how WhatsApp is sent, by the name of the channel.

    Raises:
        SettingsError: a setting cannot be used.
    """
    try:
        meta, twilio = meta_settings(environment), twilio_settings(environment)
    except WhatsAppSettingsError as error:
        raise SettingsError(str(error)) from None
    routes: dict[str, Route] = {}
    if meta:
        routes["whatsapp"] = MetaRoute(meta)
    if twilio:
        routes["twilio_whatsapp"] = TwilioRoute(twilio)
    return routes


class WhatsAppNotices:
    """Sends text within 24 hours of the patient's message, later a template.

    What cannot be sent is told to staff, who then phone.
    """

    def __init__(
        self,
        routes: Mapping[str, Route],
        texts: WhatsAppTexts,
        *,
        addresses: Addresses | None = None,
        troubles: Troubles | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._routes = routes
        self._texts = texts
        self._addresses = addresses or Addresses()
        self._troubles = troubles or Troubles()
        self._clock = clock

    def send(self, message: Message) -> bool:
        """Sends one message.

        Raises:
            UndeliveredError: it did not arrive.
        """
        route = self._routes.get(message.channel)
        if route is None:
            raise self._never(message, NOT_SET_UP)
        patient = self._addresses.of(message.conversation)
        if patient is None:
            raise self._never(message, UNKNOWN)
        if patient.is_open(self._clock()):
            values = {"reference": message.reference, **_starts_at(message)}
            text = self._texts.text(message.event, **values)
            if self._sent(route, message, patient, _for_route(text, message.channel)):
                return True
        template = self._texts.template(
            message.event, reference=message.reference, **_starts_at(message)
        )
        if template is None or not self._sent(route, message, patient, template):
            raise self._never(message, NO_TEMPLATE)
        return True

    def _sent(
        self, route: Route, message: Message, patient: Patient, part: Part
    ) -> bool:
        """Sends one part; false if the 24 hours are over."""
        try:
            route.send(patient.address, part, f"{NOTICE_REF}{message.key}")
        except SendError as error:
            if error.verdict == WINDOW:
                return False
            if error.verdict == REFUSED:
                raise self._never(message, error.code) from None
            if error.verdict == ALERT:
                self._troubles.note(message.channel, ACCOUNT, error.code)
            raise UndeliveredError(error.code) from None
        return True

    def _never(self, message: Message, code: str) -> UndeliveredError:
        """Tells staff that a patient does not know yet."""
        self._troubles.note(
            message.channel,
            NOTICE,
            shortened(f"{code} ({message.event})", 80),
            request_id=message.request_id,
        )
        return UndeliveredError(code, final=True)


def _starts_at(message: Message) -> dict[str, str]:
    return {"starts_at": message.details["starts_at"]}


def _for_route(part: Part, channel: str) -> Part:
    """Returns a part as a route can show it: Twilio needs no button for an offer."""
    if channel == "twilio_whatsapp" and part.kind == "buttons":
        return Part("text", part.text)
    return part
