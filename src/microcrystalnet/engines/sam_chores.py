"""SAM's long chores, in child processes of their own: fetch weights, look ahead, teach."""

import logging
import os
from collections.abc import Sequence
from pathlib import Path

from microcrystalnet.domain.mask import Mask
from microcrystalnet.download import download
from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.imaging.contrast import to_uint8
from microcrystalnet.learning.released_weights import RELEASED
from microcrystalnet.micrographs import reader
from microcrystalnet.micrographs.page_path import name_of
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.segmentation.choose import checkpoint_of, open_segmenter
from microcrystalnet.segmentation.embedding_cache import EmbeddingCache, embeddings_folder
from microcrystalnet.segmentation.finetune import (
    FinetuneConfig,
    FinetuneSummary,
    finetune,
)
from microcrystalnet.segmentation.lessons import Lesson
from microcrystalnet.segmentation.sam import SamSegmenter
from microcrystalnet.segmentation.sam_checkpoint import open_model
from microcrystalnet.segmentation.weights import PUBLISHED

LEAST_PRIORITY = 19
EVERY_PUBLISHED = {**PUBLISHED, RELEASED.name: RELEASED}

log = logging.getLogger(__name__)


class SamChores:
    """What must never stand in the way of a click."""

    METHODS = frozenset({"download", "look_ahead", "finetune"})

    def download(self, name: str, report: Report = ignore_progress) -> Path:
        """Fetch published weights, or go on fetching them; ending this process is a pause."""
        return download(EVERY_PUBLISHED[name], report=report)

    def look_ahead(
        self, paths: Sequence[Path], engine: str, report: Report = ignore_progress
    ) -> int:
        """Encode micrographs that will be opened soon, so that their embeddings lie on disk.

        Gives how many could be; one that cannot be read is told of when it is opened.
        """
        _stand_back()
        segmenter = open_segmenter(engine, EmbeddingCache(embeddings_folder()))
        done = 0
        for number, path in enumerate(paths):
            report(Progress(number, len(paths), f"Looking ahead at {name_of(path)}"))
            try:
                segmenter.prepare(to_uint8(reader.read_pixels(path)), report)
                done += 1
            except MicroCrystalError as refusal:
                log.info("%s was not looked at ahead: %s", path, refusal)
        return done

    def finetune(
        self,
        engine: str,
        material: Sequence[tuple[Path, tuple[Mask, ...]]],
        target: Path,
        config: FinetuneConfig,
        report: Report = ignore_progress,
    ) -> FinetuneSummary:
        """Teach a SAM from micrograph files and their masks; see `finetune.finetune`."""
        segmenter = SamSegmenter(
            open_model(checkpoint_of(engine)), EmbeddingCache(embeddings_folder())
        )
        lessons = [
            Lesson(name_of(path), to_uint8(reader.read_pixels(path)), masks)
            for path, masks in material
            if masks
        ]
        return finetune(segmenter, lessons, target, config, report)


def _stand_back() -> None:
    """Leave the processor to whatever the user waits for."""
    if hasattr(os, "nice"):
        os.nice(LEAST_PRIORITY)
    else:
        import psutil

        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
