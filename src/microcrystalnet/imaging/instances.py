"""Masks as one label image, and back."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import MaskError


def to_labels(masks: Sequence[Mask], shape: tuple[int, int]) -> NDArray[np.uint32]:
    """Paint masks into one image: the first gets 1; where masks overlap the later one shows.

    Parameters
    ----------
    masks
        In the order of painting.
    shape
        (height, width) of the micrograph.

    Raises
    ------
    MaskError
        If a mask sticks out of the micrograph.
    """
    labels = np.zeros(shape, np.uint32)
    for number, mask in enumerate(masks, 1):
        box = mask.region
        if box.row0 < 0 or box.col0 < 0 or box.row1 > shape[0] or box.col1 > shape[1]:
            raise MaskError(
                f"Mask {number} reaches to row {box.row1}, column {box.col1}, but the micrograph "
                f"has {shape[0]} rows and {shape[1]} columns; it belongs to another micrograph."
            )
        labels[mask.slices][mask.pixels] = number
    return labels


def from_labels(labels: NDArray[np.generic]) -> list[Mask]:
    """Give one mask for each positive value, in order of value; the rest is background.

    Parameters
    ----------
    labels : (height, width) integers or booleans

    Raises
    ------
    MaskError
        If the image is not of whole numbers, or not flat.
    """
    if labels.ndim != 2 or labels.dtype.kind not in "bui":
        raise MaskError(
            f"A label image has rows, columns and whole numbers; this one has shape {labels.shape} "
            f"and {labels.dtype} values."
        )
    dense = _ranks(labels)
    return [
        Mask.from_pixels(dense[box] == rank, box[0].start, box[1].start)
        for rank, box in enumerate(ndimage.find_objects(dense), 1)
    ]


def label_values(labels: NDArray[np.generic]) -> list[int]:
    """Give the values whose masks `from_labels` gives, in the same order."""
    return [int(value) for value in np.unique(labels) if value > 0]


def _ranks(labels: NDArray[np.generic]) -> NDArray[np.int32]:
    """Replace the positive values by 1, 2, ...: a large value must not cost memory."""
    values, ranks = np.unique(labels, return_inverse=True)
    background = np.count_nonzero(values <= 0)
    dense: NDArray[np.int32] = np.maximum(ranks - background + 1, 0).astype(np.int32)
    return dense.reshape(labels.shape)
