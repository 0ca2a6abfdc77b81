"""Writes the MiniLM sentence encoder as an ONNX graph, from its weights alone."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Array = npt.NDArray[Any]
Shaped = tuple[str, list[int | str]]

WIDTH = 384
HEADS = 12
LAYERS = 6
EPSILON = 1e-12


class GraphWriter:
    """Collects nodes and constants of one ONNX graph under readable names."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: Any, dtype: Any = np.float32) -> str:
        """Adds a constant once and returns its name."""
        if name not in self._constants:
            array = np.ascontiguousarray(np.asarray(value, dtype=dtype))
            self._constants[name] = numpy_helper.from_array(array, name)
        return name

    def weight(self, name: str, *, transpose: bool = False) -> str:
        """Adds one tensor of the checkpoint as a constant."""
        tensor = self._weights[name]
        return self.constant(name, tensor.T if transpose else tensor)

    def node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Adds an operator with one output and returns the output's name."""
        output = f"{kind.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def linear(self, x: str, name: str) -> str:
        """Adds a dense layer of the checkpoint."""
        product = self.node("MatMul", x, self.weight(f"{name}.weight", transpose=True))
        return self.node("Add", product, self.weight(f"{name}.bias"))

    def layer_norm(self, x: str, name: str) -> str:
        """Adds a layer normalisation of the checkpoint."""
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.node("LayerNormalization", x, scale, bias, axis=-1, epsilon=EPSILON)

    def integers(self, name: str, values: list[int]) -> str:
        """Adds a constant of 64-bit integers, as shapes and axes need."""
        return self.constant(name, values, np.int64)

    def model(self, name: str, gives: Mapping[str, Shaped]) -> onnx.ModelProto:
        """Closes the graph: the pieces of one text in, named nodes out."""
        pieces = helper.make_tensor_value_info(
            "input_ids", TensorProto.INT64, [1, "tokens"]
        )
        outputs = []
        for output, (node, shape) in gives.items():
            self._nodes.append(helper.make_node("Identity", [node], [output]))
            outputs.append(
                helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)
            )
        graph = helper.make_graph(
            self._nodes, name, [pieces], outputs, list(self._constants.values())
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8
        )
        onnx.checker.check_model(model)
        return model


def build_graph(weights: Mapping[str, Array]) -> onnx.ModelProto:
    """Returns the encoder for one text at a time, so it needs no attention mask.

    Outputs: `sentence`, the official vector (mean over tokens, unit length), and
    `layers`, what a classifier on top learns more from: mean of layers 6 and 4 and
    maximum of layer 6 and of the embeddings, side by side (docs/understanding.md).

    Args:
        weights: the tensors of all-MiniLM-L6-v2 under their checkpoint names.

    Architecture: six post-norm BERT layers, 384 wide, 12 heads, GELU in its exact
    form (Devlin et al. 2019); mean pooling over tokens (Reimers and Gurevych 2019).
    """
    g = GraphWriter(weights)
    hidden = [add_embeddings(g, weights)]
    for index in range(LAYERS):
        hidden.append(add_layer(g, hidden[-1], f"encoder.layer.{index}"))
    mean = g.node("ReduceMean", hidden[6], axes=[1], keepdims=0)
    pooled = [
        mean,
        g.node("ReduceMean", hidden[4], axes=[1], keepdims=0),
        g.node("ReduceMax", hidden[6], axes=[1], keepdims=0),
        g.node("ReduceMax", hidden[0], axes=[1], keepdims=0),
    ]
    layers = g.node("Concat", *pooled, axis=1)
    return g.model(
        "minilm",
        {
            "sentence": (_unit_length(g, mean), [1, WIDTH]),
            "layers": (layers, [1, 4 * WIDTH]),
        },
    )


def add_embeddings(g: GraphWriter, weights: Mapping[str, Array]) -> str:
    """Adds the embeddings of the pieces and returns them, tokens x 384."""
    words = g.node("Gather", g.weight("embeddings.word_embeddings.weight"), "input_ids")
    # Every token is of segment 0, so its embedding is folded into the positions.
    table = (
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    length = g.node(
        "Gather", g.node("Shape", "input_ids"), g.integers("second_axis", [1])
    )
    positions = g.node(
        "Slice",
        g.constant("positions", table),
        g.integers("from_start", [0]),
        length,
        g.integers("rows", [0]),
    )
    return g.layer_norm(g.node("Add", words, positions), "embeddings.LayerNorm")


def add_layer(g: GraphWriter, hidden: str, name: str) -> str:
    """Adds one layer of BERT and returns its output, tokens x 384."""
    attended = _attention(g, hidden, f"{name}.attention")
    hidden = g.layer_norm(
        g.node("Add", hidden, attended), f"{name}.attention.output.LayerNorm"
    )
    inner = gelu(g, g.linear(hidden, f"{name}.intermediate.dense"))
    outer = g.linear(inner, f"{name}.output.dense")
    return g.layer_norm(g.node("Add", hidden, outer), f"{name}.output.LayerNorm")


def _attention(g: GraphWriter, hidden: str, name: str) -> str:
    split = g.integers("split_heads", [0, 0, HEADS, WIDTH // HEADS])

    def heads(part: str, order: list[int]) -> str:
        projected = g.linear(hidden, f"{name}.self.{part}")
        return g.node("Transpose", g.node("Reshape", projected, split), perm=order)

    query, value = heads("query", [0, 2, 1, 3]), heads("value", [0, 2, 1, 3])
    scores = g.node("MatMul", query, heads("key", [0, 2, 3, 1]))
    scale = g.constant("head_scale", 1 / math.sqrt(WIDTH // HEADS))
    weights = g.node("Softmax", g.node("Mul", scores, scale), axis=-1)
    mixed = g.node("MatMul", weights, value)
    joined = g.node(
        "Reshape",
        g.node("Transpose", mixed, perm=[0, 2, 1, 3]),
        g.integers("join_heads", [0, 0, WIDTH]),
    )
    return g.linear(joined, f"{name}.output.dense")


def gelu(g: GraphWriter, x: str) -> str:
    """Adds GELU in its exact form."""
    error = g.node(
        "Erf", g.node("Mul", x, g.constant("inverse_root_two", 1 / math.sqrt(2)))
    )
    half = g.node("Mul", x, g.constant("half", 0.5))
    return g.node("Mul", half, g.node("Add", error, g.constant("one", 1.0)))


def _unit_length(g: GraphWriter, vector: str) -> str:
    squares = g.node("Mul", vector, vector)
    total = g.node("ReduceSum", squares, g.integers("features", [1]), keepdims=1)
    return g.node("Div", vector, g.node("Sqrt", total))
