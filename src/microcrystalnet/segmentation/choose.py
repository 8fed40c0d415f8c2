"""Opens the segmenter a user picked by name or by file."""

from pathlib import Path
from typing import Any

from microcrystalnet.segmentation.embedded import EmbeddedSegmenter
from microcrystalnet.segmentation.neural.segmenter import TrainedSegmenter
from microcrystalnet.segmentation.sam import SamSegmenter
from microcrystalnet.segmentation.sam_checkpoint import open_model
from microcrystalnet.segmentation.segmenter import Segmenter
from microcrystalnet.segmentation.weights import PUBLISHED, downloaded

EMBEDDED, LEARNED_FREE = "embedded", "learned-free"


def open_segmenter(engine: str | Path) -> Segmenter[Any]:
    """Open ``"embedded"``, a published SAM (``"vit_b"``, ``"vit_l"``, ``"vit_h"``) or a checkpoint.

    ``"learned-free"`` is the embedded engine as it was before training, to compare with.

    Raises
    ------
    WeightsError
        If the weights are missing, damaged or of another architecture.
    MissingExtraError
        If SAM was asked for, but torch is not installed.
    """
    if str(engine) == EMBEDDED:
        return TrainedSegmenter()
    if str(engine) == LEARNED_FREE:
        return EmbeddedSegmenter()
    path = downloaded(str(engine)) if str(engine) in PUBLISHED else Path(engine)
    return SamSegmenter(open_model(path))
