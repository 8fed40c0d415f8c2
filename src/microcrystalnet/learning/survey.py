"""What predictions of many crystals add up to: abundances, doubt, and what is better left open."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import ModelError
from microcrystalnet.learning.records import HeldOut, TrainingRecord

Table = NDArray[np.float64]
UNSURE = "unsure"
FEWEST_JUDGED = 20
OPTIMISTIC = (
    "The crystals that tell this threshold also ended the training and set its calibration, so "
    "expect fewer right answers; label more micrographs, or train in folds, for an honest one."
)


@dataclass(frozen=True, slots=True)
class Abundance:
    """How much of one class there is; shares are of all crystals, 0 to 1.

    ``area_share`` is None where an area is unknown. ``cls`` is ``unsure`` for what was left open.
    """

    cls: str
    count: int
    count_share: float
    area_share: float | None


@dataclass(frozen=True, slots=True)
class Threshold:
    """A confidence from which on answers were right often enough on crystals never learnt from.

    ``answered`` is the share of crystals that reach it, ``accuracy`` how many of those were right.
    ``optimistic`` where the same crystals ended the training and set its calibration.
    """

    confidence: float
    accuracy: float
    answered: float
    optimistic: bool = False


def answers(probabilities: Table, classes: Sequence[str], least: float = 0.0) -> list[str]:
    """Give the most probable class of each crystal, ``unsure`` below a probability of ``least``.

    Raises
    ------
    ModelError
        If ``least`` is no probability.
    """
    if not 0 <= least <= 1:
        raise ModelError(f"The least confidence is {least:g}; choose a value from 0 to 1.")
    return [classes[int(row.argmax())] if row.max() >= least else UNSURE for row in probabilities]


def margins(probabilities: Table) -> NDArray[np.float64]:
    """Give how far the most probable class leads the second (n,); small means doubtful."""
    ranked = np.sort(probabilities, axis=1)
    leads: NDArray[np.float64] = ranked[:, -1] - ranked[:, -2]
    return leads


def abundances(
    said: Sequence[str], classes: Sequence[str], areas: Sequence[float | None]
) -> tuple[Abundance, ...]:
    """Count answers (n,) by class, and share out the crystals' areas (n,) of one unit."""
    known = [area for area in areas if area is not None]
    total = sum(known) if len(known) == len(said) else 0.0
    listed = [*classes, *([UNSURE] if UNSURE in said else [])]
    return tuple(
        Abundance(
            cls,
            said.count(cls),
            said.count(cls) / len(said) if said else 0.0,
            sum(area or 0.0 for area, each in zip(areas, said, strict=True) if each == cls) / total
            if total
            else None,
        )
        for cls in listed
    )


def suggested(record: TrainingRecord, classes: Sequence[str]) -> Threshold | None:
    """Give `threshold_for` the crystals a model was judged on, and whether it is too kind."""
    found = threshold_for(record.held_out, classes)
    return None if found is None else replace(found, optimistic=record.judged_on == "validation")


def threshold_for(
    held_out: Sequence[HeldOut], classes: Sequence[str], accuracy: float = 0.95
) -> Threshold | None:
    """Give the least confidence from which on answers reach an accuracy.

    None where fewer than twenty crystals, held out from the training, would be answered then.
    """
    if len(held_out) < FEWEST_JUDGED:
        return None
    table = np.array([each.probabilities for each in held_out])
    hits = np.array(answers(table, classes)) == np.array([each.truth for each in held_out])
    order = np.argsort(-table.max(1), kind="stable")
    confidence, right = table.max(1)[order], hits[order].cumsum() / np.arange(1, len(order) + 1)
    # Crystals of the same confidence are answered together or not at all.
    last = np.append(confidence[1:] < confidence[:-1], True)
    enough = np.flatnonzero(
        last & (right >= accuracy) & (np.arange(len(order)) >= FEWEST_JUDGED - 1)
    )
    if not enough.size:
        return None
    at = int(enough[-1])
    return Threshold(float(confidence[at]), float(right[at]), (at + 1) / len(order))
