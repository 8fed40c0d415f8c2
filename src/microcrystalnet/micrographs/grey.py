"""One grey plane from whatever an image file holds: grey, grey with alpha, colour, palette."""

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.generic]

_LUMINANCE = (0.299, 0.587, 0.114)  # ITU-R BT.601


def to_grey(pixels: Pixels) -> Pixels:
    """Reduce a decoded image to one grey plane of the same dtype.

    Parameters
    ----------
    pixels : (height, width) or (height, width, samples)
        Samples are grey, grey and alpha, RGB, or RGB and alpha; alpha is ignored.

    Returns
    -------
    (height, width) array
        The common channel where all colours are equal, otherwise their luminance.
    """
    if pixels.dtype == bool:
        pixels = pixels.astype(np.uint8) * np.uint8(255)
    if pixels.ndim == 2:
        return pixels
    if pixels.shape[2] < 3:
        return np.ascontiguousarray(pixels[..., 0])
    red, green, blue = (pixels[..., channel] for channel in range(3))
    if np.array_equal(red, green) and np.array_equal(red, blue):
        return np.ascontiguousarray(red)
    return _luminance(red, green, blue)


def from_palette(indices: Pixels, palette: NDArray[np.integer]) -> Pixels:
    """Turn a palette image into a grey one.

    Zeiss files are palette images whose palette also has colours that no pixel uses. Where the
    used entries are grey and get brighter with the index, the indices are the recorded values.

    Parameters
    ----------
    indices : (height, width) unsigned integers
    palette : (entries, 3)
        RGB, 8 or 16 bits.

    Returns
    -------
    (height, width) array
        The indices themselves, or else uint8 luminance.
    """
    used = np.unique(indices)
    colours = palette[np.minimum(used, len(palette) - 1).astype(np.intp)].astype(np.int64)
    is_grey = (colours == colours[:, :1]).all()
    if is_grey and (np.diff(colours[:, 0]) > 0).all():
        return indices
    levels = palette.astype(float) @ np.array(_LUMINANCE)
    if palette.max(initial=0) > 255:
        levels = levels / 257
    lut = np.rint(levels).astype(np.uint8)
    grey: Pixels = lut[np.minimum(indices, len(lut) - 1).astype(np.intp)]
    return grey


def invert(pixels: Pixels, bits: int) -> Pixels:
    """Turn integer pixels whose 0 is white into pixels whose 0 is black."""
    if pixels.dtype.kind != "u":
        return pixels
    white = 255 if bits == 1 else 2**bits - 1
    return np.subtract(white, pixels, dtype=pixels.dtype)


def _luminance(red: Pixels, green: Pixels, blue: Pixels) -> Pixels:
    mixed = np.zeros(red.shape, np.float32)
    for weight, channel in zip(_LUMINANCE, (red, green, blue), strict=True):
        mixed += np.float32(weight) * channel.astype(np.float32)
    if np.issubdtype(red.dtype, np.integer):
        np.rint(mixed, out=mixed)
    return mixed.astype(red.dtype)
