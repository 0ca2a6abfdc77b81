"""Channel: the chat widget on the clinic's website, over Socket.IO."""

import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from socketio import AsyncRedisManager, AsyncServer

from addons.channels.replies import Handler
from addons.channels.website_conversations import CHANNEL, Conversations
from addons.channels.website_events import Events, Limits
from addons.channels.website_pages import Pages
from addons.chat.errors import ChatSettingsError
from addons.chat.limits import Limit
from addons.chat.tokens import ConversationTokens, read_secret
from addons.rasa_speedups import apply_speedups
from records.ratings import Ratings

PREFIX = "/chat"
REDIS_VARIABLE = "CLINIC_REDIS_URL"
# The longest message in the longest way to write it, and what goes with it.
LARGEST_FRAME_BYTES = 64_000


@dataclass(frozen=True)
class Settings:
    """What credentials.yml may say about the channel.

    Attributes:
        origins: the sites that may show the chat, beside the server's own pages.
        token_hours: how long an unused conversation can be gone on with.
        demo_page: whether the server shows a clinic's page at `/`.
        messages_burst: how many messages of a conversation may come at once.
        messages_per_minute: how many more may come in a minute.
        address_burst: the same for one address, which many patients may share.
        address_per_minute: the same for one address.
        connections_burst: how many connections of one address may begin at once.
        connections_per_minute: how many more may begin in a minute.
    """

    origins: Sequence[str] = ()
    token_hours: float = 12
    demo_page: bool = False
    messages_burst: int = 20
    messages_per_minute: float = 60
    address_burst: int = 60
    address_per_minute: float = 240
    connections_burst: int = 60
    connections_per_minute: float = 120

    def __post_init__(self) -> None:
        """Checks what a typing mistake would break silently."""
        for origin in self.origins:
            parts = urlsplit(origin)
            if not parts.hostname or origin != f"{parts.scheme}://{parts.netloc}":
                raise ChatSettingsError(
                    f"credentials.yml: '{origin}' is not the origin of a site. Write "
                    "https:// and the host, such as https://www.clinic.example."
                )


class WebsiteInput(InputChannel):
    """The website's chat: `/chat/widget.js` and the socket behind it.

    Unlike Rasa's own `socketio` channel, the server makes the conversations and signs
    them, refuses other sites, and handles each message once, in order.
    """

    @classmethod
    def name(cls) -> str:
        """Name of the channel, as it stands in the records."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "WebsiteInput":
        """Reads the settings in credentials.yml."""
        return cls(Settings(**(credentials or {})))

    def __init__(
        self,
        settings: Settings = Settings(),
        *,
        ratings: Ratings | None = None,
    ) -> None:
        self._settings = settings
        self._ratings = ratings or Ratings()

    def url_prefix(self) -> str:
        """Address of all that the widget needs; the slash takes it from `/webhooks`."""
        return PREFIX

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """Returns the routes of the channel, and the socket with them."""
        apply_speedups()
        settings, manager = self._settings, _manager()
        server = AsyncServer(
            async_mode="sanic",
            client_manager=manager,
            cors_allowed_origins=self._allows,
            cors_credentials=False,
            # Several workers share no memory, so polling would lose its way.
            transports=["websocket"],
            max_http_buffer_size=LARGEST_FRAME_BYTES,
            ping_interval=20,
            ping_timeout=15,
        )
        routes = _SocketBlueprint(server, "clinic_website")
        conversations = Conversations(
            on_new_message, lambda: routes.app.ctx.agent, shared=manager is not None
        )
        events = Events(
            server,
            conversations,
            ConversationTokens(read_secret(), hours=settings.token_hours),
            _limits(settings),
            self._ratings,
        )
        events.register()
        Pages(demo=settings.demo_page).register(routes)

        @routes.listener("before_server_start")
        async def become_a_worker(app: Sanic, _: Any) -> None:
            # Workers are forked, and would take each other's words for their own.
            if manager is not None:
                manager.host_id = uuid.uuid4().hex

        return routes

    def _allows(self, origin: str | None, environ: dict[str, Any]) -> bool:
        """Says whether a site may open the socket; only browsers name one."""
        own = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST')}"
        return origin in (own, *self._settings.origins)


class _SocketBlueprint(Blueprint):
    """Attaches the socket to the server that the routes are registered with."""

    def __init__(self, server: AsyncServer, name: str) -> None:
        super().__init__(name)
        self.ctx.server = server
        self.ctx.front_page = None

    @property
    def app(self) -> Sanic:
        """The server that the routes belong to."""
        return self.ctx.app

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Adds the socket, and the front page if there is one."""
        self.ctx.app = app
        self.ctx.server.attach(app, f"{PREFIX}/socket.io")
        super().register(app, options)
        front_page = self.ctx.front_page
        if front_page is None:
            return

        # Rasa has a route for `/` already, and a second one is refused.
        @app.on_request
        async def show_front_page(request: Request) -> HTTPResponse | None:
            is_front = request.path == "/" and request.method == "GET"
            return front_page(request) if is_front else None


def _limits(settings: Settings) -> Limits:
    return Limits(
        Limit(settings.messages_burst, settings.messages_per_minute),
        Limit(settings.address_burst, settings.address_per_minute),
        Limit(settings.connections_burst, settings.connections_per_minute),
    )


def _manager() -> AsyncRedisManager | None:
    """Returns what passes replies between workers, if there are several.

    Raises:
        ChatSettingsError: there are, and no Redis is named.
    """
    url = os.environ.get(REDIS_VARIABLE)
    if url:
        return AsyncRedisManager(url, channel="clinic-chat")
    if os.environ.get("SANIC_WORKERS", "1") not in ("", "1"):
        raise ChatSettingsError(
            f"Several workers (SANIC_WORKERS) need Redis. Set {REDIS_VARIABLE}, and "
            "`lock_store` in endpoints.yml."
        )
    return None
