import math

import numpy as np
import onnxruntime
import pytest
from safetensors.numpy import save_file

from addons.understanding.build_encoder import build_encoder, write_int8
from addons.understanding.errors import EncoderError
from addons.understanding.minilm_graph import (
    HEADS,
    LAYERS,
    WIDTH,
    GraphWriter,
    add_embeddings,
    add_layer,
    build_graph,
    gelu,
)
from tests.addons.helpers import LONGEST, checkpoint


@pytest.fixture(scope="module")
def weights():
    return checkpoint(spread=0.3, gain=3)


def reference(weights, ids):
    """The same network in plain numpy (Devlin et al. 2019), layer by layer."""

    def dense(x, name):
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(x, name):
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        return x * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def heads(x):
        return x.reshape(len(ids), HEADS, -1).transpose(1, 0, 2)

    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.position_embeddings.weight"][: len(ids)]
    x = x + weights["embeddings.token_type_embeddings.weight"][0]
    states = [norm(x, "embeddings.LayerNorm")]
    for index in range(LAYERS):
        name, x = f"encoder.layer.{index}", states[-1]
        q, k, v = (
            heads(dense(x, f"{name}.attention.self.{part}"))
            for part in ("query", "key", "value")
        )
        chances = np.exp(q @ k.transpose(0, 2, 1) / math.sqrt(WIDTH / HEADS))
        mixed = (chances / chances.sum(-1, keepdims=True)) @ v
        joined = mixed.transpose(1, 0, 2).reshape(len(ids), WIDTH)
        attended = dense(joined, f"{name}.attention.output.dense")
        x = norm(x + attended, f"{name}.attention.output.LayerNorm")
        inner = dense(x, f"{name}.intermediate.dense")
        inner = inner * 0.5 * (1 + np.vectorize(math.erf)(inner / math.sqrt(2)))
        outer = dense(inner, f"{name}.output.dense")
        states.append(norm(x + outer, f"{name}.output.LayerNorm"))
    mean = states[6].mean(0)
    layers = [mean, states[4].mean(0), states[6].max(0), states[0].max(0)]
    return mean / np.linalg.norm(mean), np.concatenate(layers)


def run(model, ids, *outputs):
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return session.run(list(outputs) or None, {"input_ids": np.array([ids])})


@pytest.mark.parametrize("ids", [[3], [1, 5, 9, 2], list(range(LONGEST))])
def test_the_graph_computes_what_plain_numpy_computes(weights, ids):
    sentence, layers = run(build_graph(weights).SerializeToString(), ids)

    expected_sentence, expected_layers = reference(weights, ids)
    np.testing.assert_allclose(sentence[0], expected_sentence, atol=1e-4)
    np.testing.assert_allclose(layers[0], expected_layers, atol=1e-3)


def test_a_graph_of_other_parts_gives_what_is_named(weights):
    g = GraphWriter(weights)
    embedded = add_embeddings(g, weights)
    deep = add_layer(g, embedded, "encoder.layer.0")
    shape = [1, "tokens", WIDTH]
    gives = {"embedded": embedded, "bent": gelu(g, embedded), "deep": deep}
    model = g.model("parts", {name: (node, shape) for name, node in gives.items()})

    x, bent, deep = run(model.SerializeToString(), [1, 2, 3], *gives)

    _, expected = reference(weights, [1, 2, 3])
    np.testing.assert_allclose(x[0].max(0), expected[3 * WIDTH :], atol=1e-4)
    erf = np.vectorize(math.erf)(x / math.sqrt(2))
    np.testing.assert_allclose(bent, 0.5 * x * (1 + erf), atol=1e-4)
    assert deep.shape == x.shape == (1, 3, WIDTH)


def test_the_int8_graph_says_nearly_the_same_and_is_smaller(weights, tmp_path):
    graph, target = build_graph(weights), tmp_path / "int8.onnx"

    write_int8(graph, target)

    full, small = (
        run(model, [1, 5, 9], "sentence")[0][0]
        for model in (graph.SerializeToString(), target.read_bytes())
    )
    assert full @ small > 0.95
    assert target.stat().st_size < len(graph.SerializeToString()) / 2
    assert list(tmp_path.iterdir()) == [target]


def test_a_package_without_weights_says_what_to_do(tmp_path):
    with pytest.raises(EncoderError) as caught:
        build_encoder(tmp_path, tmp_path / "encoder")

    assert str(caught.value) == (
        f"No model.safetensors below '{tmp_path}'. Run `make encoder` again."
    )


@pytest.mark.parametrize("content", ["empty", "cut", "other model"])
def test_damaged_or_foreign_weights_are_refused_before_use(tmp_path, weights, content):
    file = tmp_path / "model" / "model.safetensors"
    file.parent.mkdir()
    save_file(weights, file)
    whole = file.read_bytes()
    kept = {"empty": 0, "cut": len(whole) // 2, "other model": len(whole)}[content]
    file.write_bytes(whole[:kept])

    with pytest.raises(EncoderError, match="do not use this file") as caught:
        build_encoder(tmp_path, tmp_path / "encoder")

    assert "'model.safetensors' has sha256" in str(caught.value)
    assert not (tmp_path / "encoder").exists()
