"""Pipeline component: reads each message with spaCy and repairs its spelling."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import TEXT, TEXT_TOKENS
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from addons.components.settings import known_settings
from addons.understanding.spelling import SpellingCorrector
from addons.understanding.text import (
    TextReader,
    clean,
    load_spacy,
    read_chat_spelling,
)

READING = "reading"
WORDS_FILE = "words.json"
LETTERS = re.compile(r"[a-z]+")


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True
)
class SpacyTextReader(GraphComponent):
    """Sets tokens, sentences and plain spelling for the components behind it.

    Also takes the leading slash from a message: a patient who types `/restart` says a
    word and gives no order to Rasa. Buttons carry ids instead of intents.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Every setting, with its default, that `config.yml` may override."""
        return {
            "chat_spelling_file": "data/language/chat_spelling.yml",
            "correct_spelling": True,
            "fewest_uses_of_own_word": 3,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        words: set[str] | None = None,
    ) -> None:
        self._config = known_settings(self, config)
        self._storage = model_storage
        self._resource = resource
        self._reader = self._build(words or set())

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpacyTextReader:
        """Creates a reader that has not seen the examples."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SpacyTextReader:
        """Loads the words that the examples use."""
        with model_storage.read_from(resource) as folder:
            words = json.loads((folder / WORDS_FILE).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, set(words))

    def train(self, training_data: TrainingData) -> Resource:
        """Collects the words that patients and the clinic use, to leave them alone."""
        uses = Counter(
            word
            for message in training_data.intent_examples
            for word in set(LETTERS.findall(message.get(TEXT).lower()))
        )
        fewest = self._config["fewest_uses_of_own_word"]
        words = {word for word, count in uses.items() if count >= fewest}
        with self._storage.write_to(self._resource) as folder:
            (folder / WORDS_FILE).write_text(json.dumps(sorted(words)), "utf-8")
        self._reader = self._build(words)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Reads all examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Reads each message that has text."""
        for message in messages:
            text = message.get(TEXT)
            if text is None:
                continue
            text = clean(text).lstrip(f" {INTENT_MESSAGE_PREFIX}")
            message.set(TEXT, text, add_to_output=True)
            reading = self._reader.read(text)
            message.set(READING, reading)
            tokens = [
                Token(t.text, t.start, t.end, lemma=t.lemma) for t in reading.tokens
            ]
            message.set(TEXT_TOKENS, tokens)
        return messages

    @property
    def reader(self) -> TextReader:
        """The reader itself, for components that read other texts the same way."""
        return self._reader

    def _build(self, words: set[str]) -> TextReader:
        corrector = None
        if self._config["correct_spelling"]:
            corrector = SpellingCorrector(words)
        forms = read_chat_spelling(Path(self._config["chat_spelling_file"]))
        return TextReader(load_spacy(), forms, corrector)
