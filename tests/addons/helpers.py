"""What several tests of addons/ build: rules, readings, scores, and shared models."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from addons.understanding.encoder import Encoded, SentenceEncoder
from addons.understanding.red_flag_rules import Rule
from addons.understanding.red_flags import RedFlagRules
from addons.understanding.spelling import SpellingCorrector
from addons.understanding.text import TextReader, load_spacy, read_chat_spelling
from addons.understanding.topic_model import TopicScores

NOWHERE = Encoded(np.zeros(384, np.float32), np.zeros(1536, np.float32))


@lru_cache(maxsize=1)
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


@lru_cache(maxsize=1)
def reader() -> TextReader:
    """A reader with the real list of chat forms and two words of the clinic."""
    corrector = SpellingCorrector({"physio", "spasm"})
    return TextReader(load_spacy(), read_chat_spelling(), corrector)


def rule(
    *patterns: str,
    id: str = "CHEST",
    level: str = "emergency",
    unless: Iterable[str] = (),
    family: str = "heart",
) -> Rule:
    """One rule without a source file."""
    return Rule(id, level, "a condition", family, patterns, tuple(unless), "NHS", "")


def rules(*patterns: str, **options: str) -> RedFlagRules:
    return RedFlagRules([rule(*patterns, **options)])


def scores(**chances: float) -> TopicScores:
    """Scores from keywords; `faq__cost` stands for the label `faq/cost`."""
    named = {label.replace("__", "/"): value for label, value in chances.items()}
    ranking = sorted(named.items(), key=lambda pair: -pair[1])
    return TopicScores(tuple(ranking), 1.0)
