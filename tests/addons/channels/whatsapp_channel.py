"""Runs a WhatsApp channel in this process, against a stand-in, with a made-up Rasa."""

import asyncio
import itertools
from contextlib import asynccontextmanager
from types import SimpleNamespace

import httpx
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from ruamel.yaml import YAML
from sanic import Sanic

from addons.channels.whatsapp_answers import CAPTION, NOTICES
from tests.conftest import ROOT
from tests.postgresql import free_port

numbers = itertools.count()
WORDS = {
    "utter_failed": "Phone us.",
    "utter_whatsapp_choose": "You can choose one of these:",
    "utter_whatsapp_open_list": "Choose",
    "utter_whatsapp_by_number": "You can answer with a number.",
    CAPTION: "I have read only your words.",
    **{name: f"{name}: phone 012 555 0142, or 112." for name in NOTICES.values()},
}


class Tracker:
    """What the channel reads of a conversation."""

    def __init__(self) -> None:
        self.events: list = []


class FakeRasa:
    """Agent and handler: repeats the text, and remembers what it was asked.

    `script` maps a text to what is said instead: a text, or (text, buttons).
    """

    def __init__(self) -> None:
        self.nlg = TemplatedNaturalLanguageGenerator(
            {name: [{"text": text}] for name, text in WORDS.items()}
        )
        self.script: dict = {}
        self.heard: list = []
        self.trackers: dict = {}
        self.seconds = 0.0
        self.tracker_store = SimpleNamespace(retrieve=self._retrieve)

    def is_ready(self) -> bool:
        return True

    async def _retrieve(self, conversation):
        return self.trackers.get(conversation)

    async def __call__(self, message) -> None:
        self.heard.append(message)
        await asyncio.sleep(self.seconds)
        said = self.script.get(message.text, message.text)
        if isinstance(said, Exception):
            raise said
        for reply in said if isinstance(said, list) else [said]:
            row = dict(reply) if isinstance(reply, dict) else {"text": reply}
            await message.output_channel.send_response(message.sender_id, row)

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.heard]


@asynccontextmanager
async def running(channel, rasa):
    """The channel on a free port; gives a client for its address."""
    app = Sanic(f"whatsapp{next(numbers)}", configure_logging=False)
    app.ctx.agent = rasa
    prefix = f"/webhooks/{channel.url_prefix()}"
    app.blueprint(channel.blueprint(rasa), url_prefix=prefix)
    server = await app.create_server(
        # Sanic takes port 0 for its own 8000.
        host="127.0.0.1",
        port=free_port(),
        return_asyncio_server=True,
        access_log=False,
    )
    await server.startup()
    await server.before_start()
    try:
        await server.after_start()
        port = server.server.sockets[0].getsockname()[1]
        base = f"http://127.0.0.1:{port}{prefix}"
        async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
            yield client
    finally:
        await server.before_stop()
        server.close()
        await server.wait_closed()


async def until(condition, *, seconds: float = 10.0):
    """Waits until something is true, and returns it."""
    for _ in range(int(seconds / 0.01)):
        if found := condition():
            return found
        await asyncio.sleep(0.01)
    raise TimeoutError


def shipped_words() -> dict[str, str]:
    """Returns the responses of domain.yml."""
    responses = YAML(typ="safe").load(ROOT / "domain.yml")["responses"]
    return {name: rows[0]["text"] for name, rows in responses.items()}
