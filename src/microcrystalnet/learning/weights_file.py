"""What a Keras .h5 file holds, before anything is made of it."""

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

from microcrystalnet.errors import ModelError, WeightsError
from microcrystalnet.learning.keras_file import read_keras_file
from microcrystalnet.learning.networks.layers import Layer
from microcrystalnet.learning.networks.shapes import check_weights, weight_shapes
from microcrystalnet.learning.released_weights import RELEASED


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """The layers of a file in words, and whether it is one that is known.

    ``known`` names the publication whose file has this ``sha256``; it is empty for any other.
    """

    path: Path
    size: int
    outputs: int
    layers: tuple[str, ...]
    parameters: int
    sha256: str
    known: str


def inspect(path: Path) -> WeightsFile:
    """Read a file without running or keeping anything of it.

    Raises
    ------
    WeightsError
        If the file cannot be used.
    """
    network, weights = read_keras_file(path)
    try:
        check_weights(network, weights)
    except ModelError as problem:
        raise WeightsError(f"{path} cannot be used: {problem}") from problem
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return WeightsFile(
        path,
        network.size,
        network.outputs,
        tuple(_in_words(layer) for layer in network.layers),
        sum(math.prod(shape) for shape in weight_shapes(network).values()),
        digest,
        "the source team's released classifier" if digest == RELEASED.sha256 else "",
    )


def _in_words(layer: Layer) -> str:
    kind = type(layer).__name__
    side, filters = getattr(layer, "side", None), getattr(layer, "filters", None)
    units, rate = getattr(layer, "units", None), getattr(layer, "rate", None)
    parts = (
        f"{side} x {side}" if side else "",
        f"{filters} kernels" if filters else "",
        f"{units} units" if units else "",
        f"{100 * rate:.0f} %" if rate else "",
    )
    return " ".join([kind, *(part for part in parts if part)])
