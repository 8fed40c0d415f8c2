"""Whether stated confidence is kept: the bins of a reliability diagram."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The crystals of one range of confidence: how sure they are, and how many are right.

    ``members`` are their places in the table.
    """

    low: float
    high: float
    confidence: float
    accuracy: float
    members: tuple[int, ...]


def reliability(
    true: NDArray[np.intp], probabilities: NDArray[np.float64], bins: int = BINS
) -> tuple[Bin, ...]:
    """Sort crystals by the probability (n, classes) of their most probable class; no bin is empty.

    Source: Guo et al. 2017, *On Calibration of Modern Neural Networks*, section 2.
    """
    confidence, hit = probabilities.max(1), probabilities.argmax(1) == true
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return tuple(
        Bin(
            at / bins,
            (at + 1) / bins,
            float(confidence[place == at].mean()),
            float(hit[place == at].mean()),
            tuple(int(each) for each in np.flatnonzero(place == at)),
        )
        for at in np.unique(place).tolist()
    )


def calibration_error(true: NDArray[np.intp], probabilities: NDArray[np.float64]) -> float:
    """Give the expected calibration error of the most probable class in ten equal bins.

    Source: Guo et al. 2017, *On Calibration of Modern Neural Networks*, equation 3.
    """
    gaps = (
        len(each.members) * abs(each.accuracy - each.confidence)
        for each in reliability(true, probabilities)
    )
    return float(sum(gaps) / len(true))
