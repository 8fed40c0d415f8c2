"""Reads outlines that other programs or people saved as an image of labels."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import MaskError
from microcrystalnet.imaging.instances import from_labels, label_values
from microcrystalnet.micrographs import reader
from microcrystalnet.micrographs.sniff import Kind, sniff

MOST_PIECES = 8  # that crystals lie in; the grey levels of a micrograph lie in hundreds


def read_labels(path: Path) -> NDArray[np.generic]:
    """Read a (height, width) image with a number for each crystal, 0 between them.

    A palette's indices are the numbers. An image of one value beside 0 is a yes-or-no mask: its
    connected parts, if there are several, are numbered, so that crystals which touch count as one.

    Raises
    ------
    UnreadableFileError
        If the file is missing, damaged or no image.
    MaskError
        If it holds colours, fractions or grey levels instead of a number for each crystal.
    """
    return as_labels(_recorded(path), path.name)


def as_labels(pixels: NDArray[np.generic], name: str) -> NDArray[np.generic]:
    """Take the pixels of a file with this name as labels, (height, width); see `read_labels`.

    Raises
    ------
    MaskError
        If they are colours, fractions or grey levels instead of a number for each crystal.
    """
    if pixels.ndim != 2:
        raise MaskError(
            f"{name} is a colour picture; give a label image: grey, a number per crystal."
        )
    if pixels.dtype.kind == "f" and np.array_equal(pixels, np.round(pixels)):
        pixels = pixels.astype(np.int64)  # ImageJ saves labels beyond 65535 as 32-bit floats
    if pixels.dtype.kind not in "bui":
        raise MaskError(
            f"{name} holds fractions; give a label image of whole numbers, one per crystal."
        )
    values = label_values(pixels)
    if len(values) == 1:
        parts, count = ndimage.label(pixels == values[0])
        return np.asarray(parts) if count > 1 else pixels
    if _scattered(pixels):
        raise MaskError(
            f"{name} looks like a micrograph or a map of classes, as most of its values lie "
            "in many pieces; give a label image, in which each crystal has a number of its own."
        )
    return pixels


def read_masks(path: Path, shape: tuple[int, int]) -> list[Mask]:
    """Read the crystals of a label image of a micrograph of (height, width) pixels.

    Raises
    ------
    UnreadableFileError, MaskError
        As `read_labels`, and if the image is empty or not as large as the micrograph.
    """
    labels = read_labels(path)
    if labels.shape != shape:
        raise MaskError(
            f"{path.name} has {labels.shape[1]} x {labels.shape[0]} pixels but the micrograph "
            f"{shape[1]} x {shape[0]}; give the labels of this very micrograph."
        )
    masks = from_labels(labels)
    if not masks:
        raise MaskError(f"{path.name} holds no crystal: every pixel is 0.")
    return masks


def _scattered(pixels: NDArray[np.generic]) -> bool:
    """Tell grey levels from crystals: most values lie in many pieces, or pixels are pieces."""
    from skimage.measure import label

    parts, count = label(pixels, background=0, connectivity=2, return_num=True)
    if count > pixels.size / MOST_PIECES:  # 16-bit noise: hardly two pixels alike
        return True
    value_of = np.zeros(count + 1, pixels.dtype)
    value_of[parts.ravel()] = pixels.ravel()
    pieces = np.unique(value_of[1:], return_counts=True)[1]
    return bool(count) and float(np.median(pieces)) > MOST_PIECES


def _recorded(path: Path) -> NDArray[np.generic]:
    """Give the numbers as they stand in the file; a micrograph's reader would mix colours."""
    reader.read_pixels(path)  # refuses what is damaged or too large
    pixels = _decoded(path)
    equal = pixels.ndim == 3 and (pixels[..., :3] == pixels[..., :1]).all()
    return pixels[..., 0] if equal else pixels


def _decoded(path: Path) -> NDArray[np.generic]:
    if sniff(path) is Kind.TIFF:
        from tifffile import imread

        return np.squeeze(np.asarray(imread(path, key=0)))
    from PIL import Image

    with Image.open(path) as image:
        return np.asarray(image)
