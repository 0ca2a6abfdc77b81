import asyncio

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from sqlalchemy.exc import OperationalError

from addons.channels.replies import WholeMessages, replies_to

FALLBACK = [{"recipient_id": "ann", "text": "Please phone us."}]


class FakeAgent:
    """What the channel needs of Rasa's agent: its responses."""

    nlg = TemplatedNaturalLanguageGenerator(
        {"utter_failed": [{"text": "Please phone us."}]}
    )


@pytest.fixture
def message() -> UserMessage:
    return UserMessage("my private words", WholeMessages(), "ann")


async def answers(message: UserMessage) -> None:
    await message.output_channel.send_text_message("ann", "Hello.")
    await message.output_channel.send_text_message("ann", "How are you?")


async def says_nothing(message: UserMessage) -> None:
    return None


async def raises(message: UserMessage) -> None:
    raise ConnectionError(f"the action server is down: {message.text}")


async def hangs(message: UserMessage) -> None:
    await asyncio.Event().wait()


async def answers_and_raises(message: UserMessage) -> None:
    await answers(message)
    raise ConnectionError


async def answers_and_hangs(message: UserMessage) -> None:
    await answers(message)
    await hangs(message)


ANSWERS = [
    {"recipient_id": "ann", "text": "Hello."},
    {"recipient_id": "ann", "text": "How are you?"},
]


@pytest.mark.parametrize(
    ("handler", "replies"),
    [
        (answers, ANSWERS),
        (answers_and_raises, ANSWERS),
        (answers_and_hangs, ANSWERS),
        (says_nothing, FALLBACK),
        (raises, FALLBACK),
        (hangs, FALLBACK),
    ],
)
async def test_every_message_gets_a_reply(message, handler, replies):
    found = await replies_to(message, handler, FakeAgent(), longest_wait=0.05)
    assert found == replies


async def test_a_reply_with_blank_lines_stays_one_message(message):
    text = "Call 112 now.\n\nDo not drive.\n\nDo not wait."

    async def answers_at_length(message: UserMessage) -> None:
        await message.output_channel.send_text_message("ann", text)

    found = await replies_to(message, answers_at_length, FakeAgent())

    assert found == [{"recipient_id": "ann", "text": text}]


async def test_a_handler_that_hangs_is_stopped(message):
    stopped = asyncio.Event()

    async def hangs_until_stopped(message: UserMessage) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    await replies_to(message, hangs_until_stopped, FakeAgent(), longest_wait=0.01)

    assert stopped.is_set()


async def test_a_channel_that_closes_is_not_answered(message):
    async def cancelled(message: UserMessage) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await replies_to(message, cancelled, FakeAgent())


@pytest.mark.parametrize(
    ("handler", "logged"),
    [
        (raises, "A message failed with ConnectionError; the fallback is sent."),
        (hangs, "No reply within 0.01 s; the fallback is sent."),
    ],
)
async def test_the_log_tells_the_failure_without_the_message(
    message, handler, logged, caplog
):
    await replies_to(message, handler, FakeAgent(), longest_wait=0.01)

    assert logged in caplog.text
    assert "my private words" not in caplog.text


@pytest.mark.issue("a database error carries the values of its statement into the log")
async def test_a_database_error_does_not_log_the_message(message, caplog):
    async def database_is_locked(message: UserMessage) -> None:
        parameters = {"data": f'{{"text": "{message.text}"}}'}
        raise OperationalError("INSERT INTO events", parameters, Exception("locked"))

    await replies_to(message, database_is_locked, FakeAgent())

    assert "A message failed with OperationalError" in caplog.text
    assert "database_is_locked" in caplog.text
    assert "my private words" not in caplog.text
