"""Outlines every crystal at once: candidates of all scales, asked about one by one, best kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prompt import Box
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.segmentation.dense_maps import DenseMaps
from microcrystalnet.segmentation.dense_network import DenseNetwork
from microcrystalnet.segmentation.instances import in_one_piece
from microcrystalnet.segmentation.neural.grey_pyramid import GreyPyramid
from microcrystalnet.segmentation.neural.pointing import Question, ask, mask_of, window_around
from microcrystalnet.segmentation.neural.regions import Candidate, find_candidates
from microcrystalnet.segmentation.neural.suppression import suppress

BATCH = 8
MOST_QUESTIONS = 320


@dataclass(frozen=True, slots=True)
class Found:
    """An outlined crystal and how far to trust it, 0..1."""

    mask: Mask
    score: float


def find_all(
    network: DenseNetwork,
    pyramid: GreyPyramid,
    maps: Mapping[int, DenseMaps],
    report: Report = ignore_progress,
    most_questions: int = MOST_QUESTIONS,
) -> list[Found]:
    """Give every mask worth considering, doubles included, best first.

    Parameters
    ----------
    network : DenseNetwork
        Asked again about the candidates, each in a window of its own size.
    pyramid : GreyPyramid
        The micrograph.
    maps : Mapping[int, DenseMaps]
        The maps by level of the pyramid.
    report : Report
        Told after each batch of questions.
    most_questions : int
        Only so many candidates are asked about, those first that look most like whole crystals.
    """
    candidates = [
        candidate
        for level, values in maps.items()
        for candidate in find_candidates(values, level, coarsest=level == max(maps))
    ]
    peaks = [candidate.peak for candidate in candidates]
    kept = suppress([each.mask for each in candidates], peaks, largest_iou=0.8)
    asked = [candidates[place] for place in kept[:most_questions]]
    found: list[Found] = []
    for start in range(0, len(asked), BATCH):
        report(Progress(start, len(asked), "Outlining crystals"))
        found.extend(_ask(network, pyramid, asked[start : start + BATCH]))
    return sorted(found, key=lambda each: -each.score)


def without_doubles(found: Sequence[Found], confidence: float) -> list[Found]:
    """Keep what is trusted, and of masks that claim the same pixels the best."""
    trusted = [each for each in found if each.score >= confidence]
    kept = suppress(
        [each.mask for each in trusted],
        [each.score for each in trusted],
        largest_iou=0.4,
        largest_cover=0.6,
    )
    return [trusted[place] for place in kept]


def without_overlaps(found: Sequence[Found]) -> list[Found]:
    """Give each pixel to the best mask that claims it, and keep the largest piece of each.

    A mask of which that is under half is dropped.
    """
    regions = [each.mask.region for each in found]
    height = max((region.row1 for region in regions), default=0)
    taken = np.zeros((height, max((region.col1 for region in regions), default=0)), bool)
    apart = []
    for each in found:
        place = each.mask.slices
        free = each.mask.pixels & ~taken[place]
        if free.sum() * 2 < each.mask.area:
            continue
        kept = in_one_piece(Mask.from_pixels(free, each.mask.row, each.mask.col))
        if kept.area * 2 >= each.mask.area:
            taken[kept.slices] |= kept.pixels
            apart.append(replace(each, mask=kept))
    return apart


def _ask(
    network: DenseNetwork, pyramid: GreyPyramid, candidates: Sequence[Candidate]
) -> list[Found]:
    """Put each candidate's box to the network; agreement with the candidate earns trust."""
    boxes = [Box(*map(float, candidate.mask.region.corners)) for candidate in candidates]
    questions = [Question(window_around(box), (), box) for box in boxes]
    found = []
    for candidate, answer in zip(candidates, ask(network, pyramid, questions), strict=True):
        mask = mask_of(answer, pyramid.shape)
        if mask is not None:
            found.append(Found(mask, _trust(answer.certainty, mask.iou(candidate.mask), candidate)))
    return found


def _trust(certainty: float, agreement: float, candidate: Candidate) -> float:
    """Weigh what speaks for an outline; the powers were tuned on the validation pictures."""
    return float(certainty**2 * agreement**0.75 * candidate.peak**0.5)
