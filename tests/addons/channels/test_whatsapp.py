import asyncio
import json
import time
from datetime import timedelta

import pytest
from rasa.shared.core.events import BotUttered, UserUttered
from sanic import Sanic

from addons.channels.whatsapp import WhatsAppInput
from addons.channels.whatsapp_answers import NOTICES
from addons.whatsapp.incoming import Address
from addons.whatsapp.meta_webhook import read
from addons.whatsapp.settings import MetaSettings, WhatsAppSettingsError
from records.addresses import conversation_name
from records.errors import UnavailableError
from records.inbox import Inbox, key_of
from records.troubles import Troubles
from tests.addons.channels.whatsapp_channel import (
    FakeRasa,
    Tracker,
    running,
    shipped_words,
    until,
)
from tests.standins import payloads
from tests.standins.graph import (
    APP_SECRET,
    TOKEN,
    VERIFY_TOKEN,
    Graph,
    choices_of,
    signature,
)
from tests.standins.payloads import PHONE_NUMBER_ID, Person, every_kind, value

YES_NO = [{"title": "Yes", "payload": "button:yes"}, {"title": "No", "payload": "b:no"}]


@pytest.fixture(autouse=True)
def several_servers_in_one_process(monkeypatch):
    monkeypatch.setattr(Sanic, "test_mode", True)


@pytest.fixture
def rasa():
    return FakeRasa()


@pytest.fixture
def graph():
    made = Graph()
    yield made
    made.close()


@pytest.fixture
def thandi():
    return Person()


@pytest.fixture
def database(tmp_path, sqlite_file, monkeypatch):
    url = f"sqlite:///{tmp_path}/clinic.db"
    (tmp_path / "clinic.db").write_bytes(sqlite_file.read_bytes())
    monkeypatch.setenv("CLINIC_DATABASE_URL", url)
    return url


def settings(graph):
    return MetaSettings(PHONE_NUMBER_ID, TOKEN, APP_SECRET, VERIFY_TOKEN, graph.url)


@pytest.fixture
async def client(graph, rasa, database):
    channel = WhatsAppInput(settings(graph), settle_seconds=0.05)
    async with running(channel, rasa) as found:
        graph.webhook = f"{found.base_url}webhook"
        yield found


async def deliver(graph, body):
    return await asyncio.to_thread(graph.deliver, body)


async def sent(graph, count):
    return await until(lambda: graph.sent[:count] if len(graph.sent) >= count else ())


def texts_of(graph):
    return graph.texts()


async def test_a_text_is_answered_and_marked_as_read(client, graph, rasa, thandi):
    assert await deliver(graph, thandi.says("hello", id="wamid.1")) == 200

    (message,) = await sent(graph, 1)

    assert message["to"] == "+27825550199"
    assert texts_of(graph) == ["hello"]
    assert graph.read == ["wamid.1"]
    (heard,) = rasa.heard
    assert heard.input_channel == "whatsapp"
    assert heard.message_id == key_of("wamid.1")


async def test_the_conversation_has_a_name_that_tells_no_number(
    client, graph, rasa, thandi
):
    await deliver(graph, thandi.says("hello"))
    await sent(graph, 1)

    name = rasa.heard[0].sender_id

    assert "5550199" not in name
    assert "1102" not in name
    assert name == conversation_name("whatsapp", Address("ZA.1102", "+27825550199"))


async def test_who_hides_the_number_is_answered_by_user_id(client, graph):
    hidden = Person(wa_id="", user_id="ZA.77")

    await deliver(graph, hidden.says("hello"))

    (message,) = await sent(graph, 1)
    assert (message.get("to"), message["recipient"]) == (None, "ZA.77")


async def test_the_number_may_come_and_go_in_one_conversation(client, graph, rasa):
    await deliver(graph, Person("27825550111", "").says("one"))
    await sent(graph, 1)
    await deliver(graph, Person("27825550111", "ZA.5").says("two"))
    await sent(graph, 2)
    await deliver(graph, Person("", "ZA.5").says("three"))
    await sent(graph, 3)

    assert len({message.sender_id for message in rasa.heard}) == 1


