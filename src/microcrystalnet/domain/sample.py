"""Where a micrograph comes from, and how its crystals lie together."""

from dataclasses import dataclass
from enum import StrEnum


class Texture(StrEnum):
    """How the crystals of a field of view lie together; it says nothing of a single crystal."""

    GRANULAR = "granular"
    FITTED = "fitted"
    CLUSTERED = "clustered"


@dataclass(frozen=True, slots=True)
class Sample:
    """The rock a micrograph was taken of; ``depth_m`` is in metres, None where unknown."""

    name: str
    depth_m: float | None = None
    locality: str = ""
