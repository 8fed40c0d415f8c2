"""SAM's long chores, in child processes of their own: fetch weights, look ahead, teach."""

import logging
import os
from collections.abc import Sequence
from pathlib import Path

from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.imaging.contrast import to_uint8
from microcrystalnet.micrographs import reader
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.segmentation.choose import open_segmenter
from microcrystalnet.segmentation.embedding_cache import EmbeddingCache, embeddings_folder

LEAST_PRIORITY = 19

log = logging.getLogger(__name__)


class SamChores:
    """What must never stand in the way of a click."""

    METHODS = frozenset({"look_ahead"})

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
            report(Progress(number, len(paths), f"Looking ahead at {path.name}"))
            try:
                segmenter.prepare(to_uint8(reader.read_pixels(path)), report)
                done += 1
            except MicroCrystalError as refusal:
                log.info("%s was not looked at ahead: %s", path, refusal)
        return done


def _stand_back() -> None:
    """Leave the processor to whatever the user waits for."""
    if hasattr(os, "nice"):
        os.nice(LEAST_PRIORITY)
    else:
        import psutil

        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
