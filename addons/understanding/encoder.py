"""Turns a sentence into a vector of meaning with MiniLM under onnxruntime."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from addons.understanding.errors import EncoderError

Vectors = npt.NDArray[np.float32]

ENCODER_FOLDER = Path("models/encoder")
GRAPH_FILE = "minilm-int8.onnx"
TOKENIZER_FILE = "tokenizer.json"
LONGEST = 128


@dataclass(frozen=True)
class Encoded:
    """What a text means: the sentence vector (384) and the layers (1,536)."""

    sentence: Vectors
    layers: Vectors


class Pieces:
    """Splits a text into the word pieces of MiniLM, 128 at most."""

    def __init__(self, file: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)

    def __call__(self, text: str) -> list[int]:
        """Returns the ids of the pieces."""
        ids: list[int] = self._tokenizer.encode(text).ids
        return ids


def open_graph(file: Path) -> Any:
    """Returns an onnxruntime session of a graph, on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(
        str(file), options, providers=["CPUExecutionProvider"]
    )


class SentenceEncoder:
    """all-MiniLM-L6-v2, int8, on one thread.

    Texts beyond 128 word pieces are cut: the model was trained on that length.
    Source: Reimers and Gurevych 2019, and the model card of all-MiniLM-L6-v2.
    """

    def __init__(self, folder: Path = ENCODER_FOLDER) -> None:
        graph, words = folder / GRAPH_FILE, folder / TOKENIZER_FILE
        for file in (graph, words):
            if not file.is_file():
                raise EncoderError(
                    f"The sentence encoder is missing: no file '{file}'. "
                    "Run `make encoder` to build it."
                )
        try:
            self._session = open_graph(graph)
            self._pieces = Pieces(words)
        except Exception as error:  # both libraries raise bare exceptions
            raise EncoderError(
                f"The sentence encoder in '{folder}' cannot be read ({error}). "
                "Delete that folder and run `make encoder`."
            ) from error

    def encode(self, text: str) -> Encoded:
        """Returns the vectors of one text.

        One text at a time: the scales of dynamic int8 depend on the batch, and a text
        must have the same vector in training and in a conversation.
        """
        ids = np.array([self._pieces(text)], dtype=np.int64)
        sentence, layers = self._session.run(None, {"input_ids": ids})
        return Encoded(sentence[0], layers[0])
