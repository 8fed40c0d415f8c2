"""One outlined crystal."""

from dataclasses import dataclass
from enum import StrEnum

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prompt import Prompt


class MaskSource(StrEnum):
    """How a mask came about."""

    SAM = "sam"
    AUTO = "auto"
    MANUAL = "manual"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Crystal:
    """A crystal on a micrograph; ``z`` orders occlusion, higher lies in front."""

    crystal_id: str
    image_id: str
    mask: Mask
    source: MaskSource
    z: int = 0
    prompt: Prompt | None = None
