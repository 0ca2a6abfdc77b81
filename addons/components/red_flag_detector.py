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

from addons.components.settings import known_settings, read_group
from addons.safety.answers import AnswerReader
from addons.safety.detector import SAFETY_FOLDER, RedFlagJudge
from addons.safety.network import NETWORK_FILE
from addons.safety.opinion import StatisticalLayer, Thresholds
from addons.safety.triage import Triage
from addons.understanding.commands import read_button
from addons.understanding.encoder import ENCODER_FOLDER
from addons.understanding.errors import EncoderError

logger = logging.getLogger(__name__)

TRIAGE = "triage"
SIGNS = "signs"
ABOUT_OTHER = "about_other"
REPLY = "reply"
RED_FLAG = "red_flag"
EMERGENCY = "emergency"
# Scores lie around 0, on either side.
LOWEST_SCORE = -100.0
# Shown when the detector itself fails: the emergency facts, never silence.
FAILED = Triage("card", failed=True)


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False
)
class RedFlagDetector(GraphComponent, EntityExtractorMixin):
    """Sets `triage`, `signs` and `reply`; an emergency takes over the intent.

    The level and the flags are entities too, so that Rasa itself fills the slots of
    the same names, without the action server.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Every setting, with its default, that `config.yml` may override."""
        return {
            "safety_folder": str(SAFETY_FOLDER),
            "encoder_folder": str(ENCODER_FOLDER),
            "network_file": str(NETWORK_FILE),
            "thresholds": asdict(Thresholds()),
        }

    def __init__(self, config: dict[str, Any]) -> None:
        settings = known_settings(self, config)
        folder = Path(settings["safety_folder"])
        thresholds = read_group(
            Thresholds, "thresholds", settings["thresholds"], least=LOWEST_SCORE
        )
        layer = _statistical_layer(
            Path(settings["encoder_folder"]), Path(settings["network_file"])
        )
        self._judge = RedFlagJudge.from_folder(folder, layer, thresholds)
        self._answers = AnswerReader.from_file(folder / "answers.yml")

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
            text = message.get(TEXT) or ""
            # The id of a button is no word of the patient.
            triage = Triage("none") if read_button(text) else self._triage(text)
            _report(message, triage)
            reply = asdict(self._answers.read(text))
            message.set(REPLY, reply, add_to_output=True)
        return messages

    def _triage(self, text: str) -> Triage:
        for judge in (self._judge.judge, self._judge.judge_by_rules):
            try:
                return judge(text)
            except Exception as error:  # the patient must not meet silence
                # Not the error's own text, which may repeat the patient's words.
                logger.error(
                    "The red-flag detector failed with %s in %s.\n%s",
                    type(error).__name__,
                    judge.__name__,
                    "".join(traceback.format_tb(error.__traceback__)),
                )
        return FAILED


def _statistical_layer(folder: Path, learned: Path) -> StatisticalLayer | None:
    """Returns the layer, or None if it is missing: then the rules judge alone."""
    try:
        return StatisticalLayer(folder, learned)
    except EncoderError as error:
        logger.critical("%s Until then red flags are noticed by rules alone.", error)
        return None


def _report(message: Message, triage: Triage) -> None:
    flags = [asdict(flag) for flag in triage.flags]
    for flag in flags:
        del flag["family"]
    output: dict[str, Any] = {"level": triage.level, "flags": flags}
    if triage.failed:
        output["failed"] = True
    message.set(TRIAGE, output, add_to_output=True)
    message.set(SIGNS, list(triage.signs), add_to_output=True)
    message.set(ABOUT_OTHER, triage.about_other, add_to_output=True)
    if triage.level == "none":
        return
    entities = [_entity("triage_level", triage.level)]
    entities += [_entity("triage_flags", flag.id) for flag in triage.raised]
    if triage.level == EMERGENCY:
        gravest = triage.raised[0]
        entities.append(_entity("emergency_family", gravest.family))
        intent = {"name": RED_FLAG, "confidence": 1.0}
        message.set(INTENT, intent, add_to_output=True)
    known = message.get(ENTITIES) or []
    message.set(ENTITIES, [*known, *entities], add_to_output=True)


def _entity(name: str, value: str) -> dict[str, Any]:
    return {"entity": name, "value": value, "extractor": RedFlagDetector.__name__}
