import numpy as np
import onnxruntime
import pytest
import tensorflow as tf

from addons.safety.learning.build import build_network
from addons.safety.learning.graph import build_network_graph
from addons.safety.learning.network import Network
from addons.understanding.errors import EncoderError
from tests.addons.helpers import LONGEST, checkpoint
from tests.addons.safety.learning.test_network import OUTPUTS

# What was learned has other layers than the checkpoint to start from.
NETWORK = Network(checkpoint(seed=8), OUTPUTS, seed=3)
LEARNED = {name: value.numpy() for name, value in NETWORK.parameters.items()}
EMBEDDINGS = {
    name: value
    for name, value in checkpoint(seed=8).items()
    if name not in NETWORK.parameters
}


def run(learned: dict[str, np.ndarray], ids: list[int]) -> np.ndarray:
    graph = build_network_graph({**checkpoint(seed=7), **EMBEDDINGS}, learned)
    session = onnxruntime.InferenceSession(
        graph.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    (logits,) = session.run(["logits"], {"input_ids": np.array([ids])})
    return logits


def expected(ids: list[int]) -> np.ndarray:
    return NETWORK(tf.constant([ids]), tf.ones((1, len(ids))), False).numpy()


@pytest.mark.parametrize("ids", [[3], [1, 5, 9, 2], list(range(LONGEST))])
def test_the_graph_computes_what_was_trained(ids):
    np.testing.assert_allclose(run(LEARNED, ids), expected(ids), atol=1e-3)


def test_the_graph_reads_numbers_of_16_bits_as_they_are_stored():
    stored = {name: value.astype(np.float16) for name, value in LEARNED.items()}
    found = run(stored, [1, 5, 9])
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected([1, 5, 9]), atol=0.02)


def test_there_is_one_output_for_each_row_of_the_head():
    assert run(LEARNED, [4, 2]).shape == (1, OUTPUTS)


def test_building_without_the_weights_of_minilm_says_what_to_do(tmp_path):
    np.savez(tmp_path / "learned.npz", flags=np.array(["A"]), **LEARNED)
    with pytest.raises(EncoderError, match="Run `make encoder` again"):
        build_network(tmp_path, tmp_path / "learned.npz", tmp_path)
