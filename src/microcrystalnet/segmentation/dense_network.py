"""Runs the embedded network by onnxruntime: over whole micrographs in tiles, and on windows."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import WeightsError
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.segmentation.dense_maps import DenseMaps

WINDOW = 160
TILE = 1024
MARGIN = 64
STRIDE = 32


def packaged_weights() -> Path:
    """Give the path of the ONNX file that comes with the package."""
    return Path(str(files("microcrystalnet.segmentation") / "weights" / "embedded.onnx"))


class DenseNetwork:
    """The network's two uses: maps of a whole picture, and the one crystal that is pointed at."""

    def __init__(self, weights: Path | None = None, threads: int = 2) -> None:
        """Load the network.

        Raises
        ------
        WeightsError
            If the file is missing or is not such a network.
        """
        self._session = _open_session(weights or packaged_weights(), threads)

    def maps(self, grey: NDArray[np.float32], report: Report = ignore_progress) -> DenseMaps:
        """Predict foreground, edge and distance of a whole picture.

        Parameters
        ----------
        grey : NDArray[np.float32]
            Standardised grey values (height, width), of any size.
        report : Report
            Told after each tile.

        Returns
        -------
        DenseMaps
            Three (height, width) maps from 0 to 1; seams between tiles are blended.
        """
        height, width = grey.shape
        total = np.zeros((3, height, width), np.float32)
        weight = np.zeros((height, width), np.float32)
        tiles = [(row, col) for row in _spans(height) for col in _spans(width)]
        for done, (rows, cols) in enumerate(tiles):
            report(Progress(done, len(tiles), "Looking for crystals"))
            fade = _fade(rows, height)[:, None] * _fade(cols, width)[None]
            total[:, rows, cols] += self._tile(grey[rows, cols]) * fade
            weight[rows, cols] += fade
        return DenseMaps(*(total / weight))

    def ask(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Predict the crystal meant in (n, 3, side, side) windows: (n, side, side), each 0..1."""
        return self._run(inputs)[:, 3]

    def _tile(self, grey: NDArray[np.float32]) -> NDArray[np.float32]:
        height, width = grey.shape
        padded = np.zeros((1, 3, _round_up(height), _round_up(width)), np.float32)
        padded[0, 0, :height, :width] = grey
        return self._run(padded)[0, :3, :height, :width]

    def _run(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        picture = np.ascontiguousarray(inputs)
        return np.asarray(self._session.run(None, {"picture": picture})[0], np.float32)


def _open_session(weights: Path, threads: int) -> Any:  # onnxruntime is untyped
    import onnxruntime

    if not weights.exists():
        raise WeightsError(
            f"The embedded network {weights.name} is missing from the package; install it again."
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    # Waiting threads must not burn a core that the viewer beside needs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(
            str(weights), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime raises many private classes
        raise WeightsError(
            f"{weights.name} cannot be read as an ONNX network; install the package again."
        ) from error


def _round_up(length: int) -> int:
    return -(-max(length, 2 * STRIDE) // STRIDE) * STRIDE


def _spans(length: int) -> Sequence[slice]:
    """Cut 0..length into even tiles of about ``TILE`` that overlap by two margins."""
    overlap = 2 * MARGIN
    count = max(-(-(length - overlap) // TILE), 1)
    size = min(_round_up(-(-(length + (count - 1) * overlap) // count)), length)
    starts = np.linspace(0, length - size, count).round().astype(int)
    return [slice(int(start), int(start) + size) for start in starts]


def _fade(span: slice, length: int) -> NDArray[np.float32]:
    """Weigh a tile's pixels: 1 inside, falling towards borders that another tile covers."""
    size = span.stop - span.start
    places = np.arange(size)
    weight = np.ones(size)
    if span.start > 0:
        weight = np.minimum(weight, (places + 0.5 - MARGIN / 2) / MARGIN)
    if span.stop < length:
        weight = np.minimum(weight, (size - places - 0.5 - MARGIN / 2) / MARGIN)
    return weight.clip(1e-4, 1).astype(np.float32)
