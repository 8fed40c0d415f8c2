"""Divide labelled crystals into those to learn from, to stop by, and to be judged on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.learning.config import TrainConfig

Indices = NDArray[np.intp]

# So few crystals are better spent on learning than on a third part.
SMALLEST_TESTED = 50
ATTEMPTS = 300
ONE_MICROGRAPH = (
    "All labelled crystals lie on one micrograph, so training and validation share it and the "
    "figures are too kind; label crystals on a second micrograph for an honest estimate."
)
UNEVEN = (
    "No division by micrograph leaves every class something to learn from, so the crystals were "
    "divided instead and the figures are too kind; label more micrographs."
)
LEAK = (
    "Crystals of one micrograph lie in training and validation, as you chose; the figures are "
    "too kind."
)
LEAKS = frozenset({ONE_MICROGRAPH, UNEVEN, LEAK})


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Indices of the crystals in each part, and what the user must know about it.

    ``by`` says what was divided, ``micrograph`` or ``crystal``. ``test`` may be empty.
    """

    train: Indices
    validation: Indices
    test: Indices
    by: str
    notes: tuple[str, ...] = ()

    @property
    def judged(self) -> Indices:
        """The crystals figures are computed on: the test part, else the validation part."""
        return self.test if self.test.size else self.validation


def split(
    truth: NDArray[np.intp],
    images: Sequence[str],
    config: TrainConfig,
    generator: np.random.Generator,
) -> Split:
    """Divide crystals with class numbers ``truth`` (n,) and micrographs ``images``.

    Whole micrographs stay together unless there is only one, a class would have nothing to learn
    from, or the configuration asks for a division by crystal; the notes then say so.
    """
    shares = _shares(len(truth), len(set(images)), config)
    if config.split == "crystal":
        return _by_crystal(truth, shares, generator, LEAK)
    if len(set(images)) == 1:
        return _by_crystal(truth, shares, generator, ONE_MICROGRAPH)
    whole = _by_micrograph(truth, np.unique(images, return_inverse=True)[1], shares, generator)
    return whole or _by_crystal(truth, shares, generator, UNEVEN)


def _shares(crystals: int, micrographs: int, config: TrainConfig) -> NDArray[np.float64]:
    tested = crystals >= SMALLEST_TESTED and (config.split == "crystal" or micrographs != 2)
    test = config.test_share if tested else 0.0
    return np.array([1 - test - config.validation_share, config.validation_share, test])


def _by_crystal(
    truth: NDArray[np.intp],
    shares: NDArray[np.float64],
    generator: np.random.Generator,
    note: str,
) -> Split:
    """Deal out the shuffled crystals of all classes in turn, so that every part resembles all."""
    shuffled = generator.permutation(len(truth))
    ordered = shuffled[np.argsort(truth[shuffled], kind="stable")]
    # A low-discrepancy sequence spreads the smaller parts evenly over the classes.
    place = (np.arange(len(truth)) * 0.6180339887498949 + generator.random()) % 1
    part = np.searchsorted(np.cumsum(shares)[:2], place, side="right")
    part[np.argmin(place)] = 0
    if not (part == 1).any():
        part[np.argmax(place)] = 1
    if shares[2] == 0:
        part[part == 2] = 1
    return _parts(ordered, part, "crystal", note)


def _by_micrograph(
    truth: NDArray[np.intp],
    image: NDArray[np.intp],
    shares: NDArray[np.float64],
    generator: np.random.Generator,
) -> Split | None:
    """Try random assignments of micrographs; keep the one whose parts are nearest the whole."""
    counts = np.zeros((image.max() + 1, truth.max() + 1))
    np.add.at(counts, (image, truth), 1)
    wanted = shares[:, None] * counts.sum(0)
    best, least = None, np.inf
    for _ in range(ATTEMPTS):
        part = _assign(len(counts), shares, generator)
        got = np.stack([counts[part == each].sum(0) for each in range(3)])
        cost = np.abs(got - wanted).sum()
        if cost < least and (got[0][counts.sum(0) > 0] > 0).all():
            best, least = part, cost
    if best is None:
        return None
    return _parts(np.arange(len(truth)), best[image], "micrograph")


def _assign(
    micrographs: int, shares: NDArray[np.float64], generator: np.random.Generator
) -> NDArray[np.intp]:
    """Give each micrograph a part, 0 to 2; every part that has a share gets at least one."""
    part = np.zeros(micrographs, np.intp)
    order = generator.permutation(micrographs)
    held = [max(1, round(share * micrographs)) if share else 0 for share in shares[1:]]
    part[order[: held[0]]] = 1
    part[order[held[0] : min(sum(held), micrographs - 1)]] = 2
    return part


def _parts(order: Indices, part: NDArray[np.intp], by: str, *notes: str) -> Split:
    train, validation, test = (np.sort(order[part == each]) for each in range(3))
    return Split(train, validation, test, by, notes)
