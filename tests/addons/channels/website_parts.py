"""The website channel on a real socket, with a small stand-in for what Rasa does."""

import asyncio
import itertools
import socket
from contextlib import asynccontextmanager

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from sanic import Sanic

from addons.channels.website import Settings, WebsiteInput
from benchmarks.widget_client import ChatClient
from records.ratings import Ratings

numbers = itertools.count()
DOMAIN = Domain.empty()
ANSWER = {"utter_action": "utter_answer", "answer": "a", "address": "back#heat"}
WIDE = {"messages_burst": 1000, "address_burst": 1000, "connections_burst": 1000}


class Agent:
    """Rasa's agent: stores and responses; it outlives a server as a database does."""

    def __init__(self, lock_store=None) -> None:
        self.nlg = TemplatedNaturalLanguageGenerator(
            {"utter_failed": [{"text": "Phone us."}]}
        )
        self.tracker_store = InMemoryTrackerStore(DOMAIN)
        self.lock_store = lock_store or InMemoryLockStore()
        self.handled: list[str] = []
        self.delay = 0.0

    def is_ready(self) -> bool:
        return True

    async def handle(self, message: UserMessage) -> None:
        """Answers `answer` from a section, is silent at `silence`, fails at `fail`."""
        async with self.lock_store.lock(message.sender_id):
            tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
            self.handled.append(message.text)
            await asyncio.sleep(self.delay)
            if message.text == "fail":
                raise ConnectionError
            tracker.update(
                UserUttered(
                    message.text,
                    message_id=message.message_id,
                    metadata=message.metadata,
                )
            )
            if message.text != "silence":
                await self._reply(message, tracker)
            await self.tracker_store.save(tracker)

    async def _reply(self, message: UserMessage, tracker) -> None:
        metadata = ANSWER if message.text == "answer" else {}
        buttons = [{"title": "More", "payload": "button:more"}] if metadata else None
        reply = BotUttered(f"echo {message.text}", {"buttons": buttons}, dict(metadata))
        tracker.update(reply)
        await message.output_channel.send_response(message.sender_id, reply.message())


@asynccontextmanager
async def serving(agent: Agent, url: str, **settings):
    """The channel on a free port; yields the port."""
    app = Sanic(f"website{next(numbers)}", configure_logging=False)
    app.ctx.agent = agent
    channel = WebsiteInput(Settings(**(WIDE | settings)), ratings=Ratings(url))
    blueprint = channel.blueprint(agent.handle)
    app.blueprint(blueprint, url_prefix=channel.url_prefix())

    @app.get("/")
    async def hello(request):  # Rasa has this route already.
        raise AssertionError

    # Sanic takes port 0 for its own 8000.
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(
        sock=listening, return_asyncio_server=True, access_log=False
    )
    await server.startup()
    await server.before_start()
    await server.after_start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.close()
        for connection in list(server.connections):
            connection.abort() if hasattr(connection, "abort") else connection.close()
        await server.wait_closed()
        await blueprint.ctx.server.shutdown()


class Person:
    """Somebody at a browser."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.token = ""
        self._number = itertools.count(1)

    async def connect(self, last: str = "", token: object = None):
        self.client = ChatClient(self.port)
        await self.client.connect()
        token = self.token if token is None else token
        begun = await self.client.ask("begin", {"token": token, "last": last})
        self.token = begun["token"]
        return begun

    async def say(self, text: str, **frame):
        frame = {"id": f"message-{next(self._number)}", "text": text} | frame
        return await self.client.ask("say", frame)


def texts(answer) -> list[str]:
    return [entry["text"] for entry in answer["entries"]]
