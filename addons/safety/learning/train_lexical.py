"""Trains the scores by words and parts of words."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from addons.safety.lexical import LexicalScorer, words_and_parts
from addons.understanding.word_features import WordFeatures

Array = npt.NDArray[np.float32]

# Inverse strength of regularisation, chosen on the tuning passes.
STRENGTH = 10.0
FEWEST = 3
ROUNDS = 300


def train_lexical(texts: Sequence[str], aims: Array, counts: Array) -> LexicalScorer:
    """Returns a scorer with one score for each column of `aims`.

    Args:
        texts: normalised messages.
        aims: 1 where the score should be high, texts x scores.
        counts: 0 where an aim teaches nothing, texts x scores.
    """
    features = WordFeatures.fit(texts, fewest=FEWEST, split=words_and_parts)
    rows = [features.row(text) for text in texts]
    matrix = csr_matrix(
        (
            np.concatenate([weights for _, weights in rows]),
            np.concatenate([columns for columns, _ in rows]),
            np.cumsum([0, *(len(columns) for columns, _ in rows)]),
        ),
        shape=(len(texts), len(features.terms)),
    )
    slopes, bases = [], []
    for column in range(aims.shape[1]):
        used = counts[:, column] > 0
        model = LogisticRegression(
            C=STRENGTH, class_weight="balanced", solver="liblinear", max_iter=ROUNDS
        )
        model.fit(matrix[used], aims[used, column])
        slopes.append(model.coef_[0])
        bases.append(float(model.intercept_[0]))
    return LexicalScorer(
        features, np.array(slopes, np.float32).T, np.array(bases, np.float32)
    )
