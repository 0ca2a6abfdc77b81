"""Compares ways to learn the topics, on the tuning questions: `make learners`."""

import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from ruamel.yaml import YAML
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from addons.understanding.encoder import Encoded
from addons.understanding.topic_model import ViewWeights, unit_blocks
from addons.understanding.train_topics import train_topics
from benchmarks.held_out import TUNING_FILE
from benchmarks.understanding import CachedEncoder, read_examples, reader_for

Ranks = list[list[str]]
NEIGHBOURS = 3


def main() -> None:
    """Trains each learner on data/ and prints its accuracy."""
    warnings.simplefilter("ignore")
    texts, intents = read_examples()
    questions = YAML(typ="safe").load(TUNING_FILE)["topics"]
    asked = [(text, topic) for topic, group in questions.items() for text in group]
    reader, encoder = reader_for(texts), CachedEncoder()
    print("| learner | first | among three | trained in |\n|---|---|---|---|")
    for spelling in ("as typed", "in plain spelling"):
        plain = spelling != "as typed"
        train = [reader.read(t).plain if plain else t for t in texts]
        test = [reader.read(t).plain if plain else t for t, _ in asked]
        known, new = encoder.encode_all(train), encoder.encode_all(test)
        for name, learner in LEARNERS.items():
            begin = time.monotonic()
            ranks = learner(train, known, intents, test, new)
            seconds = time.monotonic() - begin
            pairs = list(zip(ranks, (topic for _, topic in asked), strict=True))
            first = np.mean([ranked[0] == topic for ranked, topic in pairs])
            three = np.mean([topic in ranked[:3] for ranked, topic in pairs])
            print(
                f"| {name}, {spelling} | {first:.1%} | {three:.1%} | {seconds:.0f} s |",
                flush=True,
            )


def _ranks(scores: Any, labels: Sequence[str]) -> Ranks:
    order = np.argsort(-np.asarray(scores), axis=1)
    return [[labels[i] for i in row[:3]] for row in order]


def _vectors(encoded: Sequence[Encoded]) -> Any:
    return np.stack([e.sentence for e in encoded])


def _nearest(train: Any, encoded: Any, labels: Any, test: Any, asked: Any) -> Ranks:
    names = sorted(set(labels))
    likeness = _vectors(asked) @ _vectors(encoded).T
    owners = np.array(labels)
    columns = [
        np.sort(likeness[:, owners == name], axis=1)[:, -NEIGHBOURS:].mean(axis=1)
        for name in names
    ]
    return _ranks(np.stack(columns, axis=1), names)


def _centroids(train: Any, encoded: Any, labels: Any, test: Any, asked: Any) -> Ranks:
    names = sorted(set(labels))
    owners, vectors = np.array(labels), _vectors(encoded)
    centres = np.stack([vectors[owners == name].mean(axis=0) for name in names])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    return _ranks(_vectors(asked) @ centres.T, names)


def _regression(features: Callable[..., tuple[Any, Any]]) -> Callable[..., Ranks]:
    def learn(train: Any, encoded: Any, labels: Any, test: Any, asked: Any) -> Ranks:
        known, new = features(train, encoded, test, asked)
        model = LogisticRegression(C=10.0, max_iter=60).fit(known, labels)
        return _ranks(model.predict_proba(new), model.classes_)

    return learn


def _characters(train: Any, encoded: Any, test: Any, asked: Any) -> tuple[Any, Any]:
    vectors = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), min_df=3, max_features=20_000
    )
    return vectors.fit_transform(train), vectors.transform(test)


def _sentences(train: Any, encoded: Any, test: Any, asked: Any) -> tuple[Any, Any]:
    return _vectors(encoded), _vectors(asked)


def _layers(train: Any, encoded: Any, test: Any, asked: Any) -> tuple[Any, Any]:
    layers = np.stack([e.layers for e in encoded])
    centre = layers.mean(axis=0)
    return unit_blocks(layers, centre), unit_blocks(
        np.stack([e.layers for e in asked]), centre
    )


def _ours(weights: ViewWeights) -> Callable[..., Ranks]:
    def learn(train: Any, encoded: Any, labels: Any, test: Any, asked: Any) -> Ranks:
        model = train_topics(train, encoded, labels)
        scored = [
            model.score(text, vector, weights)
            for text, vector in zip(test, asked, strict=True)
        ]
        return [[label for label, _ in scores.ranking[:3]] for scores in scored]

    return learn


LEARNERS: dict[str, Callable[..., Ranks]] = {
    "cosine to the three nearest examples": _nearest,
    "cosine to centroids": _centroids,
    "character n-grams, logistic regression": _regression(_characters),
    "sentence vector, logistic regression": _regression(_sentences),
    "layers, logistic regression": _regression(_layers),
    "layers + words": _ours(ViewWeights(neighbours=0.0)),
    "layers + words + neighbours (chosen)": _ours(ViewWeights()),
}


if __name__ == "__main__":
    main()
