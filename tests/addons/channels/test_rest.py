import itertools
import json
from contextlib import asynccontextmanager

import httpx
import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from sanic import Sanic

from addons.channels.rest import RestInput

numbers = itertools.count()


class FakeAgent:
    """What the channel needs of Rasa's agent: its responses, and being ready."""

    nlg = TemplatedNaturalLanguageGenerator({"utter_failed": [{"text": "Phone us."}]})

    def __init__(self, *, ready: bool = True) -> None:
        self._ready = ready

    def is_ready(self) -> bool:
        return self._ready


class Handler:
    """Remembers the messages and repeats their text."""

    def __init__(self) -> None:
        self.messages: list[UserMessage] = []

    async def __call__(self, message: UserMessage) -> None:
        self.messages.append(message)
        if message.text != "say nothing":
            await message.output_channel.send_text_message(
                message.sender_id, message.text
            )


@pytest.fixture(autouse=True)
def several_servers_in_one_process(monkeypatch):
    monkeypatch.setattr(Sanic, "test_mode", True)


@asynccontextmanager
async def running(handler: Handler, agent: FakeAgent | None, **settings: int):
    """The channel on a free port of this machine."""
    app = Sanic(f"channel{next(numbers)}", configure_logging=False)
    app.ctx.agent = agent
    channel = RestInput.from_credentials(settings)
    prefix = f"/webhooks/{channel.url_prefix()}"
    app.blueprint(channel.blueprint(handler), url_prefix=prefix)
    server = await app.create_server(
        host="127.0.0.1", port=0, return_asyncio_server=True, access_log=False
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
        server.close()
        await server.wait_closed()


@pytest.fixture
def handler() -> Handler:
    return Handler()


@pytest.fixture
async def client(handler):
    async with running(handler, FakeAgent(), longest_message=20) as found:
        yield found


async def test_answers_in_rasas_own_format(client, handler):
    sent = {"sender": "ann", "message": "hello", "metadata": {"page": "/fees"}}

    response = await client.post("/webhook", json=sent)

    assert response.status_code == 200
    assert response.json() == [{"recipient_id": "ann", "text": "hello"}]
    (message,) = handler.messages
    assert (message.text, message.sender_id) == ("hello", "ann")
    assert message.input_channel == "rest"
    assert message.metadata == {"page": "/fees"}


async def test_a_message_that_rasa_does_not_answer_gets_the_fallback(client):
    sent = {"sender": "ann", "message": "say nothing"}
    response = await client.post("/webhook", json=sent)
    assert response.json() == [{"recipient_id": "ann", "text": "Phone us."}]


BODY = 'The body must be JSON such as {"sender": "id", "message": "text"}.'
SENDER = '"sender" must be a text of 1 to 255 characters, one for each conversation.'
MESSAGE = '"message" must be a text.'


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", BODY),
        (b"{", BODY),
        (b"\xff\xfe", BODY),
        (b"[]", BODY),
        (b'"text"', BODY),
        (b"null", BODY),
        (b"{}", SENDER),
        (b'{"message": "hello"}', SENDER),
        (b'{"sender": "", "message": "hello"}', SENDER),
        (b'{"sender": null, "message": "hello"}', SENDER),
        (b'{"sender": 5, "message": "hello"}', SENDER),
        (json.dumps({"sender": "a" * 256, "message": "hello"}).encode(), SENDER),
        (b'{"sender": "ann"}', MESSAGE),
        (b'{"sender": "ann", "message": null}', MESSAGE),
        (b'{"sender": "ann", "message": ["hello"]}', MESSAGE),
        (
            json.dumps({"sender": "ann", "message": "a" * 21}).encode(),
            '"message" may have 20 characters.',
        ),
    ],
)
async def test_bad_input_is_refused_and_says_why(client, handler, body, problem):
    response = await client.post("/webhook", content=body)

    assert (response.status_code, response.json()) == (400, {"error": problem})
    assert handler.messages == []


@pytest.mark.parametrize(
    ("sender", "text"),
    [("a" * 255, "hello"), ("ann", "a" * 20), ("ann", ""), ("ann", "😀" * 20)],
)
async def test_input_at_the_limits_is_accepted(client, sender, text):
    sent = {"sender": sender, "message": text}
    response = await client.post("/webhook", json=sent)
    assert response.status_code == 200


async def test_streaming_is_not_offered(client):
    sent = {"sender": "ann", "message": "hello"}
    response = await client.post("/webhook?stream=true", json=sent)
    assert response.json() == [{"recipient_id": "ann", "text": "hello"}]


async def test_says_that_it_is_there(client):
    assert (await client.get("/")).json() == {"status": "ok"}


@pytest.mark.parametrize("agent", [None, FakeAgent(ready=False)])
async def test_a_server_without_a_model_does_not_start(handler, agent):
    with pytest.raises(RuntimeError, match="run `make train` if there is no model"):
        async with running(handler, agent):
            pass


def test_takes_its_limit_from_credentials():
    assert RestInput.from_credentials(None).name() == "rest"
    with pytest.raises(TypeError, match="longest"):
        RestInput.from_credentials({"longest": 5})
