"""Outlines large micrographs part by part, so that no seam between the parts can be seen.

SAM shrinks what it is shown to 1024 pixels and draws masks of 256. Parts of a large micrograph
overlap by a quarter: every crystal smaller than that lies whole in the part whose middle is
nearest, which alone answers for it. Larger ones are looked for on the whole micrograph.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Region
from microcrystalnet.domain.prompt import Box, Click, Prompt
from microcrystalnet.errors import SegmentationError
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.segmentation.instances import wanted
from microcrystalnet.segmentation.seams import LONGEST, Grid, deepest_first, without_doubles
from microcrystalnet.segmentation.segmenter import (
    EverythingSettings,
    MaskProposals,
    Segmenter,
    check_image,
    check_prompt,
)

E = TypeVar("E")
MOST_PROPOSALS = 3


@dataclass(frozen=True, slots=True, eq=False)
class TiledEmbedding(Generic[E]):
    """What was seen of a (height, width) micrograph: all of it, and each part of the grid."""

    shape: tuple[int, int]
    whole: E
    grid: Grid
    parts: tuple[E, ...]


class TiledSegmenter(Generic[E]):
    """Lets another segmenter see large micrographs in parts; see `Segmenter` for the methods.

    Parameters
    ----------
    inner
        Who outlines.
    side
        Longest side in pixels up to which a micrograph is seen whole, and of the parts.
    """

    def __init__(self, inner: Segmenter[E], side: int = LONGEST) -> None:
        self._inner, self._side = inner, side

    def prepare(
        self, image: NDArray[np.uint8], report: Report = ignore_progress
    ) -> TiledEmbedding[E]:
        """Look at a micrograph, and if it is large at its parts as well."""
        check_image(image)
        shape = (image.shape[0], image.shape[1])
        grid = Grid.over(shape, self._side)
        whole = self._inner.prepare(image, report)
        parts = []
        for number, box in enumerate(grid.parts, 1):
            report(Progress(number, len(grid.parts) + 1, f"Part {number} of {len(grid.parts)}"))
            part = image[box.row0 : box.row1, box.col0 : box.col1]
            parts.append(self._inner.prepare(np.ascontiguousarray(part)))
        report(Progress(1, 1, "Ready"))
        return TiledEmbedding(shape, whole, grid, tuple(parts))

    def propose(self, embedding: TiledEmbedding[E], prompt: Prompt) -> MaskProposals:
        """Give up to three masks of different size for one crystal."""
        return self.propose_many(embedding, [prompt])[0]

    def propose_many(
        self, embedding: TiledEmbedding[E], prompts: Sequence[Prompt]
    ) -> list[MaskProposals]:
        """Answer prompts, each on the part where what it points at lies deepest."""
        if not embedding.parts:
            return self._inner.propose_many(embedding.whole, prompts)
        for prompt in prompts:
            check_prompt(prompt, embedding.shape)
        return [self._propose(embedding, prompt) for prompt in prompts]

    def _propose(self, embedding: TiledEmbedding[E], prompt: Prompt) -> MaskProposals:
        number = embedding.grid.home(_extent(prompt))
        if number is None:
            return self._inner.propose(embedding.whole, prompt)
        box = embedding.grid.parts[number]
        try:
            found = self._inner.propose(embedding.parts[number], _shifted(prompt, box))
        except SegmentationError:
            return self._inner.propose(embedding.whole, prompt)
        masks = [_moved(mask, box) for mask in found.masks]
        cut = [embedding.grid.cuts(number, mask.region) for mask in masks]
        if not any(cut):
            return MaskProposals(tuple(masks), found.scores)
        kept = [each for each in zip(masks, found.scores, cut, strict=True) if not each[2]]
        return self._completed(embedding, prompt, [each[:2] for each in kept], first=cut[0])

    def _completed(
        self,
        embedding: TiledEmbedding[E],
        prompt: Prompt,
        kept: list[tuple[Mask, float]],
        *,
        first: bool,
    ) -> MaskProposals:
        """Put what is seen on the whole micrograph in place of masks that a part cut off."""
        try:
            seen = self._inner.propose(embedding.whole, prompt)
        except SegmentationError:
            if not kept:
                raise
            seen = MaskProposals((), ())
        new = list(zip(seen.masks, seen.scores, strict=True))
        masks, scores = zip(*((new + kept) if first else (kept + new)), strict=True)
        return MaskProposals(masks[:MOST_PROPOSALS], scores[:MOST_PROPOSALS])

    def everything(
        self,
        embedding: TiledEmbedding[E],
        settings: EverythingSettings,
        report: Report = ignore_progress,
    ) -> list[Mask]:
        """Outline every crystal once, topmost first, wherever the seams lie."""
        if not embedding.parts:
            return self._inner.everything(embedding.whole, settings, report)
        # Size, region and edges are those of the whole micrograph, not of a part.
        open_ = replace(settings, largest_px=None, region=None, touching_edge=True)
        grid = embedding.grid
        found = deepest_first(grid, self._on_parts(embedding, open_, report))
        large = [
            mask
            for mask in self._inner.everything(embedding.whole, open_, report)
            if max(mask.pixels.shape) > grid.overlap
        ]
        unique = without_doubles([*found, *large])
        kept = (wanted(mask, settings, embedding.shape) for mask in unique)
        return sorted((mask for mask in kept if mask is not None), key=lambda mask: mask.centre)

    def _on_parts(
        self, embedding: TiledEmbedding[E], settings: EverythingSettings, report: Report
    ) -> Iterator[tuple[int, Mask]]:
        parts = embedding.grid.parts
        for number, box in enumerate(parts):

            def tell(progress: Progress, number: int = number) -> None:
                said = f"Part {number + 1} of {len(parts)}: {progress.message}"
                report(Progress(number, len(parts), said))

            for mask in self._inner.everything(embedding.parts[number], settings, tell):
                yield number, _moved(mask, box)


def _extent(prompt: Prompt) -> tuple[float, float, float, float]:
    """Give the smallest rows and columns, then the largest, that a prompt points at."""
    rows, cols = [each.row for each in prompt.clicks], [each.col for each in prompt.clicks]
    if prompt.box is not None:
        rows += [prompt.box.row0, prompt.box.row1]
        cols += [prompt.box.col0, prompt.box.col1]
    return min(rows), min(cols), max(rows), max(cols)


def _shifted(prompt: Prompt, part: Region) -> Prompt:
    """Say the same prompt in a part's own pixels."""
    row, col = part.row0, part.col0
    box = prompt.box
    return Prompt(
        tuple(Click(each.row - row, each.col - col, each.positive) for each in prompt.clicks),
        None
        if box is None
        else Box(box.row0 - row, box.col0 - col, box.row1 - row, box.col1 - col),
    )


def _moved(mask: Mask, part: Region) -> Mask:
    """Lay a part's mask on the micrograph."""
    return replace(mask, row=mask.row + part.row0, col=mask.col + part.col0)
