"""Makes sure that every message gets a reply, whatever fails behind a channel."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

logger = logging.getLogger(__name__)

FALLBACK_RESPONSE = "utter_failed"
LONGEST_WAIT_SECONDS = 10.0

Handler = Callable[[UserMessage], Awaitable[Any]]


class WholeMessages(CollectingOutputChannel):
    """Collects replies as they are; Rasa would cut them at blank lines."""

    async def send_text_message(
        self, recipient_id: str, text: str, **kwargs: Any
    ) -> None:
        """Keeps a reply in one piece, above all the emergency one."""
        await self._persist_message(self._message(recipient_id, text=text))


async def replies_to(
    message: UserMessage,
    handler: Handler,
    agent: Agent,
    *,
    longest_wait: float = LONGEST_WAIT_SECONDS,
) -> list[dict[str, Any]]:
    """Hands a message to Rasa and returns the replies, never an empty list.

    Rasa by itself answers nothing when an action fails or the action server is down.

    Args:
        message: its output channel must be `WholeMessages`.
        handler: Rasa's own handler of new messages.
        agent: generates the fallback sentence from domain.yml.
        longest_wait: seconds until the fallback sentence is sent instead.
    """
    collector: WholeMessages = message.output_channel
    try:
        await asyncio.wait_for(handler(message), longest_wait)
    except asyncio.TimeoutError:
        logger.error("No reply within %s s; the fallback is sent.", longest_wait)
    except Exception as error:  # whatever it is, the patient must not meet silence
        # Only where it failed: the text of an error may repeat the patient's words.
        frames = "".join(traceback.format_tb(error.__traceback__))
        logger.error(
            "A message failed with %s; the fallback is sent.\n%s",
            type(error).__name__,
            frames,
        )
    replies: list[dict[str, Any]] = collector.messages
    if not replies:
        fallback = await worded(FALLBACK_RESPONSE, agent)
        replies = [{"recipient_id": message.sender_id, **fallback}]
    return replies


async def worded(
    response: str, agent: Agent, *, channel: str = "rest"
) -> dict[str, Any]:
    """Returns the text of a response that is about no conversation."""
    empty = DialogueStateTracker.from_events("", [])
    filled = await agent.nlg.generate(response, empty, channel)
    return {"text": filled["text"]}
