"""Sends one stored reply, and decides what becomes of it if it is not taken."""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from addons.whatsapp.meta_api import Route
from addons.whatsapp.verdicts import ALERT, RETRY, SendError, pause
from records.chat_replies import ChatReplies, Outgoing
from records.columns import utc_now
from records.errors import RecordsError
from records.inbox import Inbox
from records.troubles import ACCOUNT, REPLY, Troubles

logger = logging.getLogger(__name__)

REMEMBERED = 10_000
# Runs blocking work in a thread.
InThread = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class Desk:
    """Where messages wait, and how they are sent."""

    channel: str
    inbox: Inbox
    replies: ChatReplies
    troubles: Troubles
    route: Route


class ReplySender:
    """Sends replies.

    Args:
        desk: where they wait.
        write: runs work with the database.
        network: runs work with Meta or Twilio.
    """

    def __init__(self, desk: Desk, write: InThread, network: InThread) -> None:
        self._desk = desk
        self._write = write
        self._network = network
        # What was sent but could not be noted, as the database was away.
        self._sent: OrderedDict[int, None] = OrderedDict()

    async def send(self, outgoing: Outgoing) -> None:
        """Sends a reply and notes what became of it."""
        replies = self._desk.replies
        if outgoing.id in self._sent:
            await self._write(replies.end, outgoing, "delivered")
            return
        if outgoing.is_too_late(utc_now()):
            await self._give_up(outgoing, "too late")
            return
        error = await self.try_to_send(outgoing)
        if error is None:
            self._remember(outgoing.id)
            await self._write(replies.end, outgoing, "delivered")
            return
        later = pause(error.verdict, outgoing.attempts)
        if error.verdict == ALERT:
            await self._note(ACCOUNT, error.code)
        if later is None:
            await self._give_up(outgoing, error.code)
        else:
            await self._write(replies.put_off, outgoing, later, error.code)

    async def try_to_send(self, outgoing: Outgoing) -> SendError | None:
        """Sends once; returns what went wrong."""
        send = self._desk.route.send
        try:
            await self._network(send, outgoing.to, outgoing.part, outgoing.ref)
        except SendError as error:
            logger.warning("A reply was not taken: %s (%s).", error.code, error.verdict)
            return error
        except Exception as error:  # a fault of ours must not lose a reply
            logger.error("A reply could not be sent: %s.", in_words(error))
            return SendError(type(error).__name__, RETRY)
        return None

    async def _give_up(self, outgoing: Outgoing, code: str) -> None:
        await self._note(REPLY, code, conversation=outgoing.conversation)
        await self._write(self._desk.replies.end, outgoing, f"failed: {code}")

    async def _note(self, kind: str, code: str, *, conversation: str = "") -> None:
        desk = self._desk
        await self._write(
            lambda: desk.troubles.note(
                desk.channel, kind, code, conversation=conversation
            )
        )

    def _remember(self, number: int) -> None:
        self._sent[number] = None
        while len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)


def in_words(error: BaseException) -> str:
    """Returns an error of ours in words, and only the kind of a stranger's."""
    return str(error) if isinstance(error, RecordsError) else type(error).__name__
