"""Builds the red-flag network for onnxruntime: `python -m ... PACKAGE_FOLDER`."""

import sys
from pathlib import Path

import numpy as np

from addons.safety.learning.graph import build_network_graph
from addons.safety.learning.targets import Targets
from addons.safety.network import GRAPH_FILE, NETWORK_FILE
from addons.understanding.build_encoder import read_checkpoint, write_int8
from addons.understanding.encoder import ENCODER_FOLDER

LEARNED = ("encoder.", "head.")
OUTPUTS = ("head.out.weight", "head.out.bias")


def build_network(
    package: Path, learned: Path = NETWORK_FILE, target: Path = ENCODER_FOLDER
) -> None:
    """Puts the learned weights into the graph of MiniLM and reduces it to int8.

    Raises:
        EncoderError: the package has no weights, or not the official ones.
    """
    with np.load(learned) as arrays:
        weights = {name: arrays[name] for name in arrays if name.startswith(LEARNED)}
        outputs = Targets(tuple(arrays["flags"])).read
    for name in OUTPUTS:
        weights[name] = weights[name][:outputs]
    graph = build_network_graph(read_checkpoint(package), weights)
    write_int8(graph, target / GRAPH_FILE)


if __name__ == "__main__":
    build_network(Path(sys.argv[1]))
