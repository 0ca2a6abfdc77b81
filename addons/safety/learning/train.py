"""Trains the network for the red flags: `make red-flag-network`.

It needs most of an hour on two cores, so the result is kept in git:
`data/safety/network.npz`. `make encoder` builds the graph from it.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from ruamel.yaml import YAML

from addons.safety.learning.augment import Lessons, from_phrases, varied
from addons.safety.learning.messages import MESSAGES_FOLDER, read_messages
from addons.safety.learning.network import Network
from addons.safety.learning.targets import KINDS, Targets
from addons.safety.learning.train_lexical import train_lexical
from addons.safety.learning.trainer import BATCH, RATE, Trainer, batches, padded
from addons.safety.network import NETWORK_FILE, fingerprint
from addons.safety.opinion import LEVEL_STEPS
from addons.safety.phrases import PHRASES_FILE, read_phrases
from addons.safety.wording import normalise
from addons.understanding.build_encoder import read_checkpoint
from addons.understanding.encoder import Pieces

Array = npt.NDArray[np.float32]

QUESTION_FILES = ("data/clinic/faq/*.yml", "data/nlu/*.yml")
NOT_QUESTIONS = "safety.yml"
# Every fourth question of the articles is enough.
QUESTION_STEP = 4
ROUNDS = 5
# To go on from a network that has learned already.
FURTHER_ROUNDS, FURTHER_RATE = 2, RATE / 2
SEED = 0


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


def train(
    network: Network,
    pieces: Callable[[str], list[int]],
    lessons: Lessons,
    rounds: int = ROUNDS,
    rate: float = RATE,
) -> None:
    """Teaches a network.

    Args:
        network: what learns.
        pieces: returns the word pieces of a text.
        lessons: what is learned; each round has other slips and mixtures of it.
        rounds: how often each message is seen.
        rate: the highest rate of the uppermost layer.
    """
    tf.random.set_seed(SEED)
    random = np.random.default_rng(SEED)
    per_round = len(varied(lessons, len(KINDS), random).texts) // BATCH + 1
    trainer = Trainer(network, rounds * per_round, rate)
    for number in range(1, rounds + 1):
        start, losses = time.time(), []
        now = varied(lessons, len(KINDS), random)
        rows = [pieces(normalise(text)) for text in now.texts]
        for batch in batches([len(row) for row in rows], random):
            ids, mask = padded([rows[i] for i in batch])
            losses.append(trainer.step(ids, mask, now.aims[batch], now.counts[batch]))
        seconds = round(time.time() - start)
        print(f"round {number}: loss {np.mean(losses):.4f}, {seconds} s", flush=True)
    trainer.take_mean()


def write(
    network: Network, targets: Targets, lessons: Lessons, files: Sequence[Path]
) -> None:
    """Writes what the network and the scores by words have learned."""
    steps = slice(0, LEVEL_STEPS)
    lexical = train_lexical(
        [normalise(text) for text in lessons.texts],
        lessons.aims[:, steps],
        lessons.counts[:, steps],
    )
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


def main(package: Path, *, further: bool) -> None:
    """Trains on all passes named train-*.tsv and writes the weights.

    Args:
        package: the folder with the weights of all-MiniLM-L6-v2.
        further: start from what was learned before, for fewer rounds.
    """
    files = list(MESSAGES_FOLDER.glob("train-*.tsv"))
    questions = read_questions()[::QUESTION_STEP]
    examples = [*read_messages(files), *from_phrases(read_phrases())]
    targets = Targets.from_examples(examples)
    texts = [*(e.text for e in examples), *questions]
    lessons = Lessons(texts, *targets.of(examples, len(questions)))
    network = Network(read_checkpoint(package), targets.size, SEED)
    rounds, rate = ROUNDS, RATE
    if further:
        rounds, rate = FURTHER_ROUNDS, FURTHER_RATE
        with np.load(NETWORK_FILE) as learned:
            for name, variable in network.parameters.items():
                variable.assign(learned[name].astype(np.float32))
    pieces = Pieces(next(package.rglob("tokenizer.json")))
    train(network, pieces, lessons, rounds, rate)
    write(network, targets, lessons, files)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("package", type=Path)
    parser.add_argument("--further", action="store_true")
    chosen = parser.parse_args()
    main(chosen.package, further=chosen.further)
