"""How much of a micrograph is noise: its standard deviation and the signal-to-noise ratio."""

import math

import numpy as np
from numpy.typing import NDArray

SNR_WORDS = (
    "The signal-to-noise ratio is ten times the decimal logarithm of the variance of the grey "
    "levels less that of the noise, divided by that of the noise; the noise is estimated from "
    "differences of neighbouring pixels and, of whole grey levels, at least what rounding adds."
)
_QUANTISED = 1 / 12  # variance of rounding to whole grey levels
_DEVIATION = 0.6745  # median of the absolute values of a standard normal variable
_GAIN = 6.0  # standard deviation of the Laplacian difference of white noise of deviation 1
_MOST = 50_000_000  # pixels looked at, which needs 1.5 GB; more changes nothing that is shown
_BAND = 256  # rows that stay together, as the noise is told from neighbours


def noise_deviation(pixels: NDArray[np.generic]) -> float:
    """Estimate the standard deviation of white noise in grey levels.

    The difference of two Laplacians leaves nothing of smooth surfaces (Immerkaer 1996, *Computer
    Vision and Image Understanding* 64, 300); its median, unlike its mean, does not see the facets'
    edges. ``pixels`` is (height, width), both at least 3; not finite ones are left out.

    Returns
    -------
    float
        0 for a constant image or one of fewer than 3 rows or columns.
    """
    grey = np.asarray(pixels, np.float32)
    if min(grey.shape) < 3:
        return 0.0
    rows = grey[:-2] - 2 * grey[1:-1] + grey[2:]
    differences = np.abs(rows[:, :-2] - 2 * rows[:, 1:-1] + rows[:, 2:])
    finite = differences[np.isfinite(differences)]
    return float(np.median(finite)) / _DEVIATION / _GAIN if finite.size else 0.0


def snr_db(pixels: NDArray[np.generic]) -> float | None:
    """Give the signal-to-noise ratio in decibels: 10 log10((variance - noise) / noise).

    ``noise`` is the square of `noise_deviation`, and of whole numbers at least the 1/12 that
    rounding to them adds, so that a filter cannot reach infinity. ``pixels`` is (height, width) in
    grey levels of any dtype; of more than 50 million evenly spaced bands of rows are looked at.

    Returns
    -------
    float or None
        None where there is no signal, as in a constant image or one of nothing but noise, and
        where fractions have no noise at all.
    """
    seen = _bands(pixels)
    finite = seen[np.isfinite(seen)].astype(np.float64)
    if not finite.size:
        return None
    least = _QUANTISED if seen.dtype.kind in "bui" else 0.0
    noise = max(noise_deviation(seen) ** 2, least)
    signal = float(finite.var()) - noise
    return 10 * math.log10(signal / noise) if min(signal, noise) > 0 else None


def _bands(pixels: NDArray[np.generic]) -> NDArray[np.generic]:
    """Give all rows or, of a picture too large for the memory, evenly spaced bands of them."""
    times = -(-pixels.size // _MOST)
    if times <= 1:
        return pixels
    seen: NDArray[np.generic] = pixels[np.arange(len(pixels)) // _BAND % times == 0]
    return seen
