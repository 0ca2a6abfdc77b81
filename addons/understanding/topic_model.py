"""Learns which topic a question is about: three light views of it, added up."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from addons.understanding.encoder import Encoded
from addons.understanding.word_features import WordFeatures

Array = npt.NDArray[np.float32]

BLOCKS = 4
NEIGHBOURS = 3
COMPARED = 20


@dataclass(frozen=True)
class ViewWeights:
    """How much each view counts, and how sharp the result is.

    Chosen by leave-one-writer-out comparison; the table is in docs/understanding.md.
    """

    words: float = 4.0
    neighbours: float = 6.0
    temperature: float = 1.0


@dataclass(frozen=True)
class TopicScores:
    """Probabilities of all labels, best first, and the nearest example's likeness."""

    ranking: tuple[tuple[str, float], ...]
    likeness: float

    def of(self, label: str) -> float:
        """Returns the probability of one label."""
        return next((chance for name, chance in self.ranking if name == label), 0.0)


class TopicModel:
    """Adds up a linear view of meaning, one of words, and the nearest examples.

    - meaning: multinomial logistic regression on the encoder's layers;
    - words: linear support vector machines on words and word pairs;
    - neighbours: mean cosine to the three nearest examples of a label.
    """

    def __init__(
        self, labels: Sequence[str], arrays: dict[str, Array], words: WordFeatures
    ) -> None:
        self.labels = list(labels)
        self._arrays = arrays
        self._words = words
        self._examples = arrays["examples"].astype(np.float32)
        # Examples are stored label by label, so a slice serves each label.
        numbers = np.arange(len(self.labels) + 1)
        self._starts = np.searchsorted(arrays["owners"], numbers)
        self._word_weights = np.ascontiguousarray(arrays["word_weights"].T)

    def score(
        self, text: str, encoded: Encoded, weights: ViewWeights | None = None
    ) -> TopicScores:
        """Returns how likely each label is for one text."""
        weights = weights or ViewWeights()
        a = self._arrays
        meaning = a["meaning_weights"] @ unit_blocks(encoded.layers, a["centre"])
        logits = _log_softmax(meaning + a["meaning_bias"])
        columns, values = self._words.row(text)
        if columns:
            known = self._word_weights[columns].astype(np.float32)
            logits = logits + weights.words * (
                np.asarray(values, dtype=np.float32) @ known + a["word_bias"]
            )
        nearest, likeness = self._nearest(encoded.sentence, np.argsort(-logits))
        logits = logits + weights.neighbours * nearest
        chances = np.exp(_log_softmax(logits / weights.temperature))
        order = np.argsort(-chances)
        ranking = tuple((self.labels[i], float(chances[i])) for i in order)
        return TopicScores(ranking, likeness)

    def _nearest(self, sentence: Array, order: Any) -> tuple[Array, float]:
        """Returns the mean of the three best likenesses of each label, and the best.

        Only the labels that the other views put first are compared; the rest get the
        lowest value among them, which leaves them behind.
        """
        means: dict[int, float] = {}
        best = -1.0
        for label in order[:COMPARED]:
            rows = self._examples[self._starts[label] : self._starts[label + 1]]
            likeness = np.sort(rows @ sentence)[-NEIGHBOURS:]
            means[label] = float(likeness.mean())
            best = max(best, float(likeness[-1]))
        nearest = np.full(len(self.labels), min(means.values()), dtype=np.float32)
        nearest[list(means)] = list(means.values())
        return nearest, best

    def save(self, folder: Path) -> None:
        """Writes the model as arrays; nothing in it is executable."""
        np.savez_compressed(
            folder / "topics.npz",
            labels=np.array(self.labels),
            terms=np.array(self._words.terms),
            rarity=self._words.rarity,
            **self._arrays,
        )

    @classmethod
    def load(cls, folder: Path) -> "TopicModel":
        """Reads what `save` wrote."""
        with np.load(folder / "topics.npz", allow_pickle=False) as stored:
            arrays: dict[str, Any] = {name: stored[name] for name in stored.files}
        words = WordFeatures(arrays.pop("terms").tolist(), arrays.pop("rarity"))
        return cls(arrays.pop("labels").tolist(), arrays, words)


def unit_blocks(layers: Array, centre: Array) -> Array:
    """Centres the layers and brings each of the four blocks to unit length.

    Args:
        layers: one text (1536,) or many (texts, 1536).
        centre: the mean of the training texts (1536,).
    """
    blocks = np.split(layers - centre, BLOCKS, axis=-1)
    scaled = [b / np.linalg.norm(b, axis=-1, keepdims=True) for b in blocks]
    joined: Array = np.concatenate(scaled, axis=-1)
    return joined


def _log_softmax(logits: Any) -> Array:
    shifted = logits - logits.max()
    result: Array = shifted - np.log(np.exp(shifted).sum())
    return result
