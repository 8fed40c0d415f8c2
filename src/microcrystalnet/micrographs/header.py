"""What an image file's header says, before any pixel is decoded."""

from dataclasses import dataclass

from microcrystalnet.micrographs.settings import Settings


@dataclass(frozen=True, slots=True)
class Header:
    """Size and depth of an image, and what its own tags say, the most trusted first.

    ``dtype`` is the numpy name of the grey pixels; ``bytes_per_pixel`` counts every sample.
    """

    height: int
    width: int
    dtype: str
    bytes_per_pixel: float
    told: tuple[Settings, ...] = ()
