"""What several tests of addons/ build: rules, readings, scores, and shared models."""

from functools import lru_cache
from typing import Any

import numpy as np

from addons.safety.context import ContextReader, read_context
from addons.safety.detector import RedFlagJudge
from addons.safety.red_flags import RedFlagRules
from addons.safety.rules import Rule, RuleBook, Sign
from addons.understanding.encoder import Encoded, SentenceEncoder
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


def rule(*patterns: str, id: str = "CHEST", **options: Any) -> Rule:
    """One rule without a source file."""
    known = {"level": "emergency", "family": "heart", **options}
    return Rule(id=id, condition="a condition", patterns=patterns, **known)


@lru_cache(maxsize=1)
def context_reader() -> ContextReader:
    """The words of context that are shipped."""
    nlp = load_spacy()
    return ContextReader(nlp, read_context(nlp))


def judge_of(*rules: Rule, signs: tuple[Sign, ...] = ()) -> RedFlagJudge:
    """A judge without a statistical layer."""
    book = RuleBook(rules, signs)
    return RedFlagJudge(book, RedFlagRules(book, load_spacy(), context_reader()))


def rules(*patterns: str, **options: Any) -> RedFlagJudge:
    return judge_of(rule(*patterns, **options))


def scores(**chances: float) -> TopicScores:
    """Scores from keywords; `faq__cost` stands for the label `faq/cost`."""
    named = {label.replace("__", "/"): value for label, value in chances.items()}
    ranking = sorted(named.items(), key=lambda pair: -pair[1])
    return TopicScores(tuple(ranking), 1.0)
