"""The segmentation child's side: holds opened segmenters and the micrographs it has looked at."""

from collections import OrderedDict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prompt import Prompt
from microcrystalnet.errors import NotPreparedError
from microcrystalnet.imaging.preprocess import Recipe, preprocess
from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.segmentation.blind_spot import denoise
from microcrystalnet.segmentation.choose import open_segmenter
from microcrystalnet.segmentation.embedding_cache import EmbeddingCache, embeddings_folder
from microcrystalnet.segmentation.segmenter import EverythingSettings, MaskProposals, Segmenter

EMBEDDINGS_KEPT = 4


class SegmentationService:
    """Prepares micrographs and answers prompts on them.

    ``engine`` is what `open_segmenter` understands; embeddings are plain to any framework and kept
    for the few micrographs used last.
    """

    METHODS = frozenset({"prepare", "propose", "everything"})

    def __init__(self) -> None:
        # An embedding's type is known only to the segmenter that made it.
        self._segmenters: dict[str, Segmenter[Any]] = {}
        self._embeddings: OrderedDict[tuple[str, str], Any] = OrderedDict()

    def prepare(
        self,
        image_id: str,
        pixels: NDArray[np.uint8],
        engine: str,
        recipe: Recipe | None = None,
        report: Report = ignore_progress,
    ) -> None:
        """Look at a (height, width) micrograph through filters, unless it is still known.

        ``image_id`` names the micrograph together with its recipe.
        """
        key = (image_id, engine)
        if key not in self._embeddings:
            seen = _filtered(pixels, recipe, report)
            self._embeddings[key] = self._segmenter(engine).prepare(seen, report)
        self._embeddings.move_to_end(key)
        while len(self._embeddings) > EMBEDDINGS_KEPT:
            self._embeddings.popitem(last=False)

    def propose(
        self, image_id: str, engine: str, prompt: Prompt, report: Report = ignore_progress
    ) -> MaskProposals:
        """Give masks for one prompt on a prepared micrograph."""
        return self._segmenter(engine).propose(self._embedding(image_id, engine), prompt)

    def everything(
        self,
        image_id: str,
        engine: str,
        settings: EverythingSettings,
        report: Report = ignore_progress,
    ) -> list[Mask]:
        """Outline every crystal of a prepared micrograph."""
        embedding = self._embedding(image_id, engine)
        return self._segmenter(engine).everything(embedding, settings, report)

    def _segmenter(self, engine: str) -> Segmenter[Any]:
        if engine not in self._segmenters:
            self._segmenters.clear()  # one set of weights in memory at a time
            self._segmenters[engine] = open_segmenter(engine, EmbeddingCache(embeddings_folder()))
        return self._segmenters[engine]

    def _embedding(self, image_id: str, engine: str) -> Any:
        key = (image_id, engine)
        if key not in self._embeddings:
            raise NotPreparedError("This micrograph must be looked at again first.")
        self._embeddings.move_to_end(key)
        return self._embeddings[key]


def _filtered(
    pixels: NDArray[np.uint8], recipe: Recipe | None, report: Report
) -> NDArray[np.uint8]:
    if recipe is None or not recipe.steps:
        return pixels
    return preprocess(pixels, recipe, blind_spot=denoise, report=report).pixels.astype(np.uint8)
