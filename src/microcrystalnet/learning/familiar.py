"""Whether crops are like those a model was trained on; it can only guess at others."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.learning.dataset import SMALLEST_SIDE
from microcrystalnet.learning.material import LabelledCrops
from microcrystalnet.learning.records import ModelCard, Seen

Array = NDArray[np.float32]
USUAL = (2.5, 97.5)  # per cent of the crops that a range spans
MOST_OUTSIDE = 0.25
FEWEST = 5
CUT_ELSEWHERE = (
    "The model learnt from crystals cut out of whole micrographs, black around them; the crops of "
    "a table have their own contrast and surroundings, so check these predictions."
)
CUT_HERE = (
    "The model learnt from the crops of a table, each with its own contrast and surroundings; here "
    "crystals are cut from whole micrographs, so check these predictions."
)


def seen_of(material: LabelledCrops) -> Seen:
    """Measure what the crops of a training are like."""
    brightness, contrast = grey_of(material.crops)
    sides = [side for side in material.sides_um if side is not None]
    return Seen(_range(sides) if sides else None, _range(contrast), _range(brightness))


def unfamiliar(
    seen: Seen | None, crops: Array, sides_um: Sequence[float | None] = ()
) -> tuple[str, ...]:
    """Give a sentence for each way in which crops (n, size, size, 1) differ from the training's.

    Nothing is said where fewer than five crops, or no more than a quarter of them, lie outside the
    range that 95 % of the training's crops span.
    """
    if seen is None or not len(crops):
        return ()
    brightness, contrast = grey_of(crops)
    sides = [side for side in sides_um if side is not None]
    said = [
        _said("contrast", "", seen.contrast, contrast),
        _said("brightness", "", seen.brightness, brightness),
        _said("size", " µm", seen.side_um, sides) if seen.side_um else "",
    ]
    return tuple(each for each in said if each)


def cut_otherwise(card: ModelCard, *, from_table: bool = False) -> tuple[str, ...]:
    """Say whether crops are made otherwise than those a model learnt from, whatever they show.

    ``from_table`` tells crops that were files of their own from those cut out of micrographs.
    """
    if from_table:
        return (CUT_ELSEWHERE,) if card.recipe.masked else ()
    return () if card.recipe.masked or card.training is None else (CUT_HERE,)


def tiny(sides: Sequence[int]) -> tuple[str, ...]:
    """Say how many crystals are too small to show much, from their longer sides in pixels."""
    count = sum(side < SMALLEST_SIDE for side in sides)
    if not count:
        return ()
    are, them = ("is", "it") if count == 1 else ("are", "them")
    return (
        f"{count} of {len(sides)} crystals {are} under {SMALLEST_SIDE} pixels across and little "
        f"more than blur when enlarged; discard {them}, or take micrographs of a higher "
        "magnification.",
    )


def grey_of(crops: Array) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give mean and standard deviation (n,) of the grey of crops where they are not black."""
    flat = crops.reshape(len(crops), -1).astype(np.float64)
    shown = flat > 0
    count = np.maximum(shown.sum(1), 1)
    mean = flat.sum(1) / count
    variance = (np.where(shown, flat - mean[:, None], 0) ** 2).sum(1) / count
    return mean, np.sqrt(variance)


def _said(
    what: str, unit: str, usual: tuple[float, float], found: Sequence[float] | NDArray[np.float64]
) -> str:
    values = np.asarray(found, np.float64)
    outside = (values < usual[0]) | (values > usual[1])
    count = int(outside.sum())
    if count < FEWEST or count <= MOST_OUTSIDE * len(values):
        return ""
    return (
        f"{count} of {len(values)} crystals differ in {what} from those the model learnt from: the "
        f"median here is {np.median(values):.2g}{unit}, there nearly all lay from {usual[0]:.2g} "
        f"to {usual[1]:.2g}{unit}. Check these predictions, or label some and train again."
    )


def _range(values: Sequence[float] | NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.percentile(np.asarray(values, np.float64), USUAL)
    return float(low), float(high)
