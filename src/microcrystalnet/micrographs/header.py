"""What an image file's header says, before any pixel is decoded."""

from dataclasses import dataclass

from microcrystalnet.domain.micrograph import PixelSize, ScaleSource


@dataclass(frozen=True, slots=True)
class Header:
    """Size and depth of an image, and the scale that its own tags give.

    ``dtype`` is the numpy name of the grey pixels; ``bytes_per_pixel`` counts every sample.
    """

    height: int
    width: int
    dtype: str
    bytes_per_pixel: float
    pixel_size: PixelSize | None = None
    scale_source: ScaleSource = ScaleSource.UNKNOWN
    vendor: str | None = None
