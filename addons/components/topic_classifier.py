"""Pipeline component: which questions a message asks, and what answers them."""

from __future__ import annotations

import logging
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from addons.components.sentence_encoder import ENCODED, shared_encoder
from addons.components.settings import known_settings, read_group
from addons.components.text_reader import READING
from addons.understanding.commands import Command, read_button, read_choice
from addons.understanding.encoder import ENCODER_FOLDER, Encoded
from addons.understanding.errors import SettingError
from addons.understanding.planner import Plan, Planner, Question, Thresholds
from addons.understanding.search import ArticleSearch
from addons.understanding.text import TextReader, load_spacy
from addons.understanding.topic_model import TopicModel, TopicScores, ViewWeights
from addons.understanding.train_topics import train_topics
from addons.understanding.wishes import read_wish
from documents.library import Library

logger = logging.getLogger(__name__)

QUESTIONS = "questions"
COMMAND = "command"
WISH = "wish"
CHOOSE_OPTION = "choose_option"
UNREADABLE = "unreadable"
FALLBACK = "nlu_fallback"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class TopicClassifier(GraphComponent):
    """Sets `intent` and `questions`; each question says how it is to be answered."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Every setting, with its default, that `config.yml` may override."""
        return {
            "encoder_folder": str(ENCODER_FOLDER),
            "content_folder": "data/clinic",
            "not_learned": ["red_flag"],
            "weights": asdict(ViewWeights()),
            "thresholds": asdict(Thresholds()),
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        topics: TopicModel | None = None,
    ) -> None:
        self._config = known_settings(self, config)
        self._weights = read_group(ViewWeights, "weights", self._config["weights"])
        self._thresholds = read_group(
            Thresholds, "thresholds", self._config["thresholds"]
        )
        if max(asdict(self._thresholds).values()) > 1:
            raise SettingError("config.yml: thresholds must lie between 0 and 1.")
        self._storage = model_storage
        self._resource = resource
        self._planner = self._build_planner(topics) if topics else None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """Creates a classifier that has not been trained."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """Loads the trained topics."""
        with model_storage.read_from(resource) as folder:
            topics = TopicModel.load(Path(folder))
        return cls(config, model_storage, resource, topics)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the topics from all examples except those of `not_learned`."""
        skipped = set(self._config["not_learned"])
        examples = [
            message
            for message in training_data.intent_examples
            if message.get_full_intent() not in skipped and message.get(ENCODED)
        ]
        topics = train_topics(
            [message.get(READING).plain for message in examples],
            [message.get(ENCODED) for message in examples],
            [message.get_full_intent() for message in examples],
        )
        with self._storage.write_to(self._resource) as folder:
            topics.save(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Understands each message; one that cannot be read gets its own intent."""
        for message in messages:
            if message.get(TEXT) is not None and message.get(READING):
                self._understand(message)
        return messages

    def _understand(self, message: Message) -> None:
        reading = message.get(READING)
        button = read_button(reading.original)
        if button:
            _set_intent(message, CHOOSE_OPTION, 1.0)
            message.set(COMMAND, asdict(button), add_to_output=True)
        elif not reading.readable:
            _set_intent(message, UNREADABLE, 1.0)
        elif self._planner is None:
            _set_intent(message, FALLBACK, 1.0)
        else:
            plan = self._planner.plan(reading, message.get(ENCODED))
            self._set_plan(message, plan, read_choice(reading.plain))
            message.set(WISH, read_wish(reading.original), add_to_output=True)

    def _set_plan(self, message: Message, plan: Plan, choice: Command | None) -> None:
        _set_intent(message, plan.intent, plan.confidence)
        message.set(QUESTIONS, [_output(q) for q in plan.questions], add_to_output=True)
        if plan.intent == CHOOSE_OPTION and choice:
            message.set(COMMAND, asdict(choice), add_to_output=True)

    def _build_planner(self, topics: TopicModel) -> Planner | None:
        encoder = shared_encoder(self._config["encoder_folder"])
        if encoder is None:
            return None
        weights = self._weights

        def score(text: str, encoded: Encoded) -> TopicScores:
            return topics.score(text, encoded, weights)

        library = Library.from_folder(Path(self._config["content_folder"]))
        lemmas = TextReader(load_spacy(), {}).lemmas
        search = ArticleSearch(library.sections, encoder.encode, lemmas)
        return Planner(encoder.encode, score, search.find, self._thresholds)


def _set_intent(message: Message, name: str, confidence: float) -> None:
    intent = {"name": name, "confidence": round(confidence, 4)}
    message.set(INTENT, intent, add_to_output=True)


def _output(question: Question) -> dict[str, Any]:
    """Returns a question as the actions read it from `latest_message`."""
    return {
        "text": question.text,
        "outcome": question.outcome,
        "topics": [
            {"name": name, "score": round(score, 4)} for name, score in question.scores
        ],
        "options": list(question.options),
        "passages": [
            {"section": p.section, "score": round(p.score, 4)}
            for p in question.passages
        ],
    }
