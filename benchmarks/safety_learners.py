"""Compares ways to learn red flags, on the tuning passes: `make safety-learners`."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from addons.safety.learning.messages import MESSAGES_FOLDER, Example, read_messages
from addons.safety.learning.targets import Targets
from addons.safety.learning.train_lexical import train_lexical
from addons.safety.lexical import LexicalScorer
from addons.safety.network import NETWORK_FILE, NetworkScorer
from addons.safety.opinion import LEVEL_STEPS, WORDS_WEIGHT
from addons.safety.phrases import read_phrases
from addons.safety.triage import rank
from addons.safety.wording import normalise
from addons.understanding.encoder import SentenceEncoder
from benchmarks.safety_messages import TUNING, read_passes, share

Array = npt.NDArray[np.float32]

STRENGTH = 3.0
ROUNDS = 300
CHECK, URGENT = 0, 2


def layers_of(texts: Sequence[str]) -> Array:
    """Returns the fixed encoder's layers of some texts, each of unit length."""
    encode = SentenceEncoder().encode
    rows = np.array([encode(text).layers.reshape(4, -1) for text in texts])
    rows /= np.linalg.norm(rows, axis=2, keepdims=True)
    flat: Array = rows.reshape(len(texts), -1)
    return flat


def fixed(train: Array, aims: Array, test: Array) -> Array:
    """Returns scores of linear heads on the fixed encoder."""
    columns = []
    for column in range(LEVEL_STEPS):
        model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=ROUNDS)
        columns.append(model.fit(train, aims[:, column]).decision_function(test))
    scores: Array = np.stack(columns, axis=1)
    return scores


def row(name: str, scores: Array, examples: Sequence[Example]) -> str:
    """Returns what is caught where so and so much of the quiet messages is raised."""
    levels = np.array([rank(example.level) for example in examples])
    quiet = levels <= rank("card")

    def caught(step: int, least: str, false: float) -> float:
        threshold = np.quantile(scores[quiet, step], 1 - false)
        return share(list(scores[levels >= rank(least), step] > threshold))

    emergencies = scores[levels == rank("emergency"), CHECK]
    limit = np.quantile(scores[quiet, CHECK], 0.92)
    return (
        f"{name:34}{caught(URGENT, 'urgent', 0.02):10.1%}"
        f"{caught(CHECK, 'check', 0.08):10.1%}{np.mean(emergencies > limit):10.1%}"
    )


def main() -> None:
    """Prints the table."""
    learned = read_messages(MESSAGES_FOLDER.glob("train-*.tsv"))
    tried = read_passes(TUNING)
    aims, counts = Targets.from_examples(learned).of(learned, 0)
    aims, counts = aims[:, :LEVEL_STEPS], counts[:, :LEVEL_STEPS]
    plain = [normalise(example.text) for example in learned]
    test = [normalise(example.text) for example in tried]
    words = train_lexical(plain, aims, counts)
    by_words = np.array([words.scores(text) for text in test])
    by_layers = fixed(layers_of(plain), aims, layers_of(test))
    network = NetworkScorer()
    by_network = np.array([network.logits(text)[:LEVEL_STEPS] for text in test])
    with np.load(NETWORK_FILE) as arrays:
        shipped = LexicalScorer.from_arrays(arrays)
    shipped_words = np.array([shipped.scores(text) for text in test])
    print(f"{len(learned)} messages learned, {len(tried)} tuning messages\n")
    print(f"{'':34}{'urgent+':>10}{'check+':>10}{'emerg.':>10}")
    print(f"{'quiet messages raised':34}{'2 %':>10}{'8 %':>10}{'8 %':>10}")
    for name, scores in (
        ("nearest phrase, fixed encoder", nearest(test)),
        ("words and parts of words", by_words),
        ("fixed encoder, linear heads", by_layers),
        ("fixed encoder and words", by_layers + by_words),
        ("trained layers", by_network),
        *(
            (f"trained layers and {weight} words", by_network + weight * shipped_words)
            for weight in (0.25, WORDS_WEIGHT, 1.0)
        ),
    ):
        print(row(name, scores, tried))


def nearest(texts: Sequence[str]) -> Array:
    """Returns the likeness to the nearest positive phrase of the specification."""
    encode = SentenceEncoder().encode
    phrases = [p.text for p in read_phrases() if not p.is_trap]
    known = np.array([encode(phrase).sentence for phrase in phrases])
    likeness = [float(np.max(known @ encode(text).sentence)) for text in texts]
    scores: Array = np.repeat(np.array(likeness)[:, None], LEVEL_STEPS, axis=1)
    return scores


if __name__ == "__main__":
    main()
