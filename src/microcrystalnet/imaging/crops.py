"""Cutting square crops out of a micrograph, and laying maps of a crop back onto it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Region

Coordinates = NDArray[np.float64]
Taps = tuple[NDArray[np.intp], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class CropFrame:
    """A window of the micrograph that a (size, size) crop shows; it may stick out.

    Pixel centres lie at integers, so pixel 0 reaches from -0.5 to 0.5. ``row0`` and ``col0`` are
    the window's upper left corner and ``side`` its side, in image pixels: ``row0=9.5, side=10``
    covers the pixels 10 to 19. It is square unless its ``width`` is given, which a crop of other
    proportions is squashed from.
    """

    row0: float
    col0: float
    side: float
    size: int
    width: float | None = None

    @classmethod
    def around(
        cls, region: Region, size: int = 64, margin: float = 0.0, *, squash: bool = False
    ) -> "CropFrame":
        """Frame a bounding box by a square of its longer side, widened by ``margin`` of it.

        With ``squash``, by the box itself, each side widened by ``margin`` of its own length.
        """
        longer = max(region.height, region.width)
        height, width = (region.height, region.width) if squash else (longer, longer)
        high, wide = height * (1 + 2 * margin), width * (1 + 2 * margin)
        row, col = (region.row0 + region.row1 - 1) / 2, (region.col0 + region.col1 - 1) / 2
        return cls(row - high / 2, col - wide / 2, high, size, wide if squash else None)

    @property
    def across(self) -> float:
        """The window's length along columns, in image pixels."""
        return self.side if self.width is None else self.width

    @property
    def scales(self) -> tuple[float, float]:
        """Image pixels per crop pixel, down and across."""
        return self.side / self.size, self.across / self.size

    def to_image(self, rows: ArrayLike, cols: ArrayLike) -> tuple[Coordinates, Coordinates]:
        """Turn crop coordinates into image coordinates."""
        down, across = self.scales
        return (
            self.row0 + (np.asarray(rows, float) + 0.5) * down,
            self.col0 + (np.asarray(cols, float) + 0.5) * across,
        )

    def to_crop(self, rows: ArrayLike, cols: ArrayLike) -> tuple[Coordinates, Coordinates]:
        """Turn image coordinates into crop coordinates; the inverse of `to_image`."""
        down, across = self.scales
        return (
            (np.asarray(rows, float) - self.row0) / down - 0.5,
            (np.asarray(cols, float) - self.col0) / across - 0.5,
        )

    @property
    def region(self) -> Region:
        """The image pixels whose centres the window covers; it may stick out of the image."""
        row0, col0 = int(np.ceil(self.row0)), int(np.ceil(self.col0))
        row1, col1 = int(np.ceil(self.row0 + self.side)), int(np.ceil(self.col0 + self.across))
        return Region(row0, col0, max(row1, row0 + 1), max(col1, col0 + 1))


def cut(
    pixels: NDArray[np.generic],
    frame: CropFrame,
    *,
    mask: Mask | None = None,
    order: int = 1,
    fill: float = 0,
) -> NDArray[np.float32]:
    """Cut the crop that a frame shows.

    Parameters
    ----------
    pixels : (height, width)
        The micrograph; what is not finite counts as ``fill``.
    frame
        Where to cut.
    mask
        If given, pixels outside it become ``fill``.
    order
        0: the nearest pixel. 1: linear, averaging where the crop is smaller than the window.
    fill
        Grey level outside the micrograph.

    Returns
    -------
    (size, size) float32
    """
    margin = 2 + int(np.ceil(max(frame.scales)))
    box = frame.region
    window_region = Region(
        box.row0 - margin, box.col0 - margin, box.row1 + margin, box.col1 + margin
    )
    window = _window(pixels, window_region, mask, fill)
    rows, cols = frame.to_image(np.arange(frame.size), np.arange(frame.size))
    rows, cols = rows - window_region.row0, cols - window_region.col0
    if order == 0:
        nearest: NDArray[np.float32] = window[np.ix_(_nearest(rows), _nearest(cols))]
        return nearest
    high, wide = frame.scales
    across = _taps(cols, window.shape[1], wide)
    return _resample(window, _taps(rows, window.shape[0], high), across)


def place(values: NDArray[np.generic], frame: CropFrame) -> tuple[NDArray[np.float32], Region]:
    """Lay a map of a crop onto the micrograph's own pixels.

    Parameters
    ----------
    values : (size, size)
        One value per crop pixel.
    frame
        The frame with which the crop was cut.

    Returns
    -------
    (height, width) float32, Region
        The map on whole image pixels, and where it lies; the region may stick out of the image.
    """
    region = frame.region
    rows, cols = frame.to_crop(
        np.arange(region.row0, region.row1), np.arange(region.col0, region.col1)
    )
    high, wide = frame.scales
    down = _taps(rows, frame.size, 1 / high)
    across = _taps(cols, frame.size, 1 / wide)
    return _resample(values.astype(np.float32), down, across), region


