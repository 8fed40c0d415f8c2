"""Why a classifier says what it says about one crystal, ready to be laid on the micrograph."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Region
from microcrystalnet.imaging.crops import CropFrame

SUMMED = "integrated"  # the method whose values sum to the change of a score


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

    @property
    def summed(self) -> bool:
        """Whether the values are shares of a score, which keep their sum on the micrograph."""
        return self.method == SUMMED

    @property
    def per_pixel(self) -> NDArray[np.float32]:
        """The values, (size, size); of `summed` ones what falls to a pixel of the micrograph."""
        down, across = self.frame.scales
        return self.values / np.float32(down * across) if self.summed else self.values

    def over(self, mask: Mask, height: int, width: int) -> Mask | Region | None:
        """Give the pixels that `summed` values are shared out over, otherwise None.

        They are those that the network saw: of a crystal on black its own, otherwise all of the
        micrograph (height, width) that the crop shows.
        """
        if not self.summed:
            return None
        return mask if self.masked else Region(0, 0, height, width)
