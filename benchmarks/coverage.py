"""`python -m benchmarks.coverage`: how often intervals hold the truth, into docs/benchmarks.md.

Projects are drawn whose truth is known; micrographs differ from one another, as focus, light and
rock do. `SPREAD` of the logarithm of the sizes lies between micrographs, `WITHIN` inside each.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.figures import replace_between
from microcrystalnet.statistics.bootstrap import Draws, bounds, weighted_percentiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bounds = dict[str, tuple[float, float]]

BEGIN, END = "<!-- coverage: begin -->", "<!-- coverage: end -->"
MICROGRAPHS, OTHERS, RARE, MANY = 48, 36.0, 3.0, 39.0  # the last three: crystals on a micrograph
SPREAD, WITHIN = 0.25, 0.4
HOLDING = (2, 3, 4, 5, 6, 8, 10, 15, 24, 48)
TRIALS, SEED = 2000, 0
SIZES = {"mean": "mean size", "d50": "D50", "d90": "D90"}
SPREADS = {"alike": 0.0, "unlike": 0.5}  # other spreads, for which only the mean is looked at
SHARES = {"number_percent": "number %", "area_percent": "area %"}
NINTH = 1.2815515655446004  # where nine tenths of a normal distribution lie below


@dataclass(frozen=True, slots=True)
class Drawn:
    """A project: the class's ``diameters`` with their micrographs, and the other crystals.

    ``image`` and ``diameters`` are (crystals,), ``others`` is (2, micrographs): their number and
    the sum of their squared diameters.
    """

    image: NDArray[np.int64]
    diameters: Floats
    others: Floats


def draw(
    random: np.random.Generator,
    holds: NDArray[np.bool_],
    crystals: float = RARE,
    spread: float = SPREAD,
) -> Drawn:
    """Draw a project of which some micrographs hold a class, with ``crystals`` of it on average."""
    shifts = random.normal(0, spread, len(holds))
    counts = np.where(holds, 1 + random.poisson(crystals - 1, len(holds)), 0)
    image = np.repeat(np.arange(len(holds)), counts)
    numbers = random.poisson(OTHERS, len(holds))
    place = np.repeat(np.arange(len(holds)), numbers)
    squares = _sizes(random, shifts[place]) ** 2
    areas = np.bincount(place, squares, len(holds))
    return Drawn(image, _sizes(random, shifts[image]), np.stack([numbers.astype(float), areas]))


def sizes(project: Drawn, draws: Draws) -> Bounds:
    """Give the bounds of the sizes of the class, also where the product would give none."""
    weights = draws.counts[:, project.image]
    d50, d90 = weighted_percentiles(project.diameters, weights, [50, 90])
    return {"mean": mean(project, draws), "d50": bounds(d50), "d90": bounds(d90)}


def mean(project: Drawn, draws: Draws) -> tuple[float, float]:
    """Give the bounds of the mean size of the class."""
    counts, total = (_per_image(project, part, draws) for part in (None, project.diameters))
    with np.errstate(invalid="ignore"):
        return bounds((draws.counts @ total) / (draws.counts @ counts))


def shares(project: Drawn, draws: Draws) -> Bounds:
    """Give the bounds of the shares of the class, in percent, also where the product gives none."""
    found = {}
    parts = (None, project.diameters**2)
    for name, part, rest in zip(SHARES, parts, project.others, strict=True):
        own = _per_image(project, part, draws)
        found[name] = bounds(100 * (draws.counts @ own) / (draws.counts @ (own + rest)))
    return found


def truth(holding: float) -> dict[str, float]:
    """Give the numbers of the class in all micrographs there could be, not only the drawn ones."""
    spread = math.hypot(SPREAD, WITHIN)
    means = {name: _mean_size(each) for name, each in SPREADS.items()}
    means |= dict.fromkeys(("mean", "whole"), _mean_size(SPREAD))
    share = 100 * holding * RARE / (holding * RARE + MICROGRAPHS * OTHERS)
    return means | {"d50": 1.0, "d90": math.exp(NINTH * spread)} | dict.fromkeys(SHARES, share)


def covered(holding: int, trials: int) -> dict[str, float]:
    """Give the percentage of projects whose bounds hold the truth, for each number of a class.

    Sizes are of projects where exactly ``holding`` of `MICROGRAPHS` hold the class; shares where
    each micrograph holds it by chance, ``holding`` on average; ``whole`` is the mean size of all
    crystals of projects of ``holding`` micrographs.
    """
    random = np.random.default_rng((SEED, holding))
    expected = truth(holding)
    held = dict.fromkeys((*SIZES, *SPREADS, *SHARES, "whole"), 0)
    draws, few = Draws.of(MICROGRAPHS), Draws.of(holding)
    for _ in range(trials):
        for name, (low, high) in _one_each(random, holding, draws, few).items():
            held[name] += low <= expected[name] <= high
    return {name: 100 * count / trials for name, count in held.items()}


def _one_each(random: np.random.Generator, holding: int, draws: Draws, few: Draws) -> Bounds:
    """Give the bounds found in one project of each kind."""
    exactly, by_chance = np.arange(MICROGRAPHS) < holding, np.zeros(MICROGRAPHS, bool)
    while not by_chance.any():  # a class that no micrograph holds is in no table
        by_chance = random.random(MICROGRAPHS) < holding / MICROGRAPHS
    others = {
        name: mean(draw(random, exactly, spread=each), draws) for name, each in SPREADS.items()
    }
    whole = mean(draw(random, np.ones(holding, bool), MANY), few)
    found = sizes(draw(random, exactly), draws) | shares(draw(random, by_chance), draws)
    return found | others | {"whole": whole}


def _mean_size(spread: float) -> float:
    return math.exp((spread**2 + WITHIN**2) / 2)


def _per_image(project: Drawn, part: Floats | None, draws: Draws) -> Floats:
    return np.bincount(project.image, part, draws.micrographs).astype(float)


def _sizes(random: np.random.Generator, shifts: Floats) -> Floats:
    return np.exp(shifts + random.normal(0, WITHIN, len(shifts)))


def main() -> None:
    """Simulate, and replace the table; an argument is the number of projects in place of TRIALS."""
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else TRIALS
    others = (f"mean size, spread {each}" for each in SPREADS.values())
    headings = (*SIZES.values(), *others, *SHARES.values(), "mean size, all crystals")
    lines = ["| micrographs | " + " | ".join(headings) + " |", "| --- |" + " --- |" * len(headings)]
    for holding in HOLDING:
        found = covered(holding, trials)
        lines.append(
            f"| {holding} | " + " | ".join(f"{each:.1f}" for each in found.values()) + " |"
        )
        print(lines[-1], flush=True)
    if trials == TRIALS:
        replace_between(BEGIN, END, lines)


if __name__ == "__main__":
    main()
