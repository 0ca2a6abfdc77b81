"""Pipeline component: notices red flags in every message; always the last one."""

from __future__ import annotations

import logging
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from addons.components.settings import known_settings
from addons.understanding.red_flag_rules import read_rules
from addons.understanding.red_flags import RedFlagRules
from addons.understanding.triage import Triage

logger = logging.getLogger(__name__)

TRIAGE = "triage"
RED_FLAG = "red_flag"
# Shown when the detector itself fails: the emergency facts, never silence.
FAILED = Triage("card", ())


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False
)
class RedFlagDetector(GraphComponent, EntityExtractorMixin):
    """Sets `triage`; an emergency takes over the intent of the message.

    The level, the flags and the family are entities too, so that Rasa itself fills
    the slots of the same names, without the action server.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Every setting, with its default, that `config.yml` may override."""
        return {"rules_file": "data/safety/red_flags.yml"}

    def __init__(self, config: dict[str, Any]) -> None:
        settings = known_settings(self, config)
        self._rules = RedFlagRules(read_rules(Path(settings["rules_file"])))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RedFlagDetector:
        """Reads the rules."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Judges each message by itself."""
        for message in messages:
            triage = self._judge(message.get(TEXT) or "")
            _report(message, triage)
        return messages

    def _judge(self, text: str) -> Triage:
        try:
            return self._rules.judge(text)
        except Exception as error:  # whatever it is, the patient must not meet silence
            # Not the error's own text, which may repeat the patient's words.
            logger.error(
                "The red-flag detector failed with %s; the card is shown.\n%s",
                type(error).__name__,
                "".join(traceback.format_tb(error.__traceback__)),
            )
            return FAILED


def _report(message: Message, triage: Triage) -> None:
    flags = [asdict(flag) for flag in triage.flags]
    for flag in flags:
        del flag["family"]
    message.set(TRIAGE, {"level": triage.level, "flags": flags}, add_to_output=True)
    if triage.level == "none":
        return
    entities = [_entity("triage_level", triage.level)]
    entities += [_entity("triage_flags", flag.id) for flag in triage.raised]
    if triage.level == "emergency":
        gravest = triage.raised[0]
        entities.append(_entity("emergency_family", gravest.family))
        intent = {"name": RED_FLAG, "confidence": 1.0}
        message.set(INTENT, intent, add_to_output=True)
    known = message.get(ENTITIES) or []
    message.set(ENTITIES, [*known, *entities], add_to_output=True)


def _entity(name: str, value: str) -> dict[str, Any]:
    return {"entity": name, "value": value, "extractor": RedFlagDetector.__name__}
