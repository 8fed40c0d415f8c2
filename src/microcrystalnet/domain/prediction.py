"""What a classifier says about one crystal."""

from dataclasses import dataclass

import numpy as np

from microcrystalnet.domain.mask import Mask


@dataclass(frozen=True, slots=True)
class Prediction:
    """Class probabilities of one crystal, in the order of ``classes``; they sum to 1.

    ``outline`` is the digest of the mask that was looked at; empty where that was not written down.
    """

    crystal_id: str
    model_id: str
    classes: tuple[str, ...]
    probabilities: tuple[float, ...]
    outline: str = ""

    @property
    def cls(self) -> str:
        """The most probable class."""
        return self.classes[int(np.argmax(self.probabilities))]

    @property
    def confidence(self) -> float:
        """Probability of the most probable class."""
        return max(self.probabilities)

    def is_of(self, mask: Mask) -> bool:
        """Say whether this outline was looked at; where none was written down, it is taken so."""
        return not self.outline or self.outline == mask.digest
