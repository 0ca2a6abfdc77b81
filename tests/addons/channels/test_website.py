import asyncio

import httpx
import pytest
import websockets
from sanic import Sanic

from addons.channels.website import Settings, WebsiteInput
from addons.chat.errors import ChatSettingsError
from benchmarks.widget_client import ChatClient
from records.ratings import Ratings
from tests.addons.channels.website_parts import Agent, Person, serving, texts


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setattr(Sanic, "test_mode", True)
    monkeypatch.setenv("CLINIC_CHAT_SECRET", "a secret of the tests, long enough")
    monkeypatch.delenv("CLINIC_REDIS_URL", raising=False)


@pytest.fixture
def agent() -> Agent:
    return Agent()


@pytest.fixture
def url(sqlite_file) -> str:
    return f"sqlite:///{sqlite_file}"


@pytest.fixture
async def port(agent, url):
    async with serving(agent, url, origins=["https://www.clinic.example"]) as found:
        yield found


@pytest.fixture
async def ann(port):
    person = Person(port)
    await person.connect()
    yield person
    await person.client.close()


async def test_a_message_is_answered_with_ids_and_without_payloads(ann, agent):
    answer = await ann.say("answer")

    assert answer == {
        "entries": [
            {
                "id": "message-1.1",
                "who": "assistant",
                "text": "echo answer",
                "buttons": [{"id": "message-1.1:0", "title": "More"}],
                "rated": True,
            }
        ]
    }
    assert ann.client.events == [("working", {"id": "message-1"})]
    assert agent.handled == ["answer"]


async def test_a_button_is_mapped_and_shown_with_its_words(ann, agent):
    await ann.say("answer")

    await ann.say("More", button="message-1.1:0")

    assert agent.handled == ["answer", "button:more"]
    begun = await Person.connect(ann)
    assert [e["text"] for e in begun["entries"] if e["who"] == "patient"] == [
        "answer",
        "More",
    ]


@pytest.mark.parametrize("button", ["message-9.1:0", "message-1.1:7", "message-1.1"])
async def test_a_button_that_is_not_there_counts_as_its_words(ann, agent, button):
    await ann.say("answer")

    assert texts(await ann.say("Book", button=button)) == ["echo Book"]


async def test_messages_are_handled_one_at_a_time_in_order(ann, agent):
    agent.delay = 0.02

    answers = await asyncio.gather(*(ann.say(str(number)) for number in range(5)))

    assert agent.handled == ["0", "1", "2", "3", "4"]
    assert [texts(answer) for answer in answers] == [
        [f"echo {number}"] for number in range(5)
    ]


async def test_a_message_sent_again_is_handled_once(ann, agent):
    first = await ann.say("answer", id="the-same-one")
    second = await ann.say("answer", id="the-same-one", again=True)

    assert first == second
    assert agent.handled == ["answer"]


async def test_a_restarted_server_knows_what_it_has_answered(agent, url):
    async with serving(agent, url) as port:
        ann = Person(port)
        await ann.connect()
        first = await ann.say("answer", id="the-same-one")
        await ann.say("silence", id="another-one")
    async with serving(agent, url) as port:
        ann.port = port
        begun = await ann.connect(last="the-same-one.1")
        second = await ann.say("answer", id="the-same-one", again=True)
        third = await ann.say("silence", id="another-one", again=True)

    assert not begun["fresh"]
    assert texts(begun) == ["silence", "Phone us."]
    assert second == first
    assert texts(third) == ["Phone us."]
    assert agent.handled == ["answer", "silence"]


async def test_a_message_that_was_under_way_when_the_line_broke_is_not_lost(ann, agent):
    agent.delay = 0.2
    lost = asyncio.create_task(ann.say("answer", id="the-same-one"))
    while not agent.handled:
        await asyncio.sleep(0.01)
    await ann.client.close()
    with pytest.raises(ConnectionResetError):
        await lost

    begun = await ann.connect()
    answer = await ann.say("answer", id="the-same-one", again=True)

    assert begun["entries"] == []
    assert texts(answer) == ["echo answer"]
    assert agent.handled == ["answer"]
    # The other way it came: as if from another tab.
    told = [value for name, value in ann.client.events if name == "entries"]
    assert [entry["id"] for entry in told[0]] == ["the-same-one", "the-same-one.1"]


@pytest.mark.parametrize("text", ["silence", "fail"])
async def test_nobody_meets_silence(ann, text):
    assert texts(await ann.say(text)) == ["Phone us."]


