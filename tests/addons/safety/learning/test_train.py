import numpy as np
import pytest
import tensorflow as tf

from addons.safety.learning.augment import Lessons
from addons.safety.learning.messages import Example
from addons.safety.learning.network import Network
from addons.safety.learning.targets import Targets
from addons.safety.learning.train import read_questions, train
from addons.safety.learning.train_lexical import train_lexical
from addons.safety.learning.trainer import BATCH, POOL, Trainer, batches, padded
from addons.safety.opinion import LEVEL_STEPS
from tests.addons.helpers import checkpoint


def pieces_of(words: dict[str, list[int]], text: str) -> list[int]:
    """A text that was varied has other words, and then one piece that means nothing."""
    found = [ids for known, ids in words.items() if known in text]
    return [piece for ids in found for piece in ids] or [0]


EXAMPLES = [
    Example("emergency", ("SADDLE",), "plain", "numb bum", "pass-1"),
    Example("urgent", ("WEAK",), "other_now", "weak leg", "pass-1"),
    Example("none", (), "booking", "on monday", "pass-1"),
]


@pytest.mark.parametrize("count", [0, 1, BATCH, BATCH + 1, BATCH * POOL + 5])
def test_batches_hold_every_example_once(count):
    random = np.random.default_rng(1)
    lengths = random.integers(1, 60, count).tolist()

    found = list(batches(lengths, random))

    assert sorted(index for batch in found for index in batch) == list(range(count))
    assert all(len(batch) <= BATCH for batch in found)


def test_a_batch_holds_examples_of_like_length():
    lengths = [length for length in range(10) for _ in range(BATCH)]
    for batch in batches(lengths, np.random.default_rng(1)):
        assert len({lengths[index] for index in batch}) == 1


def test_batches_come_in_another_order_each_time():
    random = np.random.default_rng(1)
    once, again = (
        [index for batch in batches([1] * 90, random) for index in batch]
        for _ in range(2)
    )
    assert once != again


@pytest.mark.parametrize(("longest", "width"), [(1, 8), (7, 8), (8, 8), (9, 16)])
def test_texts_are_padded_to_a_multiple_of_eight(longest, width):
    ids, mask = padded([[2] * length for length in (longest, 1)])

    assert ids.shape == (2, width)
    assert mask.sum(axis=1).tolist() == [longest, 1]
    np.testing.assert_array_equal(ids, 2 * mask)


def test_questions_are_read_from_all_files_but_those_of_red_flags(
    write, monkeypatch, tmp_path
):
    entry = "nlu:\n  - intent: {}\n    examples: |\n      - {}\n      - what now\n"
    write("data/clinic/faq/a.yml", entry.format("faq/a", "does it hurt"))
    write("data/nlu/b.yml", entry.format("b", "book me"))
    write("data/nlu/safety.yml", entry.format("red_flag", "chest pain"))
    write("data/nlu/c.yml", "responses: {}\n")
    monkeypatch.chdir(tmp_path)
    assert read_questions() == ["does it hurt", "what now", "book me", "what now"]


def test_a_trainer_lowers_the_loss():
    tf.random.set_seed(0)
    targets = Targets.from_examples(EXAMPLES)
    network = Network(checkpoint(), targets.size, seed=0)
    ids, mask = padded([[1, 5], [7], [2]])
    aims, counts = targets.of(EXAMPLES, 0)
    trainer = Trainer(network, steps=60)

    losses = [trainer.step(ids, mask, aims, counts) for _ in range(30)]

    assert np.mean(losses[-5:]) < 0.5 * np.mean(losses[:5])


def test_what_does_not_count_is_not_learned():
    targets = Targets.from_examples(EXAMPLES)
    network = Network(checkpoint(), targets.size, seed=0)
    before = network.head["head.out.bias"].numpy()
    ids, mask = padded([[1, 5]])
    aims = np.ones((1, targets.size), np.float32)
    counts = np.ones_like(aims)
    counts[:, LEVEL_STEPS] = 0

    trainer = Trainer(network, steps=10)
    for _ in range(3):
        trainer.step(ids, mask, aims, counts)

    moved = network.head["head.out.bias"].numpy() != before
    assert moved.tolist() == (counts[0] == 1).tolist()


def test_training_returns_a_network_that_tells_the_examples_apart():
    words = {"numb bum": [1, 5], "weak leg": [7, 3], "on monday": [2, 9], "cost": [4]}
    targets = Targets.from_examples(EXAMPLES)
    examples = EXAMPLES * 20
    texts = [*(example.text for example in examples), *["cost"] * 20]
    lessons = Lessons(texts, *targets.of(examples, 20))
    network = Network(checkpoint(), targets.size, seed=0)

    train(network, lambda text: pieces_of(words, text), lessons, rounds=40, rate=1e-3)

    ids, mask = padded([words[e.text] for e in EXAMPLES])
    logits = network(tf.constant(ids), tf.constant(mask), False).numpy()
    aims, _ = targets.of(EXAMPLES, 0)
    np.testing.assert_array_equal(
        logits[:, : targets.read] > 0, aims[:, : targets.read] > 0
    )


def test_words_are_learned_for_each_step_and_what_does_not_count_is_left_out():
    texts = ["numb bum", "numb leg", "numb arm", "on monday", "on friday", "on sunday"]
    aims = np.array([[1, 1]] * 3 + [[0, 1]] + [[0, 0]] * 2, np.float32)
    counts = np.array([[1, 1]] * 3 + [[1, 0]] + [[1, 1]] * 2, np.float32)

    scorer = train_lexical(texts, aims, counts)

    numb, monday = scorer.scores("numb"), scorer.scores("on monday")
    assert numb.shape == (2,)
    assert (numb > 0).tolist() == [True, True]
    assert (monday < 0).tolist() == [True, True]
