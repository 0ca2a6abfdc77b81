"""Finds the section that answers a question which no topic covers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import bm25s
import numpy as np

from addons.understanding.encoder import Encoded
from documents.articles import Section

BM25_WEIGHT = 0.03


@dataclass(frozen=True)
class Passage:
    """A section that was found, and how well it fits (about 0 to 1)."""

    section: str
    score: float


class ArticleSearch:
    """Ranks sections by their best paragraph: likeness of meaning plus BM25.

    Args:
        sections: what may be found.
        encode: turns a paragraph into vectors.
        lemmas: turns a text into content words in dictionary form.

    BM25: Robertson and Zaragoza 2009, in the form of the library bm25s.
    """

    def __init__(
        self,
        sections: Sequence[Section],
        encode: Callable[[str], Encoded],
        lemmas: Callable[[str], list[str]],
    ) -> None:
        entries = [
            (section.address, f"{section.title}. {paragraph}")
            for section in sections
            for paragraph in section.paragraphs
        ]
        self._addresses = [address for address, _ in entries]
        self._lemmas = lemmas
        self._meaning = np.stack([encode(text).sentence for _, text in entries])
        self._words = bm25s.BM25()
        self._words.index([lemmas(text) for _, text in entries], show_progress=False)

    def find(self, text: str, encoded: Encoded, *, most: int = 3) -> list[Passage]:
        """Returns the best sections, best first."""
        scores = self._meaning @ encoded.sentence
        words = self._lemmas(text)
        if words:
            scores = scores + BM25_WEIGHT * self._words.get_scores(words)
        best: dict[str, float] = {}
        for index in np.argsort(-scores):
            best.setdefault(self._addresses[index], float(scores[index]))
            if len(best) == most:
                break
        return [Passage(address, score) for address, score in best.items()]
