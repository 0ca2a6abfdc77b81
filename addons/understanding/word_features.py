"""Words and parts of words as weighted features (tf-idf), without a heavy library."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

WORD = re.compile(r"[\w']+")

Split = Callable[[str], Iterable[str]]


def words_and_pairs(text: str) -> Iterable[str]:
    """Yields each word and each two words side by side."""
    words = WORD.findall(text.lower())
    yield from words
    yield from (
        f"{left} {right}" for left, right in zip(words, words[1:], strict=False)
    )


class WordFeatures:
    """Maps a text to the known terms in it, unit length.

    Weights: 1 + ln(count), times the smoothed inverse document frequency
    (Manning, Raghavan and Schuetze 2008, chapter 6).

    Args:
        terms: the known terms.
        rarity: the inverse document frequency of each.
        split: yields the terms of a text.
    """

    def __init__(
        self,
        terms: Sequence[str],
        rarity: npt.NDArray[np.float32],
        split: Split = words_and_pairs,
    ) -> None:
        self.terms = list(terms)
        self.rarity = rarity
        self._split = split
        self._column = {term: index for index, term in enumerate(self.terms)}

    @classmethod
    def fit(
        cls, texts: Sequence[str], *, fewest: int = 2, split: Split = words_and_pairs
    ) -> "WordFeatures":
        """Learns the terms that occur in at least `fewest` texts."""
        documents = Counter(term for text in texts for term in set(split(text)))
        terms = sorted(term for term, count in documents.items() if count >= fewest)
        counts = np.array([documents[term] for term in terms], dtype=np.float32)
        return cls(terms, np.log((1 + len(texts)) / (1 + counts)) + 1, split)

    def row(self, text: str) -> tuple[list[int], list[float]]:
        """Returns the columns and weights of one text; both empty if none is known."""
        counts = Counter(
            self._column[t] for t in self._split(text) if t in self._column
        )
        columns = sorted(counts)
        weights = [
            (1 + math.log(counts[column])) * float(self.rarity[column])
            for column in columns
        ]
        length = math.sqrt(sum(weight * weight for weight in weights))
        return columns, [weight / length for weight in weights]
