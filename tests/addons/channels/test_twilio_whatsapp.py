import asyncio
import json
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from sanic import Sanic

from addons.channels.twilio_whatsapp import TwilioWhatsAppInput
from addons.whatsapp.settings import TwilioSettings, WhatsAppSettingsError
from records.troubles import Troubles
from tests.addons.channels.whatsapp_channel import FakeRasa, running, until
from tests.standins.twilio import ACCOUNT, AUTH_TOKEN, NUMBER, PUBLIC_URL, Twilio

CONTENTS = tuple(f"HX{number:032x}" for number in (1, 2, 3))
YES_NO = [{"title": "Yes", "payload": "button:yes"}, {"title": "No", "payload": "b:no"}]


@pytest.fixture(autouse=True)
def several_servers_in_one_process(monkeypatch):
    monkeypatch.setattr(Sanic, "test_mode", True)


@pytest.fixture
def rasa():
    return FakeRasa()


@pytest.fixture
def twilio():
    made = Twilio()
    yield made
    made.close()


@pytest.fixture
def database(tmp_path, sqlite_file, monkeypatch):
    url = f"sqlite:///{tmp_path}/clinic.db"
    (tmp_path / "clinic.db").write_bytes(sqlite_file.read_bytes())
    monkeypatch.setenv("CLINIC_DATABASE_URL", url)
    return url


def channel(twilio, **more):
    settings = TwilioSettings(
        ACCOUNT, NUMBER, PUBLIC_URL, AUTH_TOKEN, api_url=twilio.url, **more
    )
    return TwilioWhatsAppInput(settings, settle_seconds=0.02)


@pytest.fixture
async def client(twilio, rasa, database):
    async with running(channel(twilio), rasa) as found:
        twilio.webhook = f"{found.base_url}webhook"
        yield found


async def deliver(twilio, form, **options):
    return await asyncio.to_thread(twilio.deliver, form, **options)


async def sent(twilio, count):
    await until(lambda: len(twilio.sent) >= count)
    return twilio.texts()


async def test_a_text_is_answered(client, twilio, rasa):
    assert await deliver(twilio, twilio.incoming("hello")) == 200

    assert await sent(twilio, 1) == ["hello"]
    assert twilio.sent[0]["To"] == "whatsapp:+27825550199"
    assert rasa.heard[0].input_channel == "twilio_whatsapp"


async def test_a_retried_message_is_answered_once(client, twilio, rasa):
    form = twilio.incoming("hello")
    for _ in range(3):
        assert await deliver(twilio, form) == 200
    await deliver(twilio, twilio.incoming("after"))

    await sent(twilio, 2)
    assert rasa.texts == ["hello", "after"]


async def test_choices_are_numbered_and_the_number_is_understood(client, twilio, rasa):
    rasa.script["?"] = [
        {"text": "Shall I?", "buttons": YES_NO},
        {"text": "Or this?", "buttons": [{"title": "Stop", "payload": "button:stop"}]},
    ]
    await deliver(twilio, twilio.incoming("?"))
    texts = await sent(twilio, 2)
    await deliver(twilio, twilio.incoming("3"))
    await sent(twilio, 3)

    assert texts[0] == "Shall I?\n\n1. Yes\n2. No\n\nYou can answer with a number."
    assert "3. Stop" in texts[1]
    assert rasa.texts == ["?", "button:stop"]


async def test_content_templates_make_buttons(twilio, rasa, database):
    twilio.contents = {CONTENTS[0]: 3, CONTENTS[1]: 5, CONTENTS[2]: 7}
    rasa.script["?"] = {"text": "Shall I?", "buttons": YES_NO}
    async with running(channel(twilio, button_contents=CONTENTS), rasa) as found:
        twilio.webhook = f"{found.base_url}webhook"
        await deliver(twilio, twilio.incoming("?"))
        await sent(twilio, 1)
        tapped = twilio.incoming("Yes", ButtonPayload="button:yes", ButtonText="Yes")
        await deliver(twilio, tapped)
        await sent(twilio, 2)

    assert twilio.sent[0]["ContentSid"] == CONTENTS[1]
    values = json.loads(twilio.sent[0]["ContentVariables"])
    assert list(values.values()) == ["Shall I?", "Yes", "button:yes", "No", "b:no"]
    assert rasa.texts == ["?", "button:yes"]


def media(kind: str) -> dict[str, str]:
    return {"NumMedia": "1", "MediaContentType0": kind}


async def test_what_cannot_be_read_is_said_so_kindly(client, twilio, rasa):
    expected = [
        (media("audio/ogg"), "utter_whatsapp_voice"),
        (media("image/jpeg"), "utter_whatsapp_picture"),
        (media("image/webp"), "utter_whatsapp_sticker"),
        (media("video/mp4"), "utter_whatsapp_file"),
        (media("text/vcard"), "utter_whatsapp_contact"),
        ({"NumMedia": "1"}, "utter_whatsapp_file"),
        ({"Latitude": "-25.7", "Longitude": "28.2"}, "utter_whatsapp_location"),
        ({}, "utter_whatsapp_other"),
    ]
    for more, _ in expected:
        await deliver(twilio, twilio.incoming("", **more))

    texts = await sent(twilio, len(expected))
    assert [text.partition(":")[0] for text in texts] == [name for _, name in expected]
    assert rasa.heard == []


async def test_who_hides_the_number_is_answered_by_user_id(client, twilio):
    await deliver(twilio, twilio.incoming("hello", From="whatsapp:ZA.77"))

    await sent(twilio, 1)
    assert twilio.sent[0]["To"] == "whatsapp:ZA.77"


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_a_form_without_the_right_signature_is_refused(
    client, twilio, rasa, token
):
    assert await deliver(twilio, twilio.incoming("hello"), token=token) == 403
    assert (await client.post("webhook", data={"Body": "x"})).status_code == 403
    assert rasa.heard == []


async def test_a_passing_trouble_is_tried_again(client, twilio):
    twilio.failures.append((20503, 503))

    await deliver(twilio, twilio.incoming("hello"))

    assert await sent(twilio, 1) == ["hello"]


async def test_a_failure_that_comes_later_is_told_to_staff(client, twilio, database):
    await deliver(twilio, twilio.incoming("hello"))
    await sent(twilio, 1)
    query = f"?{urlsplit(twilio.sent[0]['StatusCallback']).query}"
    status = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "63024"}

    assert await deliver(twilio, status, path="/status", query=query) == 204
    fine = {"MessageSid": "SM1", "MessageStatus": "read"}
    assert await deliver(twilio, fine, path="/status", query=query) == 204
    forged = f"?{urlencode({'ref': 'reply:2'})}"
    headers = {"X-Twilio-Signature": "x"}
    refused = await client.post(f"webhook/status{forged}", data=status, headers=headers)

    assert refused.status_code == 403
    assert dict(parse_qsl(query[1:])) == {"ref": "reply:1"}
    assert [(t.kind, t.code) for t in Troubles(database).open()] == [("reply", "63024")]


async def test_a_wrong_token_is_told_to_staff(client, twilio, database):
    twilio.failures.append((20003, 401))
    await deliver(twilio, twilio.incoming("hello"))

    (trouble,) = await until(Troubles(database).open)

    assert (trouble.kind, trouble.code) == ("account", "20003")


def test_without_settings_the_start_stops_with_words(monkeypatch):
    monkeypatch.delenv("CLINIC_TWILIO_ACCOUNT_SID", raising=False)

    with pytest.raises(WhatsAppSettingsError, match="CLINIC_TWILIO_ACCOUNT_SID"):
        TwilioWhatsAppInput.from_credentials({})