async def test_a_number_that_somebody_else_has_now_is_another_conversation(
    client, graph, rasa
):
    await deliver(graph, Person("27825550111", "ZA.5").says("one"))
    await sent(graph, 1)
    await deliver(graph, Person("27825550111", "ZA.6").says("two"))
    await sent(graph, 2)

    assert len({message.sender_id for message in rasa.heard}) == 2


async def test_a_changed_number_keeps_the_conversation(client, graph, rasa, thandi):
    await deliver(graph, thandi.says("one"))
    await sent(graph, 1)
    await deliver(graph, thandi.sends(every_kind(thandi)["system"]))
    await deliver(graph, Person("27825550100", "ZA.2203").says("two"))
    await sent(graph, 2)

    assert len({message.sender_id for message in rasa.heard}) == 1


async def test_all_messages_of_all_entries_and_changes_are_answered(
    client, graph, rasa, thandi
):
    naledi = Person("27825550122", "ZA.3")
    body = thandi.sends(
        thandi.row("text", text={"body": "a"}, at=time.time() - 2),
        thandi.row("text", text={"body": "b"}),
    )
    body["entry"][0]["changes"] += naledi.says("c")["entry"][0]["changes"]
    body["entry"] += Person("27825550133", "ZA.4").says("d")["entry"]

    assert await deliver(graph, body) == 200

    await sent(graph, 4)
    assert sorted(texts_of(graph)) == ["a", "b", "c", "d"]


async def test_words_and_taps_reach_the_assistant(client, graph, rasa):
    expected = {
        "text": "is it a spasm or a strain",
        "button": "button:book",
        "interactive": "button:book",
        "list": "button:none",
        "captioned": "is this a strain?",
        "edit": "I mean my neck",
    }
    for number, kind in enumerate(expected):
        person = Person(f"27825550{number:03d}", f"ZA.5{number}")
        await deliver(graph, person.sends(every_kind(person)[kind]))
    await until(lambda: len(rasa.heard) == len(expected))

    assert sorted(rasa.texts) == sorted(expected.values())


async def test_what_cannot_be_read_is_said_so_kindly(client, graph, rasa):
    expected = {
        "image": "utter_whatsapp_picture",
        "audio": "utter_whatsapp_voice",
        "video": "utter_whatsapp_file",
        "document": "utter_whatsapp_file",
        "sticker": "utter_whatsapp_sticker",
        "location": "utter_whatsapp_location",
        "contacts": "utter_whatsapp_contact",
        "unsupported": "utter_whatsapp_other",
        "order": "utter_whatsapp_other",
        "flow": "utter_whatsapp_other",
    }
    people = {
        kind: Person(f"27825550{number:03d}", f"ZA.6{number}")
        for number, kind in enumerate(expected)
    }
    for kind, person in people.items():
        await deliver(graph, person.sends(every_kind(person)[kind]))
    await sent(graph, len(expected))

    for kind, response in expected.items():
        wording = f"{response}: phone 012 555 0142, or 112."
        assert (kind, graph.texts(people[kind])) == (kind, [wording])
    assert rasa.heard == []


async def test_what_needs_no_answer_gets_none(client, graph, rasa, thandi):
    for kind in ("reaction", "revoke"):
        assert await deliver(graph, thandi.sends(every_kind(thandi)[kind])) == 200
    await deliver(graph, thandi.says("after"))
    await sent(graph, 1)

    assert texts_of(graph) == ["after"]


def test_every_notice_names_the_phone_and_the_emergency_number():
    words = shipped_words()

    for response in NOTICES.values():
        assert "{clinic_phone}" in words[response]
        assert "{emergency_number}" in words[response]


async def test_words_with_a_picture_are_answered_first(client, graph, thandi):
    await deliver(graph, thandi.sends(every_kind(thandi)["captioned"]))

    await sent(graph, 2)

    assert texts_of(graph) == ["is this a strain?", "I have read only your words."]


