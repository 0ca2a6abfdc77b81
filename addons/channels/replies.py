"""Makes sure that every message gets a reply, whatever fails behind a channel."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

logger = logging.getLogger(__name__)

FALLBACK_RESPONSE = "utter_failed"
LONGEST_WAIT_SECONDS = 10.0

Handler = Callable[[UserMessage], Awaitable[Any]]


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
        message: its output channel must be a `CollectingOutputChannel`.
        handler: Rasa's own handler of new messages.
        agent: generates the fallback sentence from domain.yml.
        longest_wait: seconds until the fallback sentence is sent instead.
    """
    collector: CollectingOutputChannel = message.output_channel
    try:
        await asyncio.wait_for(handler(message), longest_wait)
    except asyncio.TimeoutError:
        logger.error("No reply within %s s; the fallback is sent.", longest_wait)
    except Exception:  # whatever it is, the patient must not meet silence
        logger.exception("A message failed; the fallback is sent.")
    replies: list[dict[str, Any]] = collector.messages
    if not replies:
        replies = [await _fallback(message.sender_id, agent)]
    return replies


async def _fallback(sender: str, agent: Agent) -> dict[str, Any]:
    empty = DialogueStateTracker.from_events(sender, [])
    filled = await agent.nlg.generate(FALLBACK_RESPONSE, empty, "rest")
    return {"recipient_id": sender, "text": filled["text"]}
