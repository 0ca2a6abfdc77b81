"""Trains the topic model; scikit-learn is imported here and not when serving."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from addons.understanding.encoder import Encoded
from addons.understanding.errors import SettingError
from addons.understanding.topic_model import TopicModel, unit_blocks
from addons.understanding.word_features import WordFeatures

MEANING_STRENGTH = 10.0
WORD_STRENGTH = 0.3
FEWEST_LABELS = 3


def train_topics(
    texts: Sequence[str], encoded: Sequence[Encoded], labels: Sequence[str]
) -> TopicModel:
    """Returns a model trained on texts in plain spelling with one label each.

    Raises:
        SettingError: there are fewer than three labels to tell apart.
    """
    if len(set(labels)) < FEWEST_LABELS:
        raise SettingError(
            f"The examples name {len(set(labels))} intents; at least {FEWEST_LABELS} "
            "are needed. Add topics under data/."
        )
    order = np.argsort(np.array(labels), kind="stable")
    texts = [texts[i] for i in order]
    names, owners = np.unique([labels[i] for i in order], return_inverse=True)
    layers = np.stack([encoded[i].layers for i in order])
    centre = layers.mean(axis=0)

    meaning = LogisticRegression(C=MEANING_STRENGTH, max_iter=200)
    meaning.fit(unit_blocks(layers, centre), owners)

    words = WordFeatures.fit(texts)
    by_word = LinearSVC(C=WORD_STRENGTH).fit(_matrix(words, texts), owners)

    arrays = {
        "centre": centre,
        "meaning_weights": meaning.coef_,
        "meaning_bias": meaning.intercept_,
        "word_bias": by_word.intercept_,
    }
    arrays = {name: array.astype(np.float32) for name, array in arrays.items()}
    arrays["word_weights"] = by_word.coef_.astype(np.float16)
    arrays["examples"] = np.stack([encoded[i].sentence for i in order]).astype(
        np.float16
    )
    arrays["owners"] = owners.astype(np.int32)
    return TopicModel(names.tolist(), arrays, words)


def _matrix(words: WordFeatures, texts: Sequence[str]) -> csr_matrix:
    rows = [words.row(text) for text in texts]
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = [column for found, _ in rows for column in found]
    weights = [weight for _, found in rows for weight in found]
    return csr_matrix((weights, columns, ends), shape=(len(texts), len(words.terms)))
