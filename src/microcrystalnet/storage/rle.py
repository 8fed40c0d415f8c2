"""Masks as text: row-major runs inside the bounding box, varint, zlib, base64."""

import base64
import binascii
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import MaskError

MAX_SIDE = 65_535
MAX_PIXELS = 2**28  # where nobody knows how large the micrograph is


def encode(mask: Mask) -> str:
    """Give a mask's pixels as base64 text; the first run counts unset pixels and may be 0."""
    flat = np.ascontiguousarray(mask.pixels).ravel()
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    edges = np.concatenate(([0], changes, [flat.size]))
    runs = np.diff(edges)
    if flat[0]:
        runs = np.concatenate(([0], runs))
    return base64.b64encode(zlib.compress(_to_varints(runs), 6)).decode()


def decode(text: str, box: Sequence[int], frame: tuple[int, int] | None = None) -> Mask:
    """Read a mask whose bounding box is (row0, col0, row1, col1), half-open, in full-image pixels.

    Parameters
    ----------
    frame
        Height and width of the micrograph, beyond which no box reaches; None if not known.

    Raises
    ------
    MaskError
        If the box is impossible or the text does not fill it.
    """
    row0, col0, row1, col1 = box
    height, width = row1 - row0, col1 - col0
    area = height * width
    if not (0 < height <= MAX_SIDE and 0 < width <= MAX_SIDE):
        raise MaskError(f"A stored mask has the impossible box {list(box)}; it is left out.")
    _check_frame(box, frame)
    runs = _from_varints(_inflate(text, area + 1))  # no run takes more bytes than pixels
    if runs.max() > area or runs.sum() != area:
        raise MaskError("A stored mask does not fill its box; it is left out.")
    pixels = np.repeat(np.arange(runs.size) % 2 == 1, runs).reshape(height, width)
    return Mask.from_pixels(pixels, row0, col0)


def _check_frame(box: Sequence[int], frame: tuple[int, int] | None) -> None:
    """Refuse, before any memory is asked for, a box that no micrograph of this size can hold."""
    row0, col0, row1, col1 = box
    if frame is None:
        if (row1 - row0) * (col1 - col0) > MAX_PIXELS:
            raise MaskError(f"A stored mask has the impossible box {list(box)}; it is left out.")
    elif row0 < 0 or col0 < 0 or row1 > frame[0] or col1 > frame[1]:
        raise MaskError(
            f"A stored mask has the box {list(box)}, which lies outside its micrograph of "
            f"{frame[0]} x {frame[1]} pixels; it is left out."
        )


def _inflate(text: str, limit: int) -> bytes:
    try:
        stream = zlib.decompressobj()
        return stream.decompress(base64.b64decode(text, validate=True), limit)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise MaskError("A stored mask cannot be unpacked; it is left out.") from error


def _to_varints(numbers: NDArray[np.int64]) -> bytes:
    """Write numbers as groups of 7 bits, lowest first; the top bit says that more follow."""
    if numbers.max(initial=0) < 128:
        return numbers.astype(np.uint8).tobytes()
    sizes = 1 + np.searchsorted([1 << 7 * k for k in range(1, 5)], numbers, side="right")
    ends = np.cumsum(sizes)
    written = np.empty(ends[-1], np.uint8)
    for k in range(int(sizes.max())):
        chosen = sizes > k
        group = numbers[chosen] >> 7 * k & 127
        written[ends[chosen] - sizes[chosen] + k] = group | (sizes[chosen] > k + 1) * 128
    return written.tobytes()


def _from_varints(written: bytes) -> NDArray[np.int64]:
    groups = np.frombuffer(written, np.uint8)
    ends = np.flatnonzero(groups < 128)
    if not ends.size or ends[-1] != groups.size - 1:
        raise MaskError("A stored mask ends in the middle; it is left out.")
    starts = np.concatenate(([0], ends[:-1] + 1))
    sizes = ends - starts + 1
    if sizes.max() > 5:
        raise MaskError("A stored mask holds an impossible run; it is left out.")
    places = np.arange(groups.size) - np.repeat(starts, sizes)
    return np.add.reduceat((groups & 127).astype(np.int64) << 7 * places, starts)
