import numpy as np
import pytest
import tensorflow as tf

from addons.safety.learning.network import Network
from addons.safety.learning.trainer import padded
from addons.understanding.minilm_graph import LAYERS
from tests.addons.helpers import LONGEST, checkpoint

OUTPUTS = 7
IDS = [1, 5, 9, 2, 19]


@pytest.fixture(scope="module")
def network() -> Network:
    return Network(checkpoint(), OUTPUTS, seed=3)


def logits(network: Network, *texts: list[int]) -> np.ndarray:
    return network(*map(tf.constant, padded(texts)), False).numpy()


def test_a_text_has_one_logit_for_each_output(network):
    assert logits(network, IDS).shape == (1, OUTPUTS)


@pytest.mark.parametrize("length", [1, 5, 8, 15])
def test_padding_does_not_change_the_logits(network, length):
    ids = (IDS * 4)[:length]
    rows = [
        network(
            tf.constant([ids + [9] * more]),
            tf.constant([[1.0] * length + [0.0] * more]),
            False,
        ).numpy()
        for more in (0, 1, LONGEST - length)
    ]
    np.testing.assert_allclose(rows[1], rows[0], atol=1e-4)
    np.testing.assert_allclose(rows[2], rows[0], atol=1e-4)


def test_a_text_has_the_same_logits_in_any_batch(network):
    texts = [IDS, [3], list(range(LONGEST))]
    together = logits(network, *texts)
    alone = np.concatenate([logits(network, text) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-4)


def test_the_order_of_the_pieces_counts(network):
    assert np.abs(logits(network, IDS) - logits(network, IDS[::-1])).max() > 1e-3


def test_all_layers_and_the_head_learn_and_the_embeddings_do_not(network):
    layers = {name.split(".")[2] for name in network.body}
    assert layers == {str(index) for index in range(LAYERS)}
    assert set(network.parameters) == {*network.body, *network.head}
    assert {name.split(".")[0] for name in network.head} == {"head"}


def test_values_are_dropped_in_training_only(network):
    ids, mask = map(tf.constant, padded([IDS]))
    often = [network(ids, mask, True).numpy() for _ in range(2)]
    assert np.abs(often[0] - often[1]).max() > 1e-3
    np.testing.assert_array_equal(logits(network, IDS), logits(network, IDS))


def test_the_seed_gives_the_head():
    same, other = (Network(checkpoint(), OUTPUTS, seed) for seed in (3, 4))
    again = Network(checkpoint(), OUTPUTS, 3)
    np.testing.assert_array_equal(logits(same, IDS), logits(again, IDS))
    assert np.abs(logits(same, IDS) - logits(other, IDS)).max() > 1e-3