async def test_two_tabs_see_the_same_and_others_see_nothing(ann, port):
    tab, ben = Person(port), Person(port)
    tab.token = ann.token
    await tab.connect()
    await ben.connect()

    await ann.say("answer")
    await ben.say("hello")

    told = [value for name, value in tab.client.events if name == "entries"]
    assert [[entry["text"] for entry in one] for one in told] == [
        ["answer", "echo answer"]
    ]
    assert [name for name, _ in ben.client.events] == ["working"]
    await tab.client.close()
    await ben.client.close()


@pytest.mark.parametrize("token", ["website-1", "a.b.c", 5, "", {"sub": "website-1"}])
async def test_a_forged_token_opens_a_new_conversation_and_no_other(ann, port, token):
    await ann.say("answer")
    thief = Person(port)

    begun = await thief.connect(token=token)

    assert begun["fresh"]
    assert begun["entries"] == []
    assert texts(await thief.say("hello")) == ["echo hello"]
    assert await thief.client.ask("rate", {"id": "message-1.1", "helpful": True}) == {
        "ok": False
    }
    await thief.client.close()


async def test_other_sites_are_refused(port):
    for origin in ("https://evil.example", "null", "https://www.clinic.example.evil"):
        client = ChatClient(port, origin=origin)
        with pytest.raises(websockets.exceptions.InvalidStatusCode):
            await client.connect()
    for origin in ("https://www.clinic.example", f"http://127.0.0.1:{port}"):
        client = ChatClient(port, origin=origin)
        await client.connect()
        await client.close()


async def test_polling_is_refused(port):
    async with httpx.AsyncClient(trust_env=False) as http:
        address = f"http://127.0.0.1:{port}/chat/socket.io/?EIO=4&transport=polling"
        assert (await http.get(address)).status_code == 400


@pytest.mark.parametrize(
    ("frame", "answer"),
    [
        ({"id": "12345678", "text": "x" * 2001}, {"refused": "long"}),
        ({"id": "1234", "text": "x"}, {"refused": "malformed"}),
        (None, {"refused": "malformed"}),
        ({"id": "12345678", "text": {"$": "x"}}, {"refused": "malformed"}),
    ],
)
async def test_what_cannot_be_read_is_refused_and_the_chat_goes_on(
    ann, agent, frame, answer
):
    assert await ann.client.ask("say", frame) == answer
    assert agent.handled == []
    assert texts(await ann.say("x" * 2000)) == ["echo " + "x" * 2000]


async def test_a_megabyte_ends_the_connection_and_hurts_nobody_else(ann, port, agent):
    evil = Person(port)
    await evil.connect()
    with pytest.raises(ConnectionResetError):
        await evil.say("x" * 1_000_000)

    assert agent.handled == []
    assert texts(await ann.say("hello")) == ["echo hello"]


@pytest.mark.parametrize(
    "frame",
    ["42", '42["begin"', '420["say"]', '42["disconnect"]', "9", '42["no such"]', "4"],
)
async def test_nonsense_on_the_line_hurts_nobody_else(ann, port, frame):
    evil = Person(port)
    await evil.connect()
    await evil.client.send_raw(frame)

    assert texts(await ann.say("hello")) == ["echo hello"]
    await evil.client.close()


async def test_nothing_is_said_before_the_conversation_begins(port, agent):
    client = ChatClient(port)
    await client.connect()
    frame = {"id": "12345678", "text": "x"}

    assert await client.ask("say", frame) == {"refused": "gone"}
    assert await client.ask("rate", {"id": "a.1", "helpful": True}) == {"ok": False}
    assert agent.handled == []
    await client.close()


async def test_who_writes_too_fast_is_told_to_wait(agent, url):
    async with serving(agent, url, messages_burst=2, messages_per_minute=6) as port:
        ann, ben = Person(port), Person(port)
        await ann.connect()
        await ben.connect()
        answers = [await ann.say("hello") for _ in range(3)]

        assert answers[2] == {"wait": 10}
        assert texts(await ben.say("hello")) == ["echo hello"]
        assert len(agent.handled) == 3


