"""What browsers send over the socket, and what they get back."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from socketio import AsyncServer
from socketio.exceptions import ConnectionRefusedError as RefusedError

from addons.channels.website_conversations import Conversations
from addons.chat.entries import PATIENT, Entry, after
from addons.chat.errors import BusyError
from addons.chat.frames import (
    LONGEST_MESSAGE,
    read_greeting,
    read_rating,
    read_spoken,
)
from addons.chat.limits import Limit
from addons.chat.tokens import ConversationTokens
from records.errors import RecordsError
from records.ratings import Ratings

logger = logging.getLogger(__name__)

# The widget sends one message after the other; more than this is no widget.
MOST_WAITING = 5
# When to come back if too many write at once.
BUSY_SECONDS = 3


@dataclass(frozen=True)
class Limits:
    """How much may come from one conversation and from one address."""

    messages: Limit
    address: Limit
    connections: Limit

    def seconds_to_wait(self, conversation: str, address: str) -> int:
        """Returns 0 if a message may be handled now."""
        wait = self.messages.seconds_to_wait(conversation)
        return wait or self.address.seconds_to_wait(address)


@dataclass
class _Visitor:
    """Who is at the other end of one connection."""

    address: str
    conversation: str = ""


class Events:
    """The events of the socket; the browser asks, and each question gets an answer.

    - `begin` {token, last}: {token, chat, fresh, entries, ratings}
    - `say` {id, text, button, again}: {entries} or {wait} or {refused}
    - `rate` {id, helpful}: {ok}

    A browser is told by itself: `working` {id}, and `entries` when another tab of the
    same conversation got them.
    """

    def __init__(
        self,
        server: AsyncServer,
        conversations: Conversations,
        tokens: ConversationTokens,
        limits: Limits,
        ratings: Ratings,
    ) -> None:
        self._server = server
        self._conversations = conversations
        self._tokens = tokens
        self._limits = limits
        self._ratings = ratings
        self._visitors: dict[str, _Visitor] = {}

    def register(self) -> None:
        """Adds the events to the server."""
        self._server.on("connect", self._connect)
        self._server.on("disconnect", self._disconnect)
        self._server.on("begin", self._begin)
        self._server.on("say", self._say)
        self._server.on("rate", self._rate)

    async def _connect(
        self, sid: str, environ: dict[str, Any], auth: object = None
    ) -> None:
        request = environ["sanic.request"]
        # Behind a proxy only if SANIC_PROXIES_COUNT says so: anyone can send a header.
        address = request.remote_addr or request.ip
        if self._limits.connections.seconds_to_wait(address):
            raise RefusedError("too many connections")
        self._visitors[sid] = _Visitor(address)

    async def _disconnect(self, sid: str, reason: object = None) -> None:
        self._visitors.pop(sid, None)

    async def _begin(self, sid: str, data: object = None) -> dict[str, Any]:
        """Opens the conversation of a token, or a new one if the token is not good."""
        visitor = self._visitors.get(sid)
        if visitor is None:
            return {"refused": "gone"}
        greeting = read_greeting(data)
        known = self._tokens.read(greeting.token)
        if visitor.conversation:
            await self._server.leave_room(sid, visitor.conversation)
        visitor.conversation = known or self._tokens.new_conversation()
        # Before the past is read: what is said meanwhile is told anyway.
        await self._server.enter_room(sid, visitor.conversation)
        entries: list[Entry] = []
        ratings: dict[str, bool] = {}
        if known:
            entries = after(await self._conversations.entries(known), greeting.last)
            ratings = await self._rated(known) if entries else {}
        return {
            "token": self._tokens.issue(visitor.conversation),
            "chat": self._tokens.public_name(visitor.conversation),
            "fresh": known is None,
            "entries": [entry.shown() for entry in entries],
            "ratings": ratings,
        }

    async def _say(self, sid: str, data: object = None) -> dict[str, Any]:
        visitor = self._visitors.get(sid)
        spoken = read_spoken(data)
        if visitor is None or not visitor.conversation:
            return {"refused": "gone"}
        if spoken is None:
            return {"refused": "malformed"}
        if len(spoken.text) > LONGEST_MESSAGE:
            return {"refused": "long"}
        conversation = visitor.conversation
        wait = self._limits.seconds_to_wait(conversation, visitor.address)
        if wait or self._conversations.waiting(conversation) >= MOST_WAITING:
            return {"wait": wait or 1}
        working = {"id": spoken.id}
        await self._server.emit("working", working, room=conversation)
        try:
            entries = await self._conversations.answer(conversation, spoken)
        except BusyError:
            return {"wait": BUSY_SECONDS}
        shown = [entry.shown() for entry in entries]
        own = Entry(spoken.id, PATIENT, spoken.text).shown()
        await self._server.emit(
            "entries", [own, *shown], room=conversation, skip_sid=sid
        )
        return {"entries": shown}

    async def _rate(self, sid: str, data: object = None) -> dict[str, bool]:
        visitor, rating = self._visitors.get(sid), read_rating(data)
        if visitor is None or not visitor.conversation or rating is None:
            return {"ok": False}
        conversation = visitor.conversation
        if self._limits.seconds_to_wait(conversation, visitor.address):
            return {"ok": False}
        entry = await self._conversations.entry(conversation, rating.entry)
        if entry is None or not entry.topic:
            return {"ok": False}
        try:
            await asyncio.to_thread(
                self._ratings.rate,
                conversation,
                entry.id,
                topic=entry.topic,
                helpful=rating.helpful,
            )
        except RecordsError as error:
            logger.error("A rating could not be stored: %s", error)
            return {"ok": False}
        return {"ok": True}

    async def _rated(self, conversation: str) -> dict[str, bool]:
        try:
            return await asyncio.to_thread(self._ratings.of, conversation)
        except RecordsError as error:
            # The chat is worth more than the thumbs in it.
            logger.error("Ratings could not be read: %s", error)
            return {}
