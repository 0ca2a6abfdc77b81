"""Pipeline component: encodes each message with MiniLM."""

from __future__ import annotations

import logging
import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from addons.components.settings import known_settings
from addons.components.text_reader import READING
from addons.understanding.encoder import (
    ENCODER_FOLDER,
    Encoded,
    SentenceEncoder,
)
from addons.understanding.errors import EncoderError

logger = logging.getLogger(__name__)

ENCODED = "encoded"


@lru_cache(maxsize=1)
def shared_encoder(folder: str) -> SentenceEncoder | None:
    """Returns the encoder, loaded once for all components; None if it is missing.

    Without it the server still starts, because red flags are noticed by rules: the
    error is logged, and patients are given the clinic's phone number.
    """
    try:
        return SentenceEncoder(Path(folder))
    except EncoderError as error:
        logger.critical("%s Until then no question is understood.", error)
        return None


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False
)
class SentenceEncodingFeaturizer(GraphComponent):
    """Encodes each example, also as features that any Rasa classifier can use."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Every setting, with its default, that `config.yml` may override."""
        return {"encoder_folder": str(ENCODER_FOLDER)}

    def __init__(self, config: dict[str, Any]) -> None:
        self._encoder = shared_encoder(known_settings(self, config)["encoder_folder"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncodingFeaturizer:
        """Creates the featurizer."""
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encodes all examples.

        Raises:
            EncoderError: the encoder is missing; nothing can be trained without it.
        """
        if self._encoder is None:
            raise EncoderError(
                "Training needs the sentence encoder. Run `make encoder`, then train."
            )
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Encodes each message that was read; many examples on all cores."""
        if self._encoder is None:
            return messages
        readable = [m for m in messages if m.get(READING) and m.get(READING).plain]
        texts = [message.get(READING).plain for message in readable]
        if len(texts) > 1:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                vectors = list(pool.map(self._encoder.encode, texts))
        else:
            vectors = [self._encoder.encode(text) for text in texts]
        for message, encoded in zip(readable, vectors, strict=True):
            self._set(message, encoded)
        return messages

    def _set(self, message: Message, encoded: Encoded) -> None:
        message.set(ENCODED, encoded)
        vector = np.concatenate([encoded.sentence, encoded.layers])[np.newaxis, :]
        origin = type(self).__name__
        message.add_features(Features(vector, FEATURE_TYPE_SENTENCE, TEXT, origin))