async def test_a_message_that_comes_again_is_answered_once(client, graph, rasa, thandi):
    body = thandi.says("hello")
    for _ in range(3):
        assert await deliver(graph, body) == 200
    await deliver(graph, thandi.says("after"))

    await sent(graph, 2)

    assert rasa.texts == ["hello", "after"]


async def test_a_message_of_last_month_is_a_replay(client, graph, rasa, thandi):
    old = time.time() - 30 * 86400
    assert await deliver(graph, thandi.says("old", at=old)) == 200
    await deliver(graph, thandi.says("new"))
    await sent(graph, 1)

    assert rasa.texts == ["new"]


async def test_messages_that_come_in_the_wrong_order_are_put_right(
    graph, rasa, database, thandi
):
    now = time.time()
    channel = WhatsAppInput(settings(graph), settle_seconds=1)
    async with running(channel, rasa) as found:
        graph.webhook = f"{found.base_url}webhook"
        await deliver(graph, thandi.says("second", at=now))
        await deliver(graph, thandi.says("first", at=now - 3))
        await sent(graph, 2)

    assert rasa.texts == ["first", "second"]


async def test_a_message_that_is_taken_back_at_once_is_not_read(
    graph, rasa, database, thandi
):
    channel = WhatsAppInput(settings(graph), settle_seconds=0.5)
    async with running(channel, rasa) as found:
        graph.webhook = f"{found.base_url}webhook"
        await deliver(graph, thandi.says("oops", id="wamid.earlier"))
        await deliver(graph, thandi.sends(every_kind(thandi)["revoke"]))
        await deliver(graph, thandi.says("this"))
        await sent(graph, 1)

    assert rasa.texts == ["this"]


async def test_up_to_three_short_choices_are_buttons(client, graph, rasa, thandi):
    rasa.script["?"] = {"text": "Shall I?", "buttons": YES_NO}
    await deliver(graph, thandi.says("?"))

    (message,) = await sent(graph, 1)

    assert message["interactive"]["type"] == "button"
    assert choices_of(message) == {"Yes": "button:yes", "No": "b:no"}


async def test_many_choices_are_numbered_and_the_number_is_understood(
    client, graph, rasa, thandi
):
    buttons = [{"title": f"Day {n}", "payload": f"day:{n}"} for n in range(1, 13)]
    rasa.script["?"] = {"text": "Which day?", "buttons": buttons}
    await deliver(graph, thandi.says("?"))
    await sent(graph, 1)
    await deliver(graph, thandi.says("12."))
    await sent(graph, 2)
    await deliver(graph, thandi.says("12"))
    await sent(graph, 3)

    assert texts_of(graph)[0].endswith("12. Day 12\n\nYou can answer with a number.")
    # The third time nothing with numbers has been shown before.
    assert rasa.texts == ["?", "day:12", "12"]


async def test_who_fails_to_answer_sends_the_fallback(client, graph, rasa, thandi):
    rasa.script["x"] = ValueError("x")

    await deliver(graph, thandi.says("x"))

    await sent(graph, 1)
    assert texts_of(graph) == ["Phone us."]


@pytest.mark.parametrize("code", [131000, 131016])
async def test_a_passing_trouble_is_tried_again(client, graph, thandi, code):
    graph.failures.extend([code])

    await deliver(graph, thandi.says("hello"))

    await sent(graph, 1)
    assert graph.refused == [code]


async def test_replies_stay_in_order_when_the_first_is_put_off(
    client, graph, rasa, thandi
):
    rasa.script["?"] = ["one", "two", "three"]
    graph.failures.extend([131000])

    await deliver(graph, thandi.says("?"))

    await sent(graph, 3)
    assert texts_of(graph) == ["one", "two", "three"]


async def test_an_emergency_overtakes_what_waits(client, graph, rasa, thandi):
    rasa.script["?"] = "slow"
    rasa.script["!"] = [{"text": "Call 112.", "utter_action": "utter_emergency"}]
    graph.failures.extend([131056])
    await deliver(graph, thandi.says("?"))
    await until(lambda: graph.refused)

    await deliver(graph, thandi.says("!"))

    await sent(graph, 2)
    assert texts_of(graph) == ["Call 112.", "slow"]


