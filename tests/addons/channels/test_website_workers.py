"""Two workers: the channel twice, with nothing in common but Redis and the tracker."""

import asyncio
import shutil
import subprocess
import time

import pytest
import redis
import socketio
from rasa.core.lock_store import RedisLockStore
from sanic import Sanic

import addons.channels.website
from tests.addons.channels.website_parts import Agent, Person, serving, texts
from tests.postgresql import free_port


class ForkedManager(socketio.AsyncRedisManager):
    """What each worker gets: made before the fork, so it is the same in all."""

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.host_id = "before the fork"


@pytest.fixture(scope="module")
def redis_port(tmp_path_factory):
    program = shutil.which("redis-server")
    if not program:
        pytest.skip("Redis is not installed: apt-get install redis-server")
    port = free_port()
    server = subprocess.Popen(
        [program, "--port", str(port), "--save", "", "--bind", "127.0.0.1"],
        cwd=tmp_path_factory.mktemp("redis"),
        stdout=subprocess.DEVNULL,
    )
    client = redis.Redis(port=port)
    end = time.monotonic() + 20
    while True:
        try:
            client.ping()
            break
        except redis.ConnectionError:
            assert time.monotonic() < end
            time.sleep(0.05)
    yield port
    client.close()
    server.terminate()
    server.wait()


@pytest.fixture
async def workers(redis_port, sqlite_file, monkeypatch):
    """Returns the agent and the ports of both."""
    monkeypatch.setattr(Sanic, "test_mode", True)
    monkeypatch.setenv("SANIC_WORKERS", "2")
    monkeypatch.setenv("CLINIC_CHAT_SECRET", "a secret of the tests, long enough")
    monkeypatch.setenv("CLINIC_REDIS_URL", f"redis://127.0.0.1:{redis_port}/0")
    monkeypatch.setattr(addons.channels.website, "AsyncRedisManager", ForkedManager)
    agent = Agent(RedisLockStore(port=redis_port))
    url = f"sqlite:///{sqlite_file}"
    async with serving(agent, url) as one, serving(agent, url) as other:
        yield agent, one, other


async def both(one: int, other: int) -> tuple[Person, Person]:
    """Returns two tabs of one conversation, each at a worker of its own."""
    first, second = Person(one), Person(other)
    await first.connect()
    second.token = first.token
    await second.connect()
    # The workers begin to listen to Redis with their first connection.
    await asyncio.sleep(0.3)
    return first, second


async def test_a_tab_at_another_worker_sees_what_is_said(workers):
    _, one, other = workers
    first, second = await both(one, other)

    await first.say("answer")
    await asyncio.sleep(0.3)

    told = [value for name, value in second.client.events if name == "entries"]
    assert [[entry["text"] for entry in seen] for seen in told] == [
        ["answer", "echo answer"]
    ]
    await first.client.close()
    await second.client.close()


async def test_a_message_that_two_workers_get_is_handled_once(workers):
    agent, one, other = workers
    agent.delay = 0.3
    first, second = await both(one, other)

    answers = await asyncio.gather(
        first.say("answer", id="the-same-one"),
        second.say("answer", id="the-same-one", again=True),
    )

    assert [texts(answer) for answer in answers] == [["echo answer"]] * 2
    assert agent.handled == ["answer"]
    await first.client.close()
    await second.client.close()
