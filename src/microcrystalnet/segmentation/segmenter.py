"""What every way of outlining crystals offers, whether it is SAM or our own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Region
from microcrystalnet.domain.prompt import Prompt
from microcrystalnet.errors import SegmentationError
from microcrystalnet.progress import Report, ignore_progress

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class MaskProposals:
    """One to three masks for one prompt, best first, with scores from 0 to 1."""

    masks: tuple[Mask, ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class EverythingSettings:
    """What the automatic pass should bring back.

    Diameters are those of a circle of the same area, in full-image pixels. ``confidence`` from 0
    (everything) to 1 (almost nothing). Crystals whose larger part lies outside ``region`` (the
    databar, say) are left out, and what sticks out of it is cut off.
    """

    smallest_px: int = 12
    largest_px: int | None = None
    region: Region | None = None
    confidence: float = 0.5
    touching_edge: bool = True


class Segmenter(Protocol[E]):
    """Outlines crystals: look at a micrograph once, then answer prompts quickly."""

    def prepare(self, image: NDArray[np.uint8], report: Report = ignore_progress) -> E:
        """Look at a (height, width) micrograph and keep what prompts need.

        Raises
        ------
        SegmentationError
            If the image is empty or not two-dimensional.
        """

    def propose(self, embedding: E, prompt: Prompt) -> MaskProposals:
        """Give up to three masks of different size for one crystal.

        Raises
        ------
        SegmentationError
            If the prompt is empty, lies outside the micrograph, or nothing was found there.
        """

    def propose_many(self, embedding: E, prompts: Sequence[Prompt]) -> list[MaskProposals]:
        """Answer prompts for several crystals, in order; the same masks as one by one.

        Raises
        ------
        SegmentationError
            As `propose`.
        """

    def everything(
        self, embedding: E, settings: EverythingSettings, report: Report = ignore_progress
    ) -> list[Mask]:
        """Outline every crystal; an empty list if there is none."""


def check_image(image: NDArray[np.uint8]) -> None:
    """Refuse what is no grey micrograph.

    Raises
    ------
    SegmentationError
        If the image is empty, not two-dimensional or not 8 bit.
    """
    if image.ndim != 2 or image.dtype != np.uint8 or min(image.shape) < 1:
        raise SegmentationError(
            f"A grey 8-bit micrograph is needed to outline crystals, not {image.dtype} pixels of "
            f"shape {image.shape}."
        )


def check_prompt(prompt: Prompt, shape: tuple[int, int]) -> None:
    """Refuse a prompt that says nothing about a micrograph of (height, width) pixels.

    Raises
    ------
    SegmentationError
        If it has neither box nor positive click, or lies outside.
    """
    if prompt.empty:
        raise SegmentationError("Click on a crystal, or draw a box around it, first.")
    height, width = shape
    for click in prompt.clicks:
        if not (-0.5 <= click.row < height - 0.5 and -0.5 <= click.col < width - 0.5):
            raise SegmentationError(
                f"The click at row {click.row:g}, column {click.col:g} lies outside the "
                f"micrograph of {height} x {width} pixels; click inside it."
            )
    box = prompt.box
    if box is not None:
        rows, cols = sorted((box.row0, box.row1)), sorted((box.col0, box.col1))
        if rows[1] <= 0 or cols[1] <= 0 or rows[0] >= height or cols[0] >= width:
            raise SegmentationError("The box lies outside the micrograph; draw it inside.")
        if rows[1] - rows[0] < 1 or cols[1] - cols[0] < 1:
            raise SegmentationError("The box is smaller than a pixel; draw it around a crystal.")