async def test_ten_times_the_load_is_sent_again_and_handled_once(
    agent, url, monkeypatch
):
    conversations = "addons.channels.website_conversations"
    monkeypatch.setattr(f"{conversations}.MOST_AT_ONCE", 2)
    monkeypatch.setattr(f"{conversations}.PATIENCE_SECONDS", 0.05)
    agent.delay = 0.1
    async with serving(agent, url) as port:
        people = [Person(port) for _ in range(20)]
        for person in people:
            await person.connect()
        frame = {"id": "the-same-one"}
        first = await asyncio.gather(*(p.say("hello", **frame) for p in people))
        told_to_wait = [p for p, a in zip(people, first, strict=True) if "wait" in a]
        agent.delay = 0
        again = [await p.say("hello", **frame, again=True) for p in told_to_wait]

        assert 0 < len(told_to_wait) < 20
        assert all(texts(answer) == ["echo hello"] for answer in again)
        assert agent.handled == ["hello"] * 20


async def test_an_address_has_a_limit_of_its_own(agent, url):
    settings = {"address_burst": 2, "connections_burst": 3}
    async with serving(agent, url, **settings) as port:
        people = [Person(port) for _ in range(3)]
        for person in people:
            await person.connect()
        answers = [await person.say("hello") for person in people]
        with pytest.raises(ConnectionRefusedError):
            await Person(port).connect()

        assert [list(answer) for answer in answers] == [
            ["entries"],
            ["entries"],
            ["wait"],
        ]


async def test_an_answer_is_rated_once_and_the_latest_counts(ann, url):
    await ann.say("answer")
    rate = {"id": "message-1.1", "helpful": True}

    assert await ann.client.ask("rate", rate) == {"ok": True}
    assert await ann.client.ask("rate", rate | {"helpful": False}) == {"ok": True}

    begun = await Person.connect(ann)
    assert begun["ratings"] == {"message-1.1": False}


@pytest.mark.parametrize("entry", ["message-1", "message-1.2", "message-2.1", "x"])
async def test_what_is_no_answer_cannot_be_rated(ann, entry):
    await ann.say("answer")
    await ann.say("hello")

    rating = {"id": entry, "helpful": True}
    assert await ann.client.ask("rate", rating) == {"ok": False}


async def test_without_the_database_the_chat_goes_on_without_thumbs(agent, tmp_path):
    async with serving(agent, f"sqlite:///{tmp_path}") as port:
        ann = Person(port)
        await ann.connect()
        assert texts(await ann.say("answer")) == ["echo answer"]
        rating = {"id": "message-1.1", "helpful": True}
        assert await ann.client.ask("rate", rating) == {"ok": False}
        assert texts(await ann.connect()) == ["answer", "echo answer"]


async def test_files_are_small_and_the_front_page_is_strict(agent, url):
    async with serving(agent, url, demo_page=True) as port:
        base = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=base, trust_env=False) as http:
            page = await http.get("/")
            script = await http.get("/chat/widget.js")
            tag = script.headers["etag"]
            again = await http.get("/chat/widget.js", headers={"If-None-Match": tag})
            setup = await http.get("/chat/setup.json")
            missing = await http.get("/chat/../credentials.yml")

    assert "data-clinic-chat" in page.text
    assert "unsafe" not in page.headers["content-security-policy"]
    assert script.headers["content-encoding"] == "gzip"
    assert script.headers["access-control-allow-origin"] == "*"
    assert again.status_code == 304
    assert setup.json()["emergency"] == "112"
    assert missing.status_code == 404


async def test_without_the_demo_the_front_page_is_not_ours(agent, url):
    async with (
        serving(agent, url) as port,
        httpx.AsyncClient(trust_env=False) as http,
    ):
        address = f"http://127.0.0.1:{port}"
        assert (await http.get(f"{address}/")).status_code == 500
        assert (await http.get(f"{address}/chat/demo/clinic.css")).status_code == 404


@pytest.mark.parametrize(
    "origin", ["*", "www.clinic.example", "https://www.clinic.example/", "", "null"]
)
def test_what_is_no_origin_stops_the_start(origin):
    with pytest.raises(ChatSettingsError, match=r"https://www\.clinic\.example"):
        Settings(origins=[origin])


def test_an_unknown_setting_stops_the_start():
    with pytest.raises(TypeError, match="colour"):
        WebsiteInput.from_credentials({"colour": "red"})
    assert WebsiteInput.from_credentials(None).name() == "website"


async def test_several_workers_need_redis(monkeypatch, agent):
    monkeypatch.setenv("SANIC_WORKERS", "2")
    with pytest.raises(ChatSettingsError, match="CLINIC_REDIS_URL"):
        WebsiteInput(ratings=Ratings("sqlite://")).blueprint(agent.handle)