@pytest.mark.parametrize("code", [190, 10])
async def test_a_wrong_token_is_told_to_staff_and_the_reply_is_kept(
    client, graph, thandi, database, code
):
    graph.failures.extend([code])
    await deliver(graph, thandi.says("hello"))

    (trouble,) = await until(Troubles(database).open)

    assert (trouble.kind, trouble.code) == ("account", str(code))


async def test_a_reply_outside_the_window_is_told_to_staff(
    client, graph, thandi, database
):
    graph.failures.extend([131047])
    await deliver(graph, thandi.says("hello"))

    (trouble,) = await until(Troubles(database).open)

    assert (trouble.kind, trouble.code) == ("reply", "131047")


async def test_a_failure_that_comes_later_is_told_to_staff(
    client, graph, thandi, database
):
    await deliver(graph, thandi.says("hello"))
    (message,) = await sent(graph, 1)

    status = payloads.failed(message["biz_opaque_callback_data"])
    assert await deliver(graph, status) == 200
    assert await deliver(graph, status) == 200

    (trouble,) = Troubles(database).open()
    assert (trouble.kind, trouble.code, trouble.times) == ("reply", "131026", 2)


async def test_states_of_messages_that_did_arrive_are_nothing_to_tell(
    client, graph, database
):
    for state in ("sent", "delivered", "read"):
        assert await deliver(graph, payloads.delivered("reply:1", state)) == 200

    assert Troubles(database).open() == []


async def test_a_template_that_meta_has_paused_is_told_to_staff(
    client, graph, database
):
    for event in ("PAUSED", "APPROVED"):
        body = payloads.body({"event": event}, "message_template_status_update")
        assert await deliver(graph, body) == 200
    for event in ("ACCOUNT_RESTRICTION", "VERIFIED_ACCOUNT"):
        body = payloads.body({"event": event}, "account_update")
        assert await deliver(graph, body) == 200

    codes = {trouble.code for trouble in Troubles(database).open()}
    assert codes == {"template paused", "account restriction"}


async def test_the_webhook_answers_at_once_while_the_assistant_is_slow(
    client, graph, rasa, thandi
):
    rasa.seconds = 3.0
    took = []
    for number in range(5):
        begin = time.monotonic()
        assert await deliver(graph, Person(user_id=f"ZA.{number}").says("x")) == 200
        took.append(time.monotonic() - begin)

    # `make bench-whatsapp` measures how fast; here it waits for no answer.
    assert max(took) < rasa.seconds / 2


async def test_a_message_that_was_answered_before_a_kill_is_not_asked_again(
    client, graph, rasa, thandi, database
):
    conversation = conversation_name("whatsapp", Address("ZA.1102", "+27825550199"))
    tracker = rasa.trackers[conversation] = Tracker()
    said = {"buttons": YES_NO}
    tracker.events = [
        UserUttered("before", message_id="x"),
        BotUttered("not this"),
        UserUttered("hello", message_id=key_of("wamid.1")),
        BotUttered("Shall I?", said, {"utter_action": "utter_x"}),
    ]
    inbox = Inbox(database)
    delivery = payloads.Person().says("hello", id="wamid.1")
    graph.note(delivery)

    inbox.keep(read(json.dumps(delivery).encode(), PHONE_NUMBER_ID), "whatsapp")
    (lost,) = inbox.lease("whatsapp", 1)
    inbox.put_off(lost, timedelta(0))

    (message,) = await sent(graph, 1)

    assert choices_of(message) == {"Yes": "button:yes", "No": "b:no"}
    assert rasa.heard == []


async def test_nobody_is_met_with_silence_while_the_database_is_away(
    client, graph, rasa, thandi, monkeypatch, database
):
    body = thandi.says("hello")
    keep = Inbox.keep

    def fails(*arguments, **options):
        raise UnavailableError("away")

    monkeypatch.setattr(Inbox, "keep", fails)
    # Meta brings it again ...
    assert await deliver(graph, body) == 503
    await sent(graph, 1)
    assert await deliver(graph, body) == 503
    monkeypatch.setattr(Inbox, "keep", keep)
    # ... and again when the database is back: it was answered already.
    assert await deliver(graph, body) == 200
    await deliver(graph, thandi.says("after"))
    await sent(graph, 2)

    assert texts_of(graph) == ["hello", "after"]
    assert Inbox(database).waiting() == 0


