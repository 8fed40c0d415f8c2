"""What SAM learns from: accepted masks where SAM will look for them, and some held out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.progress import Progress, Report
from microcrystalnet.segmentation.embedding_cache import SamEmbedding
from microcrystalnet.segmentation.sam import SamSegmenter
from microcrystalnet.segmentation.seams import LONGEST, Grid

BY_CRYSTAL = (
    "All crystals lie on one micrograph, so those held out lie on it too and the figures are kind."
)


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """A micrograph, (height, width) uint8, and its accepted masks."""

    name: str
    pixels: NDArray[np.uint8]
    masks: tuple[Mask, ...]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What the encoder saw of a micrograph or a part of it, and the masks that lie there."""

    embedding: SamEmbedding
    masks: tuple[Mask, ...]


def look(segmenter: SamSegmenter, lessons: Sequence[Lesson], report: Report) -> list[list[View]]:
    """Give for each micrograph what SAM sees of it: all, or the parts of a large one."""
    looked = []
    for number, lesson in enumerate(lessons):
        report(Progress(number, len(lessons), f"SAM looks at {lesson.name}"))
        views = _views(lesson)
        looked.append([View(segmenter.prepare(pixels), masks) for pixels, masks in views])
    return looked


def _views(lesson: Lesson) -> Iterator[tuple[NDArray[np.uint8], tuple[Mask, ...]]]:
    """Show each crystal where `TiledSegmenter` will look for it: on its part, or on the whole."""
    height, width = lesson.pixels.shape
    grid = Grid.over((height, width), LONGEST)
    large = tuple(
        mask for mask in lesson.masks if not grid.parts or max(mask.pixels.shape) > grid.overlap
    )
    if large:
        yield lesson.pixels, large
    for number, part in enumerate(grid.parts):
        inside = tuple(
            replace(mask, row=mask.row - part.row0, col=mask.col - part.col0)
            for mask in lesson.masks
            if mask not in large
            and grid.answers_for(number, mask.region)
            and not grid.cuts(number, mask.region)
        )
        if inside:
            pixels = lesson.pixels[part.row0 : part.row1, part.col0 : part.col1]
            yield np.ascontiguousarray(pixels), inside


def divide(
    looked: Sequence[Sequence[View]], held_out: float, generator: np.random.Generator
) -> tuple[list[View], list[View], str]:
    """Give what is learnt from, what is held out, and a note for the user.

    Whole micrographs are held out, a share of ``held_out``; crystals where there is only one.
    """
    if len(looked) > 1:
        order = generator.permutation(len(looked))
        count = max(1, round(held_out * len(order)))
        held, learnt = ([view for at in part for view in looked[at]] for part in _cut(order, count))
        return learnt, held, ""
    crystals = [(view, mask) for view in looked[0] for mask in view.masks]
    order = generator.permutation(len(crystals))
    count = max(1, round(held_out * len(order)))
    held, learnt = (_gathered([crystals[at] for at in part]) for part in _cut(order, count))
    return learnt, held, BY_CRYSTAL


def _cut(order: NDArray[np.intp], count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    return order[:count], order[count:]


def _gathered(crystals: Sequence[tuple[View, Mask]]) -> list[View]:
    """Put crystals seen in one view together again."""
    views = {id(view): view for view, _ in crystals}
    return [
        View(view.embedding, tuple(mask for seen, mask in crystals if seen is view))
        for view in views.values()
    ]
