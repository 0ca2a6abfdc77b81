"""Hands messages of the website to Rasa: each once, in order, and never unanswered."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from addons.channels.replies import (
    FALLBACK_RESPONSE,
    LONGEST_WAIT_SECONDS,
    Handler,
    WholeMessages,
    replies_to,
    worded,
)
from addons.chat.entries import (
    Choice,
    Entry,
    choice_in,
    entries_of,
    message_of,
    replies_as_entries,
    topic_of,
)
from addons.chat.frames import Spoken
from addons.chat.turns import Slots, Turns

CHANNEL = "website"
# What was said lately is at hand; anything older is read from the tracker store.
MOST_RECENT = 2000
# The lock of a worker that was killed must not keep the patient waiting for long.
LOCK_SECONDS = LONGEST_WAIT_SECONDS + 5
LOCK_LOOK_SECONDS = 0.05
# Rasa's work is done by one processor; more at once would only wait for each other.
MOST_AT_ONCE = 8
PATIENCE_SECONDS = 5


class MarkedMessages(WholeMessages):
    """Keeps with each reply the section that it is from."""

    async def send_text_message(
        self, recipient_id: str, text: str, **kwargs: Any
    ) -> None:
        """Keeps a reply."""
        await super().send_text_message(recipient_id, text, **kwargs)
        self.messages[-1]["topic"] = topic_of(kwargs)

    async def send_text_with_buttons(
        self,
        recipient_id: str,
        text: str,
        buttons: list[dict[str, Any]],
        **kwargs: Any,
    ) -> None:
        """Keeps a reply that has buttons."""
        await super().send_text_with_buttons(recipient_id, text, buttons, **kwargs)
        self.messages[-1]["topic"] = topic_of(kwargs)


class Conversations:
    """What patients said and were told; Rasa's tracker store is the only memory.

    Args:
        handler: Rasa's own handler of new messages.
        agent: returns Rasa's agent, which is not there before the server starts.
        shared: whether other workers handle messages too. Then each message is looked
            up before it is handled: one that was sent again to another worker may
            overtake the first one on a slow line.
        longest_wait: seconds until the fallback sentence is sent instead.
    """

    def __init__(
        self,
        handler: Handler,
        agent: Callable[[], Agent],
        *,
        shared: bool = False,
        longest_wait: float = LONGEST_WAIT_SECONDS,
    ) -> None:
        self._handler = handler
        self._agent = agent
        self._shared = shared
        self._longest_wait = longest_wait
        self._turns = Turns()
        self._slots = Slots(MOST_AT_ONCE, patience=PATIENCE_SECONDS)
        self._recent: OrderedDict[tuple[str, str], list[Entry]] = OrderedDict()

    def waiting(self, conversation: str) -> int:
        """Returns how many messages are under way in a conversation."""
        return self._turns.waiting(conversation)

    async def entries(self, conversation: str) -> list[Entry]:
        """Returns everything that was said and is still kept."""
        agent = self._agent()
        tracker = await agent.tracker_store.retrieve_full_tracker(conversation)
        if tracker is None:
            return []
        events = [event.as_dict() for event in tracker.events]
        missing = await worded(FALLBACK_RESPONSE, agent)
        return entries_of(events, fallback=missing["text"])

    async def entry(self, conversation: str, entry_id: str) -> Entry | None:
        """Returns one entry, or None if there is none with that id."""
        for known in await self._around(conversation, entry_id):
            if known.id == entry_id:
                return known
        return None

    async def answer(self, conversation: str, spoken: Spoken) -> list[Entry]:
        """Returns the replies to a message; if it was answered before, the same ones.

        A message that is sent again is looked up in the tracker, which is written
        before the patient sees the replies. So nothing is lost or done twice when the
        server is killed in between.

        Raises:
            BusyError: too many write at once; the message is to be sent again.
        """
        key = (conversation, spoken.id)
        async with self._turns.of(conversation):
            if key in self._recent:
                return self._recent[key]
            choice = await self._choice(conversation, spoken.button)
            message = UserMessage(
                choice.payload if choice else spoken.text,
                MarkedMessages(),
                conversation,
                input_channel=CHANNEL,
                message_id=spoken.id,
                metadata={"title": choice.title} if choice else None,
            )
            async with self._slots.one():
                replies = await replies_to(
                    message,
                    partial(self._once, again=spoken.again or self._shared),
                    self._agent(),
                    longest_wait=self._longest_wait,
                )
            entries = replies_as_entries(spoken.id, replies)
            self._recent[key] = entries
            if len(self._recent) > MOST_RECENT:
                self._recent.popitem(last=False)
            return entries

    async def _once(self, message: UserMessage, *, again: bool) -> None:
        """Hands a message to Rasa, or takes the replies that it has got already."""
        # Another worker may be at it. Rasa's own lock is taken inside the handler.
        lock = self._agent().lock_store.lock(
            f"{CHANNEL}:{message.sender_id}",
            lock_lifetime=LOCK_SECONDS,
            wait_time_in_seconds=LOCK_LOOK_SECONDS,
        )
        async with lock:
            if again:
                said = await self.entries(message.sender_id)
                if any(entry.id == message.message_id for entry in said):
                    message.output_channel.messages += _as_replies(
                        said, message.message_id
                    )
                    return
            await self._handler(message)

    async def _choice(self, conversation: str, button: str) -> Choice | None:
        """Returns what a tapped button stands for.

        None if it is not there any more, for example after "delete my data": then the
        words on it are taken as typed.
        """
        if not button:
            return None
        return choice_in(await self._around(conversation, button), button)

    async def _around(self, conversation: str, entry_id: str) -> list[Entry]:
        recent = self._recent.get((conversation, message_of(entry_id)))
        return recent or await self.entries(conversation)


def _as_replies(said: list[Entry], message_id: str) -> list[dict[str, Any]]:
    return [
        {
            "text": entry.text,
            "buttons": [vars(choice) for choice in entry.choices],
            "topic": entry.topic,
        }
        for entry in said
        if message_of(entry.id) == message_id
    ]
