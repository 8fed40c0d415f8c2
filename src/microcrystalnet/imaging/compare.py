"""How well outlines agree with reference outlines: what was found, missed and invented."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from microcrystalnet.domain.mask import Mask
from microcrystalnet.imaging.meeting import meeting
from microcrystalnet.progress import Progress, to_the_end

LEAST_IOU = 0.5  # from here on two masks are the same crystal
COMPARING = "Comparing the outlines …"
AT_ONCE = 20  # pairs between two pauses

Ious = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Match:
    """A found mask and the reference mask it stands for, by their places, 0 first."""

    found: int
    reference: int
    iou: float


@dataclass(frozen=True)
class Comparison:
    """Found masks against reference masks; each takes part in one match at most.

    ``matches`` in order of the reference; ``missed`` are places of reference masks, ``invented``
    places of found masks that no match holds. ``best_ious`` (references,) and ``best_of_found``
    (found,) say how far each mask was met at all, matched or not. Shares of no mask are 1.
    """

    matches: tuple[Match, ...]
    missed: tuple[int, ...]
    invented: tuple[int, ...]
    best_ious: tuple[float, ...]
    best_of_found: tuple[float, ...]

    @property
    def n_found(self) -> int:
        """Number of found masks."""
        return len(self.matches) + len(self.invented)

    @property
    def n_reference(self) -> int:
        """Number of reference masks."""
        return len(self.matches) + len(self.missed)

    @property
    def precision(self) -> float:
        """Share of the found masks that are real."""
        return _share(len(self.matches), self.n_found)

    @property
    def recall(self) -> float:
        """Share of the reference masks that were found."""
        return _share(len(self.matches), self.n_reference)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _share(2 * len(self.matches), self.n_found + self.n_reference)

    @cached_property
    def mean_iou(self) -> float | None:
        """Mean intersection over union of the matches; None if there is none."""
        return float(np.mean([each.iou for each in self.matches])) if self.matches else None

    @cached_property
    def mean_best_iou(self) -> float | None:
        """Mean over all reference masks, the missed ones included; None if there is none."""
        return float(np.mean(self.best_ious)) if self.best_ious else None


def compare(
    found: Sequence[Mask], reference: Sequence[Mask], least_iou: float = LEAST_IOU
) -> Comparison:
    """Match masks one to one: as many pairs as can be, and of these the best (Kuhn 1955).

    Parameters
    ----------
    found, reference
        Masks of one micrograph in full-image pixels; they may overlap among themselves.
    least_iou
        Pairs of a smaller intersection over union are no match; more than 0, at most 1.
    """
    return to_the_end(comparing(found, reference, least_iou))


def comparing(
    found: Sequence[Mask], reference: Sequence[Mask], least_iou: float = LEAST_IOU
) -> Generator[Progress, None, Comparison]:
    """Do what `compare` does, with a pause after every few masks."""
    ious = yield from _ious(found, reference)
    matches = yield from _match(ious, least_iou)
    met = {each.reference for each in matches}
    used = {each.found for each in matches}
    return Comparison(
        matches,
        tuple(place for place in range(len(reference)) if place not in met),
        tuple(place for place in range(len(found)) if place not in used),
        tuple(ious.max(axis=0, initial=0.0).tolist()),
        tuple(ious.max(axis=1, initial=0.0).tolist()),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _ious(found: Sequence[Mask], reference: Sequence[Mask]) -> Generator[Progress, None, Ious]:
    """Give (found, references) intersections over unions; only boxes that meet are looked into."""
    ious = np.zeros((len(found), len(reference)))
    for at, (row, col) in enumerate(meeting(found, reference), 1):
        ious[row, col] = found[row].iou(reference[col])
        if at % AT_ONCE == 0:
            yield Progress(row, len(found), COMPARING)
    yield Progress(len(found), len(found), COMPARING)
    return ious


def _match(ious: Ious, least_iou: float) -> Generator[Progress, None, tuple[Match, ...]]:
    """Match group by group, as one matrix of all masks takes a tenth of a second to solve."""
    matches: list[Match] = []
    for number, (rows, cols) in enumerate(_groups(ious >= least_iou), 1):
        inside = ious[np.ix_(rows, cols)]
        # A pair that counts is worth more than any gain in overlap of all the others together.
        worth = np.where(inside >= least_iou, 1 + inside / (2 * len(rows)), 0.0)
        for row, col in zip(*linear_sum_assignment(worth, maximize=True), strict=True):
            if worth[row, col]:
                matches.append(Match(int(rows[row]), int(cols[col]), float(inside[row, col])))
        if number % AT_ONCE == 0:
            yield Progress(number, 0, COMPARING)
    return tuple(sorted(matches, key=lambda each: each.reference))


def _groups(enough: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Give the rows and columns of masks that can be matched among one another only."""
    rows, cols = np.nonzero(enough)
    count, pairs = len(enough), np.ones(len(rows), bool)
    size = sum(enough.shape)
    graph = coo_matrix((pairs, (rows, cols + count)), shape=(size, size))
    group = connected_components(graph, directed=False)[1][rows]
    order = np.argsort(group, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        if len(part):
            yield np.unique(rows[part]), np.unique(cols[part])
