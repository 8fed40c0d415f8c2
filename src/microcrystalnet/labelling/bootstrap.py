"""How sure a figure about crystals is, by drawing the micrographs again."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEWEST_IMAGES = 10
REPLICATES = 2000
LEVEL = 0.95

Array = NDArray[np.float64]
Statistic = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient with its 95 % interval; None: undefined, or too few images for an interval."""

    value: float | None
    low: float | None = None
    high: float | None = None


class ImageBootstrap:
    """Percentile intervals that draw whole micrographs again with replacement.

    Crystals of one micrograph share its focus, its light and its rock; drawing crystals would
    make every interval too narrow (Efron and Tibshirani 1993, section 8.3).

    Parameters
    ----------
    image_of
        (crystals,) int64, which image each crystal lies on.
    seed
        The same seed gives the same intervals.
    """

    def __init__(self, image_of: NDArray[np.int64], seed: int = 0) -> None:
        self._image_of, self._seed = image_of, seed
        self._draws: dict[int, NDArray[np.int64]] = {}

    def estimate(self, parts: Array, statistic: Statistic) -> Estimate:
        """Give a statistic and its interval.

        Parameters
        ----------
        parts
            (crystals, n) float64: what every crystal adds to the sums that the statistic needs; a
            crystal that says nothing adds zeros, and an image of such crystals is not drawn.
        statistic
            Gives (...) values from (..., n) sums; NaN: undefined.
        """
        images = int(self._image_of.max(initial=-1)) + 1
        per_image = np.zeros((images, parts.shape[1]))
        np.add.at(per_image, self._image_of, parts)
        return self.estimate_of(per_image, statistic)

    def estimate_of(self, per_image: Array, statistic: Statistic) -> Estimate:
        """Give a statistic and its interval from the sums of every image, (images, n) float64."""
        per_image = per_image[per_image.any(axis=1)]
        value = float(statistic(per_image.sum(axis=0)))
        low, high = self._interval(per_image, statistic)
        return Estimate(None if np.isnan(value) else value, low, high)

    def _interval(
        self, per_image: Array, statistic: Statistic
    ) -> tuple[float, float] | tuple[None, None]:
        images = len(per_image)
        if images < FEWEST_IMAGES:
            return None, None
        values = statistic(self._drawn(images) @ per_image)
        values = values[~np.isnan(values)]
        if not values.size:
            return None, None
        low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return float(low), float(high)

    def _drawn(self, images: int) -> NDArray[np.int64]:
        """Give how often each image was drawn in every replicate, (replicates, images)."""
        if images not in self._draws:
            generator = np.random.default_rng(self._seed)
            even = np.full(images, 1 / images)
            self._draws[images] = generator.multinomial(images, even, size=REPLICATES)
        return self._draws[images]
