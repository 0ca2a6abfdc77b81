"""Trains the upper layers for the red flags: `make red-flag-network`.

It needs most of an hour on two cores, so the result is kept in git:
`data/safety/network.npz`. `rasa train` builds the graph from it.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from ruamel.yaml import YAML

from addons.safety.learning.augment import augmented, from_phrases
from addons.safety.learning.messages import MESSAGES_FOLDER, Example, read_messages
from addons.safety.learning.network import Network
from addons.safety.learning.targets import Targets
from addons.safety.learning.train_lexical import train_lexical
from addons.safety.network import NETWORK_FILE, fingerprint
from addons.safety.opinion import LEVEL_STEPS
from addons.safety.phrases import PHRASES_FILE, read_phrases
from addons.safety.wording import normalise
from addons.understanding.build_encoder import read_checkpoint
from addons.understanding.encoder import Pieces

Array = npt.NDArray[np.float32]

QUESTION_FILES = ("data/clinic/faq/*.yml", "data/nlu/*.yml")
NOT_QUESTIONS = "safety.yml"
EPOCHS = 5
BATCH = 32
POOL = 40
BODY_RATE = 1e-4
HEAD_RATE = 1e-3
WARM_UP = 0.1
DECAY = 0.01
LONGEST_STEP = 1.0
FLAG_WEIGHT = 2.0
SEED = 0
# Every fourth question of the articles is enough.
QUESTION_STEP = 4
SLIPS = 2000
MIXTURES = 1500


def read_questions() -> list[str]:
    """Returns the examples of all topics: quiet, but for levels below urgent."""
    questions: list[str] = []
    for pattern in QUESTION_FILES:
        for file in sorted(Path().glob(pattern)):
            if file.name == NOT_QUESTIONS:
                continue
            for entry in YAML(typ="safe").load(file).get("nlu") or ():
                lines = (line.strip() for line in entry["examples"].splitlines())
                questions += [line[2:] for line in lines if line.startswith("- ")]
    return questions


def batches(
    lengths: Sequence[int], random: np.random.Generator
) -> Iterator[npt.NDArray[np.int64]]:
    """Yields all examples once, those of like length together."""
    order = random.permutation(len(lengths))
    for start in range(0, len(order), BATCH * POOL):
        pool = order[start : start + BATCH * POOL]
        pool = pool[np.argsort([lengths[i] for i in pool], kind="stable")]
        parts = [pool[i : i + BATCH] for i in range(0, len(pool), BATCH)]
        for index in random.permutation(len(parts)):
            yield parts[index]


def padded(rows: Sequence[Array]) -> tuple[Array, Array]:
    """Returns texts of different lengths in one array, and its mask."""
    longest = -(-max(map(len, rows)) // 8) * 8
    values = np.zeros((len(rows), longest, rows[0].shape[1]), np.float32)
    mask = np.zeros((len(rows), longest), np.float32)
    for index, row in enumerate(rows):
        values[index, : len(row)] = row
        mask[index, : len(row)] = 1
    return values, mask


class Trainer:
    """Trains a network on examples, with a rate that rises and falls."""

    def __init__(self, network: Network, steps: int) -> None:
        self._network = network
        self._steps = steps
        self._step = 0
        self._body = tf.keras.optimizers.experimental.AdamW(0.0, weight_decay=DECAY)
        self._head = tf.keras.optimizers.experimental.AdamW(0.0, weight_decay=DECAY)
        self._body.build(list(network.body.values()))
        self._head.build(list(network.head.values()))

    def step(self, hidden: Array, mask: Array, aims: Array, counts: Array) -> float:
        """Learns from one batch and returns the loss."""
        share = self._step / self._steps
        rate = share / WARM_UP if share < WARM_UP else (1 - share) / (1 - WARM_UP)
        self._body.learning_rate.assign(BODY_RATE * max(rate, 0.01))
        self._head.learning_rate.assign(HEAD_RATE * max(rate, 0.01))
        self._step += 1
        return float(self._learn(hidden, mask, aims, counts))

    @tf.function(autograph=False, reduce_retracing=True)
    def _learn(
        self, hidden: tf.Tensor, mask: tf.Tensor, aims: tf.Tensor, counts: tf.Tensor
    ) -> tf.Tensor:
        with tf.GradientTape() as tape:
            logits = self._network(hidden, mask, True)
            losses = tf.nn.sigmoid_cross_entropy_with_logits(aims, logits) * counts
            levels = tf.reduce_mean(losses[:, :LEVEL_STEPS])
            flags = tf.reduce_mean(losses[:, LEVEL_STEPS:])
            loss = levels + FLAG_WEIGHT * flags
        body = list(self._network.body.values())
        head = list(self._network.head.values())
        slopes, _ = tf.clip_by_global_norm(
            tape.gradient(loss, body + head), LONGEST_STEP
        )
        self._body.apply_gradients(zip(slopes[: len(body)], body, strict=True))
        self._head.apply_gradients(zip(slopes[len(body) :], head, strict=True))
        return loss


def train(
    checkpoint: dict[str, Array],
    pieces: Pieces,
    examples: Sequence[Example],
    questions: Sequence[str],
    targets: Targets,
    epochs: int = EPOCHS,
) -> Network:
    """Returns a network that has learned the examples.

    Args:
        checkpoint: the tensors of all-MiniLM-L6-v2.
        pieces: returns the word pieces of a text.
        examples: the messages.
        questions: what people ask about the articles: quiet.
        targets: what the outputs stand for.
        epochs: how often each message is seen.
    """
    tf.random.set_seed(SEED)
    random = np.random.default_rng(SEED)
    network = Network(checkpoint, targets.size, SEED)
    texts = [normalise(text) for text in (*(e.text for e in examples), *questions)]
    hidden = [network.below(pieces(text)).astype(np.float16) for text in texts]
    aims, counts = targets.of(examples, len(questions))
    lengths = [len(row) for row in hidden]
    trainer = Trainer(network, epochs * (len(hidden) // BATCH + 1))
    for epoch in range(epochs):
        start, losses = time.time(), []
        for batch in batches(lengths, random):
            values, mask = padded([hidden[i] for i in batch])
            losses.append(trainer.step(values, mask, aims[batch], counts[batch]))
        seconds = round(time.time() - start)
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, {seconds} s", flush=True)
    return network


def main(package: Path) -> None:
    """Trains on all passes named train-*.tsv and writes the weights."""
    checkpoint = read_checkpoint(package)
    pieces = Pieces(next(package.rglob("tokenizer.json")))
    files = list(MESSAGES_FOLDER.glob("train-*.tsv"))
    questions = read_questions()[::QUESTION_STEP]
    examples = [*read_messages(files), *from_phrases(read_phrases())]
    targets = Targets.from_examples(examples)
    examples += augmented(
        examples,
        questions,
        np.random.default_rng(SEED),
        slips=SLIPS,
        mixtures=MIXTURES,
    )
    texts = [normalise(text) for text in (*(e.text for e in examples), *questions)]
    aims, counts = targets.of(examples, len(questions))
    steps = slice(0, LEVEL_STEPS)
    lexical = train_lexical(texts, aims[:, steps], counts[:, steps])
    network = train(checkpoint, pieces, examples, questions, targets)
    weights = {
        name: variable.numpy().astype(np.float16)
        for name, variable in network.parameters.items()
    }
    np.savez_compressed(
        NETWORK_FILE,
        flags=np.array(targets.flags),
        learned_from=np.array(fingerprint([*files, PHRASES_FILE])),
        **weights,
        **lexical.arrays(),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
