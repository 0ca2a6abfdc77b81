import pytest

from addons.whatsapp.incoming import Failure
from records.troubles import ACCOUNT, NOTICE, REPLY, Troubles
from tests.staff.console_parts import words_of


@pytest.fixture
def troubles(url):
    return Troubles(url)


async def test_reception_sees_whom_to_phone_and_takes_it_off(
    browser_of, submitted, troubles
):
    asked = submitted()
    troubles.note("whatsapp", NOTICE, "no template (confirmed)", request_id=asked.id)
    rita = await browser_of("rita")

    words = words_of(await rita.get("/messages"))
    (open_one,) = troubles.open()
    done = await rita.send(f"/messages/{open_one.id}/end")

    assert "A patient was not told: confirmed" in words
    assert "has not written for 24 hours" in words
    assert "Phone the patient." in words
    assert asked.reference in words
    assert done.status_code == 303
    assert "None." in words_of(await rita.get("/messages"))


async def test_today_tells_of_messages_that_did_not_arrive(browser_of, troubles):
    rita = await browser_of("rita")
    assert "did not arrive" not in words_of(await rita.get("/"))

    troubles.note("whatsapp", REPLY, "131026", conversation="whatsapp-1")

    assert "1 message that did not arrive" in words_of(await rita.get("/"))


async def test_a_trouble_of_the_account_comes_first_and_once(browser_of, troubles):
    for _ in range(3):
        troubles.note("whatsapp", ACCOUNT, "190")
    troubles.note("whatsapp", REPLY, "131026", conversation="whatsapp-1")
    rita = await browser_of("rita")

    words = words_of(await rita.get("/messages"))

    assert words.index("token has expired") < words.index("cannot take it")
    assert "3 times since" in words


async def test_a_reply_that_failed_leads_to_the_request_of_its_conversation(
    browser_of, submitted, troubles
):
    asked = submitted()
    troubles.note("whatsapp", REPLY, "131026", conversation=asked.conversation)
    rita = await browser_of("rita")

    assert asked.reference in words_of(await rita.get("/messages"))


@pytest.mark.parametrize(
    "ref", ["", "reply:1", "reply:x", "notice:none", "nonsense", "reply:99999999999"]
)
def test_any_failure_is_noted(troubles, ref):
    troubles.note_failure("whatsapp", Failure("131026", ref))

    assert [trouble.code for trouble in troubles.open()] == ["131026"]


async def test_a_code_that_nobody_knows_is_shown_safely(browser_of, troubles):
    troubles.note_failure("whatsapp", Failure("<script>", "reply:1"))
    rita = await browser_of("rita")

    assert "<script>" not in (await rita.get("/messages")).text.replace(
        "<script src", ""
    )
