"""Writes the trained network as an ONNX graph, for one text at a time."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx

from addons.understanding.minilm_graph import (
    LAYERS,
    GraphWriter,
    add_embeddings,
    add_layer,
    gelu,
)

Array = npt.NDArray[Any]


def build_network_graph(
    checkpoint: Mapping[str, Array], learned: Mapping[str, Array]
) -> onnx.ModelProto:
    """Returns the graph; its one output is `logits`, 1 x outputs.

    Args:
        checkpoint: the tensors of all-MiniLM-L6-v2.
        learned: the tensors of `network.npz`, which take the place of those.
    """
    weights = {**checkpoint, **{k: v.astype(np.float32) for k, v in learned.items()}}
    g = GraphWriter(weights)
    hidden = add_embeddings(g, weights)
    for index in range(LAYERS):
        hidden = add_layer(g, hidden, f"encoder.layer.{index}")
    mean = g.node("ReduceMean", hidden, axes=[1], keepdims=0)
    highest = g.node("ReduceMax", hidden, axes=[1], keepdims=0)
    looks = g.node("MatMul", hidden, g.weight("head.views.weight", transpose=True))
    shares = g.node("Softmax", g.node("Transpose", looks, perm=[0, 2, 1]), axis=-1)
    viewed = g.node("MatMul", shares, hidden)
    best = g.node("ReduceMax", viewed, axes=[1], keepdims=0)
    pooled = g.node("Concat", mean, highest, best, axis=1)
    logits = g.linear(gelu(g, g.linear(pooled, "head.inner")), "head.out")
    outputs = len(learned["head.out.bias"])
    return g.model("red_flags", {"logits": (logits, [1, outputs])})
