"""What several tests of addons/ build: rules, readings, scores, and shared models."""

import math
from functools import lru_cache
from typing import Any

import numpy as np

from addons.safety.context import ContextReader, read_context
from addons.safety.detector import RedFlagJudge
from addons.safety.red_flags import RedFlagRules
from addons.safety.rules import Rule, RuleBook, Sign
from addons.understanding.encoder import Encoded, SentenceEncoder
from addons.understanding.minilm_graph import LAYERS, WIDTH
from addons.understanding.spelling import SpellingCorrector
from addons.understanding.text import TextReader, load_spacy, read_chat_spelling
from addons.understanding.topic_model import TopicScores

# The size of a random checkpoint.
PIECES, LONGEST, INNER = 20, 16, 8
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


def checkpoint(
    seed: int = 7, spread: float = 1.0, gain: float = 1.0
) -> dict[str, np.ndarray]:
    """Random weights under the names of MiniLM, with few pieces and a small inside.

    `spread` is how far all values lie apart, `gain` makes the layers' weights larger.
    """
    random = np.random.default_rng(seed)

    def tensor(*shape: int) -> np.ndarray:
        return random.normal(0, spread / math.sqrt(shape[-1]), shape).astype("f4")

    found = {
        "embeddings.word_embeddings.weight": 5 * tensor(PIECES, WIDTH),
        "embeddings.position_embeddings.weight": 5 * tensor(LONGEST, WIDTH),
        "embeddings.token_type_embeddings.weight": 5 * tensor(2, WIDTH),
    }
    shapes = {"intermediate.dense": (INNER, WIDTH), "output.dense": (WIDTH, INNER)}
    for part in ("self.query", "self.key", "self.value", "output.dense"):
        shapes[f"attention.{part}"] = (WIDTH, WIDTH)
    norms = ["embeddings.LayerNorm"]
    for layer in (f"encoder.layer.{index}" for index in range(LAYERS)):
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
        for name, shape in shapes.items():
            found[f"{layer}.{name}.weight"] = gain * tensor(*shape)
            found[f"{layer}.{name}.bias"] = tensor(shape[0])
    for name in norms:
        found[f"{name}.weight"] = 1 + tensor(WIDTH)
        found[f"{name}.bias"] = tensor(WIDTH)
    return found
