"""Why a classifier says what it says about one crystal, ready to be laid on the micrograph."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.imaging.crops import CropFrame


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """A map of what counted for class ``cls``, shaped like the crop that ``frame`` cut.

    ``values`` is (size, size) float32: score per grey level for ``saliency`` and ``smoothgrad``,
    score for ``integrated`` (negative where a pixel speaks against the class), and a weighted
    activation for ``gradcam``. ``probabilities`` are those of ``classes``. ``masked`` says whether
    the network saw the crystal on black, so that only its own pixels have a meaning.
    """

    crystal_id: str
    model_id: str
    cls: str
    classes: tuple[str, ...]
    probabilities: tuple[float, ...]
    frame: CropFrame
    values: NDArray[np.float32]
    method: str = "saliency"
    masked: bool = False
