"""Intervals of 95 % by drawing whole micrographs again, because their crystals are alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

REPLICATES, SEED, LEAST_MICROGRAPHS = 2000, 20251120, 10
Floats = NDArray[np.float64]
Statistic = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds of 95 %; both None with the ``reason`` where none can be given."""

    low: float | None
    high: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """How often each micrograph was drawn in each replicate: (replicates, micrographs)."""

    counts: Floats

    @classmethod
    def of(cls, micrographs: int, replicates: int = REPLICATES, seed: int = SEED) -> "Draws":
        """Draw as many micrographs as there are, again and again, each as likely as the others."""
        random = np.random.default_rng(seed)
        if not micrographs:
            return cls(np.zeros((replicates, 0)))
        even = np.full(micrographs, 1 / micrographs)
        return cls(random.multinomial(micrographs, even, size=replicates).astype(float))

    @property
    def micrographs(self) -> int:
        """How many micrographs there are to draw from."""
        return int(self.counts.shape[1])

    def interval(self, values: Floats, holding: int, what: str = "such crystals") -> Interval:
        """Give the bounds of what a statistic was in the replicates.

        Parameters
        ----------
        values : (replicates,)
            NaN where the replicate had nothing to say it of.
        holding
            How many of the micrographs hold crystals that the statistic is of; no interval is
            given below `LEAST_MICROGRAPHS`, as the bounds would hold the truth too seldom
            (`python -m benchmarks.coverage`).
        what
            The crystals that it is of, for the reason.
        """
        if self.micrographs < LEAST_MICROGRAPHS:
            return Interval(None, None, too_few(self.micrographs))
        if holding < LEAST_MICROGRAPHS:
            return Interval(None, None, too_rare(holding, what))
        return Interval(*bounds(values))


def bounds(values: Floats) -> tuple[float, float]:
    """Give what leaves 2.5 % of the replicates out at either end, without asking if it may.

    Parameters
    ----------
    values : (replicates,)
        At least one finite number; NaN where the replicate had nothing to say it of.
    """
    low, high = np.percentile(values[np.isfinite(values)], [2.5, 97.5])
    return float(low), float(high)


def too_few(micrographs: int) -> str:
    """Say why there is no interval."""
    held = "is 1 micrograph" if micrographs == 1 else f"are {micrographs} micrographs"
    return f"Intervals need {LEAST_MICROGRAPHS} micrographs; there {held}."


def too_rare(holding: int, what: str) -> str:
    """Say why a class that few micrographs hold has no interval."""
    held = {0: "No micrograph holds", 1: "Only 1 micrograph holds"}.get(
        holding, f"Only {holding} micrographs hold"
    )
    return f"{held} {what}; an interval needs {LEAST_MICROGRAPHS}."


def weighted_percentiles(values: Floats, weights: Floats, shares: Sequence[float]) -> Floats:
    """Give percentiles of values that count as often as their weights say.

    Parameters
    ----------
    values : (n,)
        In any order.
    weights : (replicates, n)
        Whole numbers: how often each value is there.
    shares
        Percentages, 0 to 100.

    Returns
    -------
    (len(shares), replicates) float64
        What `numpy.percentile` gives for the repeated values; NaN where nothing is left.
    """
    order = np.argsort(values, kind="stable")
    ordered, passed = values[order], np.cumsum(weights[:, order], axis=1)
    totals = passed[:, -1] if values.size else np.zeros(len(weights))
    found = np.full((len(shares), len(weights)), np.nan)
    for at, total in enumerate(totals):
        if total > 0:
            places = np.asarray(shares) / 100 * (total - 1)
            below = np.floor(places)
            low = ordered[np.searchsorted(passed[at], below, side="right")]
            next_one = np.minimum(below + 1, total - 1)
            high = ordered[np.searchsorted(passed[at], next_one, side="right")]
            found[:, at] = low + (places - below) * (high - low)
    return found