async def test_an_answer_that_cannot_be_kept_is_sent_once_all_the_same(
    client, graph, rasa, thandi, monkeypatch, database
):
    answer, failures = Inbox.answer, []

    def fails_once(*arguments, **options):
        if not failures:
            failures.append(1)
            raise UnavailableError("away")
        return answer(*arguments, **options)

    monkeypatch.setattr(Inbox, "answer", fails_once)
    monkeypatch.setattr("records.inbox.LEASE", timedelta(seconds=0.3))
    await deliver(graph, thandi.says("hello"))
    await until(lambda: Inbox(database).waiting() == 0)

    assert texts_of(graph) == ["hello"]
    assert rasa.texts == ["hello"]


async def test_verification_gives_back_the_challenge(client):
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}

    right = await client.get(
        "webhook", params={**query, "hub.verify_token": VERIFY_TOKEN}
    )

    assert (right.status_code, right.text) == (200, "1158201444")
    assert right.headers["content-type"].startswith("text/plain")


async def test_verification_refuses_everybody_else(client):
    right = {
        "hub.mode": "subscribe",
        "hub.challenge": "1",
        "hub.verify_token": VERIFY_TOKEN,
    }
    wrong = [{}, {"hub.verify_token": VERIFY_TOKEN}]
    wrong += [{k: v for k, v in right.items() if k != name} for name in right]
    for name in ("hub.mode", "hub.verify_token"):
        wrong += [{**right, name: value} for value in ("wrong", "", "é😀")]
    wrong += [{**right, "hub.challenge": "x" * 101}]

    statuses = [
        (await client.get("webhook", params=query)).status_code for query in wrong
    ]

    assert statuses == [403] * len(wrong)


async def test_a_body_without_the_right_signature_is_refused(client, rasa):
    body = json.dumps(Person().says("hello")).encode()
    headers = [
        {},
        *(
            {"X-Hub-Signature-256": value}
            for value in (
                "",
                "sha256=",
                "sha256=" + "0" * 64,
                "sha1=5",
                signature(b"other"),
                signature(body, "x"),
                signature(body).upper(),
            )
        ),
    ]

    replies = [await client.post("webhook", content=body, headers=h) for h in headers]

    assert {(reply.status_code, reply.text) for reply in replies} == {(403, "")}
    assert rasa.heard == []


async def test_what_is_no_webhook_of_whatsapp_is_refused(client):
    for body in (b"", b"{", b"[]", b"null", b'{"object": "page"}', b"\xff"):
        headers = {"X-Hub-Signature-256": signature(body)}
        reply = await client.post("webhook", content=body, headers=headers)
        assert (body, reply.status_code) == (body, 400)


async def test_messages_to_other_numbers_and_in_groups_are_left_alone(
    client, graph, rasa, thandi
):
    other = thandi.says("other")
    other["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = "1"
    group = thandi.sends(thandi.row("text", text={"body": "group"}, group_id="g"))

    assert await deliver(graph, other) == 200
    assert await deliver(graph, group) == 200
    await deliver(graph, thandi.says("mine"))
    await sent(graph, 1)

    assert rasa.texts == ["mine"]


async def test_a_body_that_is_too_large_is_refused(client):
    body = json.dumps(value(x="x" * 4_200_000)).encode()
    headers = {"X-Hub-Signature-256": signature(body)}

    assert (
        await client.post("webhook", content=body, headers=headers)
    ).status_code == 413


def test_without_settings_the_start_stops_with_words(monkeypatch):
    monkeypatch.delenv("CLINIC_WHATSAPP_PHONE_ID", raising=False)

    with pytest.raises(WhatsAppSettingsError, match="CLINIC_WHATSAPP_PHONE_ID"):
        WhatsAppInput.from_credentials(None)
