"""The embedded engine as a segmenter: the trained network behind the common methods."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prompt import Prompt
from microcrystalnet.errors import SegmentationError
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.segmentation.dense_maps import DenseMaps
from microcrystalnet.segmentation.dense_network import DenseNetwork
from microcrystalnet.segmentation.instances import wanted
from microcrystalnet.segmentation.neural.everything import (
    Found,
    find_all,
    without_doubles,
    without_overlaps,
)
from microcrystalnet.segmentation.neural.grey_pyramid import GreyPyramid
from microcrystalnet.segmentation.neural.proposing import propose
from microcrystalnet.segmentation.segmenter import (
    EverythingSettings,
    MaskProposals,
    check_image,
    check_prompt,
)

LEVELS = 4
MOST_PIXELS = (
    2_500_000  # on the finest level that maps are computed for: crystals of 16 px and more
)
CONFIDENCE_POWER = 0.7  # the middle of the confidence slider asks for a score of 0.62


@dataclass(slots=True)
class TrainedEmbedding:
    """What prompts need of one micrograph; ``found`` is filled by the first automatic pass."""

    pyramid: GreyPyramid
    maps: dict[int, DenseMaps]
    found: list[Found] | None = field(default=None)


class TrainedSegmenter:
    """Outlines crystals by the network in the package; see `Segmenter` for the methods."""

    def __init__(self, weights: Path | None = None, threads: int = 2) -> None:
        """Load the network; ``weights`` is an ONNX file, the packaged one by default.

        Raises
        ------
        WeightsError
            If it is missing or damaged.
        """
        self._network = DenseNetwork(weights, threads)

    def prepare(
        self, image: NDArray[np.uint8], report: Report = ignore_progress
    ) -> TrainedEmbedding:
        """Run the network over a (height, width) micrograph at up to four scales."""
        check_image(image)
        pyramid = GreyPyramid.of(image)
        levels = _levels(pyramid)
        maps = {}
        for done, level in enumerate(levels):
            report(Progress(done, len(levels), "Looking for crystals"))
            maps[level] = self._network.maps(pyramid.standard(level))
        report(Progress(len(levels), len(levels), "Ready"))
        return TrainedEmbedding(pyramid, maps)

    def propose(self, embedding: TrainedEmbedding, prompt: Prompt) -> MaskProposals:
        """Give up to three masks for clicks and a box."""
        check_prompt(prompt, embedding.pyramid.shape)
        proposals = propose(self._network, embedding.pyramid, prompt)
        if not proposals:
            raise SegmentationError(
                "No crystal was found there; click nearer to its middle, or draw a box around it."
            )
        return MaskProposals(
            tuple(each.mask for each in proposals), tuple(each.score for each in proposals)
        )

    def propose_many(
        self, embedding: TrainedEmbedding, prompts: Sequence[Prompt]
    ) -> list[MaskProposals]:
        """Answer prompts for several crystals, in order."""
        return [self.propose(embedding, prompt) for prompt in prompts]

    def everything(
        self,
        embedding: TrainedEmbedding,
        settings: EverythingSettings,
        report: Report = ignore_progress,
    ) -> list[Mask]:
        """Outline every crystal, topmost row first; an empty list if there is none.

        The first call asks the network; later ones, with other settings, only choose again.
        """
        if embedding.pyramid.flat:
            return []
        if embedding.found is None:
            embedding.found = find_all(self._network, embedding.pyramid, embedding.maps, report)
        return sorted(_choose(embedding, embedding.found, settings), key=lambda mask: mask.centre)


def _levels(pyramid: GreyPyramid) -> range:
    """Choose the levels to run the network on; the finest only up to `MOST_PIXELS`."""
    sizes = [pixels.size for pixels in pyramid.levels]
    first = next((n for n, size in enumerate(sizes) if size <= MOST_PIXELS), len(sizes) - 1)
    return range(first, min(first + LEVELS, len(sizes)))


def _choose(
    embedding: TrainedEmbedding, found: list[Found], settings: EverythingSettings
) -> list[Mask]:
    shape = embedding.pyramid.shape
    fitting = [
        Found(part, each.score)
        for each in found
        if (part := wanted(each.mask, settings, shape)) is not None
    ]
    apart = without_overlaps(without_doubles(fitting, settings.confidence**CONFIDENCE_POWER))
    return [each.mask for each in apart]
