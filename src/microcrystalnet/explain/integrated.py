"""Integrated gradients: which pixels make up the score of a class, and by how much."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import ModelError
from microcrystalnet.explain.gradient import slopes
from microcrystalnet.learning.predict import Classifier
from microcrystalnet.progress import Progress, Report, ignore_progress

Step = Callable[[], None]
# More steps are taken only where the sum is not yet right; most crops need the first two.
STEPS = (32, 128, 512, 2048)
TOLERANCE = 0.01
# A score that changes by less moves no probability by more than a quarter of a per cent.
SMALLEST_CHANGE = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """Integrated gradients by so many steps; ``values`` (size, size) should sum to ``change``."""

    steps: int
    values: NDArray[np.float64]
    change: float

    @property
    def missing(self) -> float:
        """What the values lack to be the change of the score."""
        return self.change - float(self.values.sum())

    @property
    def error(self) -> float:
        """What is missing as a share of the change, or of `SMALLEST_CHANGE` if that is more."""
        return abs(self.missing) / max(abs(self.change), SMALLEST_CHANGE)

    @property
    def complete(self) -> bool:
        """Whether the sum is the change of the score within 1 %."""
        return self.error <= TOLERANCE


def integrated_gradients(
    classifier: Classifier,
    crops: NDArray[np.float32],
    classes: NDArray[np.int32],
    report: Report = ignore_progress,
) -> NDArray[np.float32]:
    """Give each pixel's share of the score's change from a black crop, (n, size, size) float32.

    Negative values speak against the class. The values of a crop sum to the change within 1 %.
    Where large values for and against nearly cancel, more steps would hardly mend the sum; what is
    missing, less than 1 % of all values' size, is then spread over the pixels by their size.
    Source: Sundararajan et al. 2017, *Axiomatic Attribution for Deep Networks*, section 3.

    Raises
    ------
    ModelError
        If the sum is further off after `STEPS`.
    """
    maps = np.zeros(crops.shape[:3], np.float32)
    for number, (crop, cls) in enumerate(zip(crops, classes, strict=True)):
        step = partial(report, Progress(number, len(crops), "Explaining"))
        maps[number] = _integrate(classifier, crop, cls, step)
    return maps


def path_gradients(
    classifier: Classifier, crops: NDArray[np.float32], classes: NDArray[np.int32]
) -> NDArray[np.float32]:
    """Give integrated gradients by the fewest steps, whether or not they sum to the change."""
    maps = np.zeros(crops.shape[:3], np.float32)
    for number, (crop, cls) in enumerate(zip(crops, classes, strict=True)):
        maps[number] = crop[..., 0] * _mean_slope(classifier, crop, cls, STEPS[0], _nobody)
    return maps


def attempts(
    classifier: Classifier, crop: NDArray[np.float32], cls: np.int32, report: Step
) -> Iterator[Attempt]:
    """Integrate a crop (size, size, 1) by more and more steps, as many times as are asked for."""
    report()
    ends = slopes(classifier, np.stack([np.zeros_like(crop), crop]), np.repeat(cls, 2))[0]
    change = float(ends[1]) - float(ends[0])
    for steps in STEPS:
        values = crop[..., 0] * _mean_slope(classifier, crop, cls, steps, report)
        yield Attempt(steps, np.asarray(values, np.float64), change)


def mended(attempt: Attempt) -> NDArray[np.float64]:
    """Spread what is missing over the pixels by their size.

    Raises
    ------
    ModelError
        If it is more than 1 % of all values' size.
    """
    values, size = attempt.values, np.abs(attempt.values)
    if abs(attempt.missing) > TOLERANCE * size.sum():
        raise ModelError(
            f"The integrated gradients of a crop sum to {values.sum():.3g} instead of "
            f"{attempt.change:.3g}, the change of its score, after {attempt.steps} steps; use "
            "another method, such as saliency."
        )
    return np.asarray(values + attempt.missing * size / size.sum(), np.float64)


def _integrate(
    classifier: Classifier, crop: NDArray[np.float32], cls: np.int32, report: Step
) -> NDArray[np.float64]:
    for attempt in attempts(classifier, crop, cls, report):
        if attempt.complete:
            return attempt.values
    return mended(attempt)


def _mean_slope(
    classifier: Classifier, crop: NDArray[np.float32], cls: np.int32, steps: int, report: Step
) -> NDArray[np.float64]:
    """Average the gradient over the middles of equal steps from black to the crop."""
    shares = ((np.arange(steps) + 0.5) / steps).astype(np.float32)
    path = shares[:, None, None, None] * crop
    found = slopes(classifier, path, np.repeat(cls, steps), lambda _: report())[1]
    return np.asarray(found.mean(axis=0, dtype=np.float64))


def _nobody() -> None:
    """Report to nobody."""
