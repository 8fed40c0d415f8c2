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
    """Give one mask for each value but 0, in order of value.

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
    values, ranks = np.unique(labels, return_inverse=True)
    shift = 0 if values[0] == 0 else 1
    dense = ranks.reshape(labels.shape).astype(np.int32) + shift
    return [
        Mask.from_pixels(dense[box] == rank, box[0].start, box[1].start)
        for rank, box in enumerate(ndimage.find_objects(dense), 1)
        if box is not None
    ]