def spread(
    values: NDArray[np.generic], frame: CropFrame, over: Mask | Region
) -> tuple[NDArray[np.float32], Region]:
    """Lay a map of a crop onto the micrograph's own pixels, as `place` does, and keep its sum.

    The share of each crop pixel goes to the pixels of ``over`` that a linear `cut` mixes it from,
    by their weights, so that nothing is lost where crystals or images end.

    Parameters
    ----------
    values : (size, size)
        What falls to a pixel of the image at each crop pixel; 0 where the crop shows nothing of
        ``over``.
    frame
        The frame with which the crop was cut.
    over
        The pixels that the crop shows: a crystal's, or those of the whole image.

    Returns
    -------
    (height, width) float32, Region
        The map on whole image pixels, and where it lies; the region may stick out of the image.
        It sums to the sum of ``values`` times the area of a crop pixel in image pixels.
    """
    region, (high, wide) = frame.region, frame.scales
    rows, cols = frame.to_image(np.arange(frame.size), np.arange(frame.size))
    down = _taps(rows - region.row0, region.height, high)
    across = _taps(cols - region.col0, region.width, wide)
    shown = _shown(over, region)
    weight = _resample(shown, down, across)
    shares = np.divide(values, weight, out=np.zeros_like(weight), where=weight > 0)
    handed = _hand_out(_hand_out(shares, down, region.height).T, across, region.width).T
    return np.asarray(handed * shown * (high * wide), np.float32), region


def _hand_out(shares: NDArray[np.floating], taps: Taps, count: int) -> NDArray[np.float64]:
    """Give each of ``count`` samples its part of the rows that it was mixed into."""
    samples, weights = taps
    given = np.zeros((count, shares.shape[1]))
    np.add.at(given, samples, weights[..., None] * shares[:, None])
    return given


def _window(
    pixels: NDArray[np.generic], region: Region, mask: Mask | None, fill: float
) -> NDArray[np.float32]:
    """Copy a part of the image, ``fill`` where there is no image, no mask, or no number."""
    height, width = pixels.shape
    window = np.full((region.height, region.width), fill, np.float32)
    row0, row1 = max(region.row0, 0), min(region.row1, height)
    col0, col1 = max(region.col0, 0), min(region.col1, width)
    if row0 < row1 and col0 < col1:
        part = pixels[row0:row1, col0:col1].astype(np.float32)
        window[row0 - region.row0 : row1 - region.row0, col0 - region.col0 : col1 - region.col0] = (
            np.where(np.isfinite(part), part, np.float32(fill))
        )
    if mask is not None:
        window[~_mask_window(mask, region)] = fill
    return window


def _mask_window(mask: Mask, region: Region) -> NDArray[np.bool_]:
    inside = np.zeros((region.height, region.width), bool)
    box = mask.region
    row0, row1 = max(region.row0, box.row0), min(region.row1, box.row1)
    col0, col1 = max(region.col0, box.col0), min(region.col1, box.col1)
    if row0 < row1 and col0 < col1:
        inside[row0 - region.row0 : row1 - region.row0, col0 - region.col0 : col1 - region.col0] = (
            mask.pixels[row0 - box.row0 : row1 - box.row0, col0 - box.col0 : col1 - box.col0]
        )
    return inside


def _shown(over: Mask | Region, region: Region) -> NDArray[np.float32]:
    """Give 1 where a window has pixels of a crystal, or of an image, and 0 elsewhere."""
    if isinstance(over, Mask):
        return _mask_window(over, region).astype(np.float32)
    rows, cols = np.arange(region.row0, region.row1), np.arange(region.col0, region.col1)
    inside = np.outer(
        (rows >= over.row0) & (rows < over.row1), (cols >= over.col0) & (cols < over.col1)
    )
    return inside.astype(np.float32)


def _nearest(positions: Coordinates) -> NDArray[np.intp]:
    return np.floor(positions + 0.5).astype(np.intp)


def _taps(positions: Coordinates, count: int, scale: float) -> Taps:
    """Give, for each position, which of ``count`` samples it mixes, and their weights.

    Linear interpolation, widened to an average over ``scale`` samples where that is more than one.
    """
    reach = max(scale, 1.0)
    inside = np.clip(positions, 0, count - 1)[:, None]
    samples = np.ceil(inside - reach) + np.arange(int(2 * reach) + 1)
    weights = np.clip(1 - np.abs(inside - samples) / reach, 0, None)
    weights[(samples < 0) | (samples >= count)] = 0
    weights /= weights.sum(axis=1, keepdims=True)
    return np.clip(samples, 0, count - 1).astype(np.intp), weights.astype(np.float32)


def _resample(values: NDArray[np.float32], down: Taps, across: Taps) -> NDArray[np.float32]:
    """Mix rows, then columns; without a matrix product, whose threads slow small ones down."""
    rows, row_weights = down
    cols, col_weights = across
    mixed = np.einsum("rk,rkw->rw", row_weights, values[rows])
    return np.asarray(np.einsum("ck,rck->rc", col_weights, mixed[:, cols]), np.float32)
