"""Answers messages while the clinic's database is away: nobody is met with silence."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import timedelta

from addons.whatsapp.incoming import MEDIA, TEXT, Delivery, Incoming
from addons.whatsapp.verdicts import SendError, pause
from records.addresses import Patient, conversation_name
from records.chat_replies import Outgoing
from records.columns import utc_now
from records.inbox import Answer, Waiting, key_of

logger = logging.getLogger(__name__)

REMEMBERED = 10_000
MOST_ATTEMPTS = 5
# More at once would be a flood that memory must not hold.
MOST_AT_ONCE = 200


class Aside:
    """Answers from memory; Meta brings the same messages again, and they are known.

    Args:
        channel: its name.
        answers: answers one message.
        send: sends one reply; returns what went wrong.
    """

    def __init__(
        self,
        channel: str,
        answers: Callable[[Waiting], Awaitable[Answer]],
        send: Callable[[Outgoing], Awaitable[SendError | None]],
    ) -> None:
        self._channel = channel
        self._answers = answers
        self._send = send
        self._known: OrderedDict[str, None] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    def knows(self, message: Incoming) -> bool:
        """Says whether a message was answered aside."""
        return key_of(message.id) in self._known

    def split(self, delivery: Delivery) -> tuple[Delivery, Delivery]:
        """Returns what is new, and what was answered aside."""
        new = tuple(m for m in delivery.messages if not self.knows(m))
        known = tuple(m for m in delivery.messages if self.knows(m))
        return (
            Delivery(new, delivery.failures, delivery.renamed),
            Delivery(known),
        )

    def take(self, delivery: Delivery) -> None:
        """Answers what is new, beside the webhook."""
        for message in delivery.messages:
            if message.kind not in (TEXT, MEDIA) or self.knows(message):
                continue
            if len(self._tasks) >= MOST_AT_ONCE:
                return
            self._remember(message)
            task = asyncio.create_task(self._answer(message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def send(self, waiting: Waiting, answer: Answer) -> None:
        """Sends an answer that could not be kept."""
        self._remember(waiting.message)
        for part in answer.parts:
            sender = waiting.patient.address
            outgoing = Outgoing(0, "", self._channel, sender, part, 1, utc_now(), "")
            for attempt in range(1, MOST_ATTEMPTS + 1):
                error = await self._send(outgoing)
                later = error and pause(error.verdict, attempt)
                if not later or later > timedelta(seconds=30):
                    break
                await asyncio.sleep(later.total_seconds())

    async def _answer(self, message: Incoming) -> None:
        now = utc_now()
        name = conversation_name(self._channel, message.sender)
        patient = Patient(name, self._channel, message.sender, now)
        waiting = Waiting(0, key_of(message.id), message, patient, 1, "")
        try:
            await self.send(waiting, await self._answers(waiting))
        except Exception as error:  # it is beside everything: only the log can tell
            logger.error("A message could not be answered: %s.", type(error).__name__)

    def _remember(self, message: Incoming) -> None:
        self._known[key_of(message.id)] = None
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
