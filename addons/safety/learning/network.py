"""The trainable network: the layers of MiniLM and a head, in TensorFlow.

It is used for training only; a conversation runs the same network under onnxruntime.
"""

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from addons.understanding.minilm_graph import EPSILON, HEADS, LAYERS, WIDTH

Array = npt.NDArray[np.float32]

LAYER = "encoder.layer."
VIEWS = 8
INNER = 256
DROPOUT = 0.1
HEAD_DROPOUT = 0.2
FAR = -1e4


class Network:
    """MiniLM, three ways to pool its tokens, and a dense head.

    All layers learn; the embeddings stay as they are. In training the layers multiply
    in bfloat16, which is twice as fast where the processor knows it.

    Args:
        weights: the checkpoint of all-MiniLM-L6-v2 to start from.
        outputs: how many logits the head has.
        seed: for the weights of the head.
    """

    def __init__(self, weights: Mapping[str, Array], outputs: int, seed: int) -> None:
        self.body = {
            name: tf.Variable(value, name=name)
            for name, value in weights.items()
            if name.startswith(LAYER)
        }
        fixed = {
            name: tf.constant(value)
            for name, value in weights.items()
            if name not in self.body
        }
        random = np.random.default_rng(seed)
        head = {
            "head.views.weight": _drawn(random, VIEWS, WIDTH),
            "head.inner.weight": _drawn(random, INNER, 3 * WIDTH),
            "head.inner.bias": np.zeros(INNER, np.float32),
            "head.out.weight": _drawn(random, outputs, INNER),
            "head.out.bias": np.zeros(outputs, np.float32),
        }
        self.head = {name: tf.Variable(v, name=name) for name, v in head.items()}
        self._all = {**fixed, **self.body, **self.head}

    def __call__(self, ids: tf.Tensor, mask: tf.Tensor, training: bool) -> tf.Tensor:
        """Returns the logits.

        Args:
            ids: word pieces, batch x length.
            mask: 1 for a piece and 0 for padding, batch x length.
            training: whether values are dropped, and products are less exact.
        """
        far = (1.0 - mask) * FAR
        hidden = self._embedded(ids)
        for index in range(LAYERS):
            hidden = self._layer(hidden, far, f"{LAYER}{index}", training)
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

    def _embedded(self, ids: tf.Tensor) -> tf.Tensor:
        words = tf.gather(self._all["embeddings.word_embeddings.weight"], ids)
        length = tf.shape(ids)[1]
        places = self._all["embeddings.position_embeddings.weight"][:length]
        kind = self._all["embeddings.token_type_embeddings.weight"][0]
        return self._normed(words + places + kind, "embeddings.LayerNorm")

    def _layer(
        self, hidden: tf.Tensor, far: tf.Tensor, name: str, training: bool
    ) -> tf.Tensor:
        attended = self._attention(hidden, far, f"{name}.attention", training)
        attended = self._dense(attended, f"{name}.attention.output.dense", training)
        hidden = self._normed(
            hidden + _dropped(attended, DROPOUT, training),
            f"{name}.attention.output.LayerNorm",
        )
        inner = tf.nn.gelu(self._dense(hidden, f"{name}.intermediate.dense", training))
        outer = self._dense(inner, f"{name}.output.dense", training)
        return self._normed(
            hidden + _dropped(outer, DROPOUT, training), f"{name}.output.LayerNorm"
        )

    def _attention(
        self, hidden: tf.Tensor, far: tf.Tensor, name: str, training: bool
    ) -> tf.Tensor:
        shape = tf.shape(hidden)
        split = tf.stack([shape[0], shape[1], HEADS, WIDTH // HEADS])

        def heads(part: str) -> tf.Tensor:
            projected = self._dense(hidden, f"{name}.self.{part}", training)
            return tf.transpose(tf.reshape(projected, split), [0, 2, 1, 3])

        scores = tf.matmul(heads("query"), heads("key"), transpose_b=True)
        scores = scores / math.sqrt(WIDTH // HEADS) + far[:, None, None, :]
        shares = _dropped(tf.nn.softmax(scores, axis=-1), DROPOUT, training)
        mixed = tf.transpose(tf.matmul(shares, heads("value")), [0, 2, 1, 3])
        return tf.reshape(mixed, shape)

    def _dense(self, x: tf.Tensor, name: str, half: bool = False) -> tf.Tensor:
        weight, bias = self._all[f"{name}.weight"], self._all[f"{name}.bias"]
        rows = tf.reshape(x, [-1, weight.shape[1]])
        if half:
            rows, weight = tf.cast(rows, tf.bfloat16), tf.cast(weight, tf.bfloat16)
        product = tf.cast(tf.matmul(rows, weight, transpose_b=True), tf.float32) + bias
        shape = tf.concat([tf.shape(x)[:-1], [weight.shape[0]]], axis=0)
        return tf.reshape(product, shape)

    def _normed(self, x: tf.Tensor, name: str) -> tf.Tensor:
        mean, variance = tf.nn.moments(x, axes=[-1], keepdims=True)
        scale, bias = self._all[f"{name}.weight"], self._all[f"{name}.bias"]
        return (x - mean) * tf.math.rsqrt(variance + EPSILON) * scale + bias


def _drawn(random: np.random.Generator, rows: int, columns: int) -> Array:
    spread = 1 / math.sqrt(columns)
    values: Array = random.uniform(-spread, spread, (rows, columns)).astype(np.float32)
    return values


def _dropped(x: tf.Tensor, rate: float, training: bool) -> tf.Tensor:
    return tf.nn.dropout(x, rate) if training else x
