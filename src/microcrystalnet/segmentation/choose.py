"""Opens the segmenter a user picked by name or by file."""

from pathlib import Path
from typing import Any

from microcrystalnet.errors import WeightsError
from microcrystalnet.segmentation.embedded import EmbeddedSegmenter
from microcrystalnet.segmentation.embedding_cache import EmbeddingCache
from microcrystalnet.segmentation.neural.segmenter import TrainedSegmenter
from microcrystalnet.segmentation.sam import SamSegmenter
from microcrystalnet.segmentation.sam_checkpoint import open_model
from microcrystalnet.segmentation.segmenter import Segmenter
from microcrystalnet.segmentation.tiling import TiledSegmenter
from microcrystalnet.segmentation.weights import PUBLISHED, downloaded

EMBEDDED, LEARNED_FREE = "embedded", "learned-free"
# Longest side in pixels that the embedded engine sees at once: above it, its automatic pass would
# work at less than half of the resolution and overlook small crystals.
WHOLE_UP_TO = 4096


def open_segmenter(engine: str | Path, cache: EmbeddingCache | None = None) -> Segmenter[Any]:
    """Open ``"embedded"``, a published SAM (``"vit_b"``, ``"vit_l"``, ``"vit_h"``) or a checkpoint.

    ``"learned-free"`` is the embedded engine as it was before training, to compare with. A SAM
    keeps what it saw in the ``cache``, if one is given.

    Raises
    ------
    WeightsError
        If the weights are missing, damaged or of another architecture.
    MissingExtraError
        If SAM was asked for, but torch is not installed.
    """
    if str(engine) == EMBEDDED:
        return TiledSegmenter(TrainedSegmenter(), WHOLE_UP_TO)
    if str(engine) == LEARNED_FREE:
        return EmbeddedSegmenter()
    return TiledSegmenter(SamSegmenter(open_model(checkpoint_of(engine)), cache))


def checkpoint_of(engine: str | Path) -> Path:
    """Give the file of a SAM, published or anyone's.

    Raises
    ------
    WeightsError
        If published weights are not on this computer, or the embedded engine was meant.
    """
    if str(engine) == EMBEDDED:
        raise WeightsError("The embedded engine has no SAM weights; pick vit_b or a SAM file.")
    return downloaded(str(engine)) if str(engine) in PUBLISHED else Path(engine)
