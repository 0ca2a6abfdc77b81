"""Teaches the network: batches, rates that rise and fall, and a mean of the weights."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from addons.safety.learning.network import LAYER, Network
from addons.safety.learning.targets import KINDS
from addons.safety.opinion import LEVEL_STEPS
from addons.understanding.minilm_graph import LAYERS

Array = npt.NDArray[np.float32]
Pieces = npt.NDArray[np.int32]

BATCH = 48
POOL = 40
RATE = 2e-4
# The head learns faster; each layer learns a little slower than the one above it.
HEAD_FACTOR = 8.0
LAYER_FACTOR = 0.9
WARM_UP = 0.06
LOWEST_SHARE = 0.01
DECAY = 0.01
UNDECAYED = ["bias", "LayerNorm"]
SECOND_MOMENT = 0.98
# How long the mean of the weights remembers, in steps of learning.
MEAN = 0.998
LONGEST_STEP = 1.0
# No aim is quite sure, so that the network is not either.
DOUBT = 0.02
FLAG_WEIGHT = 2.0
KIND_WEIGHT = 0.5


def batches(
    lengths: Sequence[int], random: np.random.Generator
) -> Iterator[npt.NDArray[np.int64]]:
    """Yields all examples once, those of like length together."""
    order = random.permutation(len(lengths))
    parts = []
    for start in range(0, len(order), BATCH * POOL):
        pool = order[start : start + BATCH * POOL]
        pool = pool[np.argsort([lengths[i] for i in pool], kind="stable")]
        parts += [pool[i : i + BATCH] for i in range(0, len(pool), BATCH)]
    for index in random.permutation(len(parts)):
        yield parts[index]


def padded(rows: Sequence[Sequence[int]]) -> tuple[Pieces, Array]:
    """Returns the pieces of texts of different lengths in one array, and its mask."""
    longest = -(-max(map(len, rows)) // 8) * 8
    ids = np.zeros((len(rows), longest), np.int32)
    mask = np.zeros((len(rows), longest), np.float32)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = row
        mask[index, : len(row)] = 1
    return ids, mask


class Trainer:
    """Trains a network on batches.

    Args:
        network: what learns.
        steps: how many batches there will be.
        rate: the highest rate of the uppermost layer.
    """

    def __init__(self, network: Network, steps: int, rate: float = RATE) -> None:
        self._network = network
        self._steps = steps
        self._rate = rate
        self._step = 0
        self._groups = list(_groups(network))

    def step(self, ids: Pieces, mask: Array, aims: Array, counts: Array) -> float:
        """Learns from one batch and returns the loss."""
        share = self._step / self._steps
        rise = share / WARM_UP if share < WARM_UP else (1 - share) / (1 - WARM_UP)
        for optimizer, _, factor in self._groups:
            optimizer.learning_rate.assign(
                self._rate * factor * max(rise, LOWEST_SHARE)
            )
        self._step += 1
        return float(self._learn(ids, mask, aims, counts))

    def take_mean(self) -> None:
        """Puts the mean of the latest weights into the network: it errs less."""
        for optimizer, variables, _ in self._groups:
            optimizer.finalize_variable_values(variables)

    @tf.function(autograph=False, reduce_retracing=True)
    def _learn(
        self, ids: tf.Tensor, mask: tf.Tensor, aims: tf.Tensor, counts: tf.Tensor
    ) -> tf.Tensor:
        groups = [variables for _, variables, _ in self._groups]
        with tf.GradientTape() as tape:
            loss = _loss(self._network(ids, mask, True), aims, counts)
        slopes = tape.gradient(loss, groups)
        flat, _ = tf.clip_by_global_norm(tf.nest.flatten(slopes), LONGEST_STEP)
        slopes = tf.nest.pack_sequence_as(slopes, flat)
        for (optimizer, variables, _), own in zip(self._groups, slopes, strict=True):
            optimizer.apply_gradients(zip(own, variables, strict=True))
        return loss


def _loss(logits: tf.Tensor, aims: tf.Tensor, counts: tf.Tensor) -> tf.Tensor:
    doubtful = aims * (1 - 2 * DOUBT) + DOUBT
    losses = tf.nn.sigmoid_cross_entropy_with_logits(doubtful, logits) * counts
    levels, flags, kinds = (
        tf.reduce_mean(part)
        for part in (
            losses[:, :LEVEL_STEPS],
            losses[:, LEVEL_STEPS : -len(KINDS)],
            losses[:, -len(KINDS) :],
        )
    )
    return levels + FLAG_WEIGHT * flags + KIND_WEIGHT * kinds


def _groups(network: Network) -> Iterator[tuple[tf.Module, list[tf.Variable], float]]:
    """Yields the weights that learn at one rate, and its factor."""
    for index in range(LAYERS):
        own = [v for n, v in network.body.items() if n.startswith(f"{LAYER}{index}.")]
        yield _optimizer(own), own, LAYER_FACTOR ** (LAYERS - 1 - index)
    head = list(network.head.values())
    yield _optimizer(head), head, HEAD_FACTOR


def _optimizer(variables: list[tf.Variable]) -> tf.Module:
    optimizer = tf.keras.optimizers.experimental.AdamW(
        0.0,
        weight_decay=DECAY,
        beta_2=SECOND_MOMENT,
        epsilon=1e-6,
        use_ema=True,
        ema_momentum=MEAN,
        jit_compile=False,
    )
    optimizer.exclude_from_weight_decay(var_names=UNDECAYED)
    optimizer.build(variables)
    return optimizer
