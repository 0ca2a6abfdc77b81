"""Answers a WhatsApp message with Rasa, and words the answer for WhatsApp."""

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.nlu.constants import RESPONSE_SELECTOR_UTTER_ACTION_KEY as RESPONSE_NAME
from rasa.shared.core.events import BotUttered, UserUttered

from addons.channels.replies import (
    FALLBACK_RESPONSE,
    Handler,
    WholeMessages,
    replies_to,
    worded,
)
from addons.whatsapp import incoming
from addons.whatsapp.choices import picked
from addons.whatsapp.parts import Choice, Limits, Reply, Words, render
from records.inbox import Answer, Waiting

LONGEST_MESSAGE = 10_000
# After so many, the process has died of this message again and again.
MOST_ATTEMPTS = 5
EMERGENCY = "utter_emergency"
NOTICES = {
    incoming.VOICE: "utter_whatsapp_voice",
    incoming.PICTURE: "utter_whatsapp_picture",
    incoming.FILE: "utter_whatsapp_file",
    incoming.STICKER: "utter_whatsapp_sticker",
    incoming.LOCATION: "utter_whatsapp_location",
    incoming.CONTACT: "utter_whatsapp_contact",
    incoming.OTHER: "utter_whatsapp_other",
}
CAPTION = "utter_whatsapp_caption"


class NotedMessages(WholeMessages):
    """Collects replies, and notes whether an emergency is among them."""

    def __init__(self) -> None:
        super().__init__()
        self.is_urgent = False

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Looks at the name of the response before it is taken apart."""
        self.is_urgent |= is_emergency(message)
        await super().send_response(recipient_id, message)


class RasaAnswers:
    """Answers one message at a time.

    Args:
        channel: its name.
        handler: Rasa's own handler of new messages.
        agent: words responses, and knows the conversations.
        limits: what the route takes.
    """

    def __init__(
        self, channel: str, handler: Handler, agent: Agent, limits: Limits
    ) -> None:
        self._channel = channel
        self._handler = handler
        self._agent = agent
        self._limits = limits
        self._words: Words | None = None

    async def __call__(self, waiting: Waiting) -> Answer:
        """Returns the answer; the same one if it was given before a restart."""
        message = waiting.message
        if waiting.attempts > MOST_ATTEMPTS:
            replies, is_urgent = [await self._worded(FALLBACK_RESPONSE)], False
        elif message.kind == incoming.TEXT:
            replies, is_urgent = await self._talk(waiting)
            if message.holds:
                replies = [*replies, await self._worded(CAPTION)]
        else:
            replies, is_urgent = [await self._worded(NOTICES[message.holds])], False
        if self._words is None:
            self._words = Words(
                choose=(await self._worded("utter_whatsapp_choose"))["text"],
                open_list=(await self._worded("utter_whatsapp_open_list"))["text"],
                by_number=(await self._worded("utter_whatsapp_by_number"))["text"],
            )
        made = render(
            [read_reply(reply) for reply in replies], self._words, self._limits
        )
        return Answer(made.parts, made.offered, is_urgent)

    async def _talk(self, waiting: Waiting) -> tuple[list[dict[str, Any]], bool]:
        if waiting.attempts > 1:
            given = await self._given(waiting)
            if given:
                return given, any(map(is_emergency, given))
        text = waiting.message.text[:LONGEST_MESSAGE]
        collector = NotedMessages()
        message = UserMessage(
            picked(text, waiting.patient.offered) or text,
            collector,
            waiting.patient.conversation,
            input_channel=self._channel,
            message_id=waiting.key,
        )
        replies = await replies_to(message, self._handler, self._agent)
        return replies, collector.is_urgent

    async def _given(self, waiting: Waiting) -> list[dict[str, Any]]:
        """Returns what Rasa has said to this message already, before a restart."""
        store = self._agent.tracker_store
        tracker = await store.retrieve(waiting.patient.conversation)
        found: list[dict[str, Any]] = []
        is_mine = False
        for event in tracker.events if tracker else ():
            if isinstance(event, UserUttered):
                is_mine = event.message_id == waiting.key
            elif is_mine and isinstance(event, BotUttered):
                found.append(event.message())
        return found

    async def _worded(self, response: str) -> dict[str, Any]:
        return await worded(response, self._agent, channel=self._channel)


def is_emergency(message: Mapping[str, Any]) -> bool:
    """Says whether a reply tells a patient to get help at once."""
    return str(message.get(RESPONSE_NAME) or "").startswith(EMERGENCY)


def read_reply(message: Mapping[str, Any]) -> Reply:
    """Returns a reply of Rasa as WhatsApp can show it; pictures become addresses."""
    buttons: Sequence[Mapping[str, Any]] = message.get("buttons") or ()
    lines = [message.get(name) for name in ("text", "image", "attachment")]
    return Reply(
        "\n\n".join(str(line) for line in lines if line),
        tuple(
            Choice(str(b.get("title") or ""), str(b.get("payload") or ""))
            for b in buttons
        ),
    )
