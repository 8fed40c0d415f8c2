"""Our own outlining engine: needs no download, answers in milliseconds; it is not SAM."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prompt import Prompt
from microcrystalnet.errors import MaskError, SegmentationError
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.segmentation import dense_maps
from microcrystalnet.segmentation.candidates import CandidateTree, Numbers, grow
from microcrystalnet.segmentation.dense_maps import DenseMaps
from microcrystalnet.segmentation.instances import area_limits, choose, clean, wanted
from microcrystalnet.segmentation.plausibility import plausibility
from microcrystalnet.segmentation.pointing import Piece, Pointer, Pointing
from microcrystalnet.segmentation.segmenter import (
    EverythingSettings,
    MaskProposals,
    check_image,
    check_prompt,
)
from microcrystalnet.segmentation.working_grid import WorkingGrid

# Scores above this are taken at the middle of the confidence slider.
USUAL_SCORE = 0.28


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddedEmbedding:
    """What prompts need of one micrograph."""

    grid: WorkingGrid
    maps: DenseMaps
    tree: CandidateTree
    scores: Numbers


class EmbeddedSegmenter:
    """Outlines crystals from dense maps by watershed; see `Segmenter` for the methods."""

    def prepare(
        self, image: NDArray[np.uint8], report: Report = ignore_progress
    ) -> EmbeddedEmbedding:
        """Compute maps and candidates of a (height, width) micrograph."""
        check_image(image)
        report(Progress(0, 2, "Looking for edges"))
        grid = WorkingGrid.for_shape(*image.shape)
        maps = dense_maps.compute(grid.shrink(image))
        report(Progress(1, 2, "Looking for crystals"))
        tree = grow(maps)
        report(Progress(2, 2, "Ready"))
        return EmbeddedEmbedding(grid, maps, tree, plausibility(tree))

    def propose(self, embedding: EmbeddedEmbedding, prompt: Prompt) -> MaskProposals:
        """Give up to three masks for clicks and a box."""
        check_prompt(prompt, embedding.grid.full)
        pointer = Pointer(embedding.tree, embedding.scores, embedding.maps)
        pieces = pointer.propose(_pointing(prompt, embedding.grid))
        found = [(mask, piece.score) for piece in pieces if (mask := _mask(piece, embedding.grid))]
        if not found:
            raise SegmentationError(
                "No crystal was found there; click nearer to its middle, or draw a box around it."
            )
        masks, scores = zip(*found, strict=True)
        return MaskProposals(masks, scores)

    def propose_many(
        self, embedding: EmbeddedEmbedding, prompts: Sequence[Prompt]
    ) -> list[MaskProposals]:
        """Answer prompts for several crystals, in order."""
        return [self.propose(embedding, prompt) for prompt in prompts]

    def everything(
        self,
        embedding: EmbeddedEmbedding,
        settings: EverythingSettings,
        report: Report = ignore_progress,
    ) -> list[Mask]:
        """Outline every crystal, topmost row first; an empty list if there is none."""
        return sorted(_crystals(embedding, settings, report), key=lambda mask: mask.centre)


def _crystals(
    embedding: EmbeddedEmbedding, settings: EverythingSettings, report: Report
) -> Iterator[Mask]:
    tree, grid = embedding.tree, embedding.grid
    smallest = area_limits(settings)[0] / grid.area_factor
    least = 2 * settings.confidence * USUAL_SCORE
    regions = choose(tree, embedding.scores, smallest, least)
    for number, region in enumerate(regions, 1):
        report(Progress(number, len(regions), f"{number} crystals"))
        row, col = (int(corner) for corner in tree.boxes[region][:2])
        mask = _mask(Piece(row, col, tree.pixels(region), 1.0), grid)
        kept = None if mask is None else wanted(mask, settings, grid.full)
        if kept is not None:
            yield kept


def _mask(piece: Piece, grid: WorkingGrid) -> Mask | None:
    try:
        pixels = piece.pixels if piece.joined else clean(piece.pixels)
        return grid.mask(pixels, piece.row, piece.col)
    except MaskError:
        return None


def _pointing(prompt: Prompt, grid: WorkingGrid) -> Pointing:
    positive, negative = (
        tuple(
            grid.to_working(each.row, each.col) for each in prompt.clicks if each.positive == sign
        )
        for sign in (True, False)
    )
    if prompt.box is None:
        return Pointing(positive, negative)
    rows = sorted((prompt.box.row0, prompt.box.row1))
    cols = sorted((prompt.box.col0, prompt.box.col1))
    top, left = grid.to_working(rows[0], cols[0])
    bottom, right = grid.to_working(rows[1], cols[1])
    return Pointing(positive, negative, (top, left, max(bottom, top + 1), max(right, left + 1)))
