"""Builds `models/encoder/` from the weights package: `python -m ... PACKAGE_FOLDER`."""

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

from addons.understanding.encoder import ENCODER_FOLDER, GRAPH_FILE, TOKENIZER_FILE
from addons.understanding.errors import EncoderError
from addons.understanding.minilm_graph import Array, build_graph

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def build_encoder(package: Path, target: Path = ENCODER_FOLDER) -> None:
    """Checks the weights, writes the int8 graph and the tokenizer into `target`.

    Raises:
        EncoderError: the package has no weights, or not the official ones.
    """
    checkpoint = read_checkpoint(package)
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(next(package.rglob("tokenizer.json")), target / TOKENIZER_FILE)
    write_int8(build_graph(checkpoint), target / GRAPH_FILE)


def read_checkpoint(package: Path) -> dict[str, Array]:
    """Returns the tensors of all-MiniLM-L6-v2 under their checkpoint names.

    Raises:
        EncoderError: the package has no weights, or not the official ones.
    """
    weights = next(package.rglob("model.safetensors"), None)
    if weights is None:
        raise EncoderError(
            f"No model.safetensors below '{package}'. Run `make encoder` again."
        )
    found = hashlib.sha256(weights.read_bytes()).hexdigest()
    if found != WEIGHTS_SHA256:
        raise EncoderError(
            f"'{weights.name}' has sha256 {found}, expected {WEIGHTS_SHA256}. "
            "The download is damaged or not the official model. Run `make encoder` "
            "again; do not use this file."
        )
    tensors: dict[str, Array] = load_file(weights)
    return tensors


def write_int8(graph: onnx.ModelProto, target: Path) -> None:
    """Reduces a graph to int8 and puts it in its place when it is complete."""
    with tempfile.TemporaryDirectory() as folder:
        full, small = Path(folder) / "full.onnx", Path(folder) / "int8.onnx"
        onnx.save(graph, full)
        quantize_dynamic(
            full,
            small,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
        )
        shutil.move(small, target)


if __name__ == "__main__":
    build_encoder(Path(sys.argv[1]))
