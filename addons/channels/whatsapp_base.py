"""What both WhatsApp channels share: from a webhook to the queue, and its worker."""

from datetime import timedelta
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json, text

from addons.channels.keeper import Keeper
from addons.channels.pump import ANSWERS_AT_ONCE, Pump
from addons.channels.replies import Handler
from addons.channels.sending import Desk
from addons.channels.whatsapp_answers import RasaAnswers
from addons.rasa_speedups import apply_speedups
from addons.whatsapp.incoming import Delivery
from addons.whatsapp.meta_api import Route
from addons.whatsapp.parts import Limits
from records.chat_replies import ChatReplies
from records.inbox import Inbox
from records.troubles import Troubles

# Meta posts 3 MB at most.
LARGEST_BODY = 4 * 1024 * 1024
SETTLE_SECONDS = 0.5
HEADERS = {"X-Content-Type-Options": "nosniff"}


class WhatsAppChannel(InputChannel):
    """Keeps what a webhook brings, answers 200, and lets a worker do the rest.

    Args:
        route: sends.
        limits: what the route takes.
        settle_seconds: how long a message waits for an earlier one that is late.
        at_once: how many conversations may wait for their answer at the same time.
    """

    def __init__(
        self,
        route: Route,
        limits: Limits,
        *,
        settle_seconds: float = SETTLE_SECONDS,
        at_once: int = ANSWERS_AT_ONCE,
    ) -> None:
        self._limits = limits
        self._settle = timedelta(seconds=settle_seconds)
        self._at_once = at_once
        self._desk = Desk(self.name(), Inbox(), ChatReplies(), Troubles(), route)
        self._pump: Pump | None = None
        # With a thread of its own, so that the webhook waits for no other.
        self._keeper: Keeper | None = None

    def routes(self, on_new_message: Handler) -> Blueprint:
        """Returns a blueprint with the worker and an address that says "ok"."""
        apply_speedups()
        routes = Blueprint(f"clinic_{self.name()}")

        @routes.listener("after_server_start")
        async def start(app: Sanic, _: Any) -> None:
            answers = RasaAnswers(
                self.name(), on_new_message, app.ctx.agent, self._limits
            )
            keeper = Keeper(lambda delivery: self._keep(pump, delivery))
            pump = Pump(
                self._desk,
                answers,
                at_once=self._at_once,
                first_wait=2 * self._settle,
                is_busy=lambda: keeper.is_busy,
            )
            keeper.warm_up(self._desk.inbox.waiting)
            self._keeper, self._pump = keeper, pump
            pump.start()

        @routes.listener("before_server_stop")
        async def stop(app: Sanic, _: Any) -> None:
            if self._pump:
                await self._pump.stop()
            if self._keeper:
                self._keeper.close()

        @routes.get("/")
        async def health(request: Request) -> HTTPResponse:
            return json({"status": "ok"})

        return routes

    async def take(self, delivery: Delivery) -> bool:
        """Keeps what has come; false if it must be brought again."""
        pump, keeper = self._pump, self._keeper
        if pump is None or keeper is None:
            return False
        if not await keeper.keep(delivery):
            pump.aside.take(delivery)
            return False
        if delivery.messages:
            pump.wake(self._settle)
        return True

    def _keep(self, pump: Pump, delivery: Delivery) -> None:
        new, known = pump.aside.split(delivery)
        inbox, name = self._desk.inbox, self.name()
        if known.messages:
            inbox.keep(known, name, answered=True)
        if new.messages or new.renamed:
            inbox.keep(new, name, settle=self._settle)
        for failure in new.failures:
            self._desk.troubles.note_failure(name, failure)


def refused(status: int) -> HTTPResponse:
    """Returns an answer that explains nothing to a stranger."""
    return text("", status, headers=HEADERS)
