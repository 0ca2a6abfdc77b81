"""Scores a message by its words and by parts of them: what the network may not know."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from addons.understanding.word_features import WORD, WordFeatures, words_and_pairs

Array = npt.NDArray[Any]

SHORTEST_PART, LONGEST_PART = 2, 5
PART = "~"
BETWEEN = "\n"


def words_and_parts(text: str) -> Iterable[str]:
    """Yields words, pairs of words, and each row of two to five letters in a word."""
    yield from words_and_pairs(text)
    for word in WORD.findall(text):
        padded = f" {word} "
        for size in range(SHORTEST_PART, LONGEST_PART + 1):
            for start in range(len(padded) - size + 1):
                yield PART + padded[start : start + size]


class LexicalScorer:
    """Linear scores, one for each step of the levels."""

    def __init__(self, features: WordFeatures, slopes: Array, bases: Array) -> None:
        self._features = features
        self._slopes = slopes
        self._bases = bases

    def scores(self, text: str) -> Array:
        """Returns the scores of a normalised text."""
        columns, weights = self._features.row(text)
        if not columns:
            return self._bases
        found: Array = np.asarray(weights) @ self._slopes[columns] + self._bases
        return found

    def arrays(self) -> dict[str, Array]:
        """Returns what is stored; terms as one text."""
        terms = BETWEEN.join(self._features.terms).encode()
        return {
            "lexical.terms": np.frombuffer(terms, dtype=np.uint8),
            "lexical.rarity": self._features.rarity.astype(np.float16),
            "lexical.slopes": self._slopes.astype(np.float16),
            "lexical.bases": self._bases.astype(np.float32),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> "LexicalScorer":
        """Reads what was stored."""
        terms = arrays["lexical.terms"].tobytes().decode().split(BETWEEN)
        rarity = arrays["lexical.rarity"].astype(np.float32)
        features = WordFeatures(terms, rarity, words_and_parts)
        slopes = arrays["lexical.slopes"].astype(np.float32)
        return cls(features, slopes, arrays["lexical.bases"])
