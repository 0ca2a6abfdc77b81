"""The same action, reading its question from Rasa's own response selector."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import ActionAnswer


def selected_topic(parsed: Mapping[str, Any]) -> str | None:
    """Returns the topic that Rasa's response selector ranked first."""
    # One selector for all retrieval intents calls itself "default".
    selected = parsed.get("response_selector", {}).get("default", {})
    topic: str | None = selected.get("response", {}).get("intent_response_key")
    return topic


class BaselineActionAnswer(Action):
    """Hands the selected topic to `ActionAnswer` in the form that it expects."""

    def __init__(self) -> None:
        self._action = ActionAnswer()

    def name(self) -> str:
        """Name used in `domain.yml`."""
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Answers the topic that the response selector ranked first."""
        topic = selected_topic(tracker.latest_message)
        if topic and tracker.latest_message["intent"]["name"] == "faq":
            question = {
                "text": tracker.latest_message.get("text"),
                "outcome": "answer",
                "options": [topic],
                "passages": [],
            }
            tracker.latest_message["questions"] = [question]
        return await self._action.run(dispatcher, tracker, domain)
