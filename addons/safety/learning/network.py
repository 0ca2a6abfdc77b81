"""The trainable network: the upper layers of MiniLM and a head, in TensorFlow.

It is used for training only; a conversation runs the same network under onnxruntime.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from addons.understanding.minilm_graph import EPSILON, HEADS, LAYERS, WIDTH

Array = npt.NDArray[np.float32]

# The embeddings and the layers below this one stay as they are.
FIRST_LEARNED = 2
VIEWS = 8
INNER = 256
DROPOUT = 0.1
HEAD_DROPOUT = 0.2
FAR = -1e4


class Network:
    """MiniLM, three ways to pool its tokens, and a dense head; layers 3 to 6 learn.

    Args:
        weights: the checkpoint of all-MiniLM-L6-v2 to start from.
        outputs: how many logits the head has.
        seed: for the weights of the head.
    """

    def __init__(self, weights: Mapping[str, Array], outputs: int, seed: int) -> None:
        learned = tuple(f"encoder.layer.{i}." for i in range(FIRST_LEARNED, LAYERS))
        self.body = {
            name: tf.Variable(value)
            for name, value in weights.items()
            if name.startswith(learned)
        }
        self._fixed = {
            name: value for name, value in weights.items() if name not in self.body
        }
        random = np.random.default_rng(seed)
        self.head = {
            "head.views.weight": _drawn(random, VIEWS, WIDTH),
            "head.inner.weight": _drawn(random, INNER, 3 * WIDTH),
            "head.inner.bias": tf.Variable(np.zeros(INNER, np.float32)),
            "head.out.weight": _drawn(random, outputs, INNER),
            "head.out.bias": tf.Variable(np.zeros(outputs, np.float32)),
        }
        self._all = {**self._fixed, **self.body, **self.head}

    def below(self, ids: Sequence[int]) -> Array:
        """Returns the tokens of one text after the layers that stay as they are."""
        words = self._fixed["embeddings.word_embeddings.weight"][list(ids)]
        places = self._fixed["embeddings.position_embeddings.weight"][: len(ids)]
        kind = self._fixed["embeddings.token_type_embeddings.weight"][0]
        hidden = self._normed((words + places + kind)[None], "embeddings.LayerNorm")
        no_padding = tf.zeros((1, len(ids)))
        for index in range(FIRST_LEARNED):
            name = f"encoder.layer.{index}"
            hidden = self._layer(hidden, no_padding, name, False)
        tokens: Array = hidden.numpy()[0]
        return tokens

    def __call__(self, hidden: tf.Tensor, mask: tf.Tensor, training: bool) -> tf.Tensor:
        """Returns the logits.

        Args:
            hidden: tokens after the layers below, batch x length x 384.
            mask: 1 for a token and 0 for padding, batch x length.
            training: whether values are dropped.
        """
        far = (1.0 - mask) * FAR
        for index in range(FIRST_LEARNED, LAYERS):
            hidden = self._layer(hidden, far, f"encoder.layer.{index}", training)
        count = tf.reduce_sum(mask, axis=1, keepdims=True)
        mean = tf.reduce_sum(hidden * mask[..., None], axis=1) / count
        highest = tf.reduce_max(hidden + far[..., None], axis=1)
        views = tf.einsum("bnd,vd->bnv", hidden, self.head["head.views.weight"])
        shares = tf.nn.softmax(views + far[..., None], axis=1)
        viewed = tf.reduce_max(tf.einsum("bnv,bnd->bvd", shares, hidden), axis=1)
        pooled = tf.concat([mean, highest, viewed], axis=-1)
        inner = tf.nn.gelu(
            self._dense(_dropped(pooled, HEAD_DROPOUT, training), "head.inner")
        )
        return self._dense(_dropped(inner, HEAD_DROPOUT, training), "head.out")

    @property
    def parameters(self) -> dict[str, tf.Variable]:
        """All weights that are learned, under their names."""
        return {**self.body, **self.head}

    def _layer(
        self, hidden: tf.Tensor, far: tf.Tensor, name: str, training: bool
    ) -> tf.Tensor:
        attended = self._attention(hidden, far, f"{name}.attention", training)
        attended = self._dense(attended, f"{name}.attention.output.dense")
        hidden = self._normed(
            hidden + _dropped(attended, DROPOUT, training),
            f"{name}.attention.output.LayerNorm",
        )
        inner = tf.nn.gelu(self._dense(hidden, f"{name}.intermediate.dense"))
        outer = self._dense(inner, f"{name}.output.dense")
        return self._normed(
            hidden + _dropped(outer, DROPOUT, training), f"{name}.output.LayerNorm"
        )

    def _attention(
        self, hidden: tf.Tensor, far: tf.Tensor, name: str, training: bool
    ) -> tf.Tensor:
        shape = tf.shape(hidden)
        split = tf.stack([shape[0], shape[1], HEADS, WIDTH // HEADS])

        def heads(part: str) -> tf.Tensor:
            projected = self._dense(hidden, f"{name}.self.{part}")
            return tf.transpose(tf.reshape(projected, split), [0, 2, 1, 3])

        scores = tf.matmul(heads("query"), heads("key"), transpose_b=True)
        scores = scores / math.sqrt(WIDTH // HEADS) + far[:, None, None, :]
        shares = _dropped(tf.nn.softmax(scores, axis=-1), DROPOUT, training)
        mixed = tf.transpose(tf.matmul(shares, heads("value")), [0, 2, 1, 3])
        return tf.reshape(mixed, shape)

    def _dense(self, x: tf.Tensor, name: str) -> tf.Tensor:
        weight, bias = self._all[f"{name}.weight"], self._all[f"{name}.bias"]
        rows = tf.reshape(x, [-1, weight.shape[1]])
        product = tf.matmul(rows, weight, transpose_b=True) + bias
        shape = tf.concat([tf.shape(x)[:-1], [weight.shape[0]]], axis=0)
        return tf.reshape(product, shape)

    def _normed(self, x: tf.Tensor, name: str) -> tf.Tensor:
        mean, variance = tf.nn.moments(x, axes=[-1], keepdims=True)
        scale, bias = self._all[f"{name}.weight"], self._all[f"{name}.bias"]
        return (x - mean) * tf.math.rsqrt(variance + EPSILON) * scale + bias


def _drawn(random: np.random.Generator, rows: int, columns: int) -> tf.Variable:
    spread = 1 / math.sqrt(columns)
    values = random.uniform(-spread, spread, (rows, columns))
    return tf.Variable(values.astype(np.float32))


def _dropped(x: tf.Tensor, rate: float, training: bool) -> tf.Tensor:
    return tf.nn.dropout(x, rate) if training else x
