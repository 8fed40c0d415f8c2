"""One outlined crystal."""

from dataclasses import dataclass
from enum import StrEnum

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.outlining import Outlining
from microcrystalnet.domain.prompt import Prompt


class MaskSource(StrEnum):
    """How a mask came about."""

    SAM = "sam"
    AUTO = "auto"
    MANUAL = "manual"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Crystal:
    """A crystal on a micrograph; ``z`` orders occlusion, higher lies in front.

    ``made`` says with what its outline was proposed; None: drawn by hand, imported, or outlined
    before that was recorded.
    """

    crystal_id: str
    image_id: str
    mask: Mask
    source: MaskSource
    z: int = 0
    prompt: Prompt | None = None
    made: Outlining | None = None
