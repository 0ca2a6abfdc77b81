"""Runs the trained network over a message with onnxruntime."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from addons.safety.memory import Memory
from addons.safety.wording import windows
from addons.understanding.encoder import (
    ENCODER_FOLDER,
    LONGEST,
    TOKENIZER_FILE,
    Pieces,
    open_graph,
)
from addons.understanding.errors import EncoderError

Array = npt.NDArray[Any]

NETWORK_FILE = Path("data/safety/network.npz")
GRAPH_FILE = "red-flags-int8.onnx"


class NetworkScorer:
    """The logits of a message, on one thread.

    Raises:
        EncoderError: the graph or the tokenizer is missing or damaged.
    """

    def __init__(self, folder: Path = ENCODER_FOLDER) -> None:
        graph, words = folder / GRAPH_FILE, folder / TOKENIZER_FILE
        self._memory: Memory[Array] = Memory()
        try:
            self._session = open_graph(graph)
            self._pieces = Pieces(words)
        except Exception as error:  # both libraries raise bare exceptions
            raise EncoderError(
                f"The red-flag network in '{folder}' cannot be read ({error}). "
                "Delete that folder and run `make encoder`."
            ) from error

    def logits(self, text: str) -> Array:
        """Returns the highest logit of each output over the windows of a text."""
        rows = [self._memory.recall(part, self._run, part) for part in windows(text)]
        highest: Array = np.max(rows, axis=0)
        return highest

    def _run(self, text: str) -> Array:
        ids = self._pieces(text)
        if len(ids) >= LONGEST and len(text) > 1:  # some of it was cut off
            middle = len(text) // 2
            middle = text.find(" ", middle) if " " in text[middle:] else middle
            halves: Array = np.maximum(
                self._run(text[:middle]), self._run(text[middle:])
            )
            return halves
        (logits,) = self._session.run(None, {"input_ids": np.array([ids])})
        row: Array = logits[0]
        return row


def fingerprint(files: Iterable[Path]) -> str:
    """Returns a hash of the messages that a network has learned."""
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.name):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
