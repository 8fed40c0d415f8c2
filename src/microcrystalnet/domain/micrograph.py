"""A micrograph and where its scale came from."""

import math
from dataclasses import dataclass
from enum import StrEnum


class ScaleSource(StrEnum):
    """Where the pixel size of a micrograph was found."""

    UNKNOWN = "unknown"
    JEOL_SIDECAR = "JEOL sidecar"
    IMAGEJ = "ImageJ tags"
    OME = "OME tags"
    ZEISS = "Zeiss tag"
    FEI = "FEI/Thermo tag"
    PHENOM = "Phenom tag"
    TESCAN = "TESCAN tag"
    TESCAN_HEADER = "TESCAN header file"
    HITACHI_SIDECAR = "Hitachi sidecar"
    PIXEL_SIZE_SIDECAR = "pixel_size sidecar"
    USER = "typed by hand"


@dataclass(frozen=True, slots=True)
class PixelSize:
    """Height and width of one pixel in micrometres."""

    row_um: float
    col_um: float

    @classmethod
    def square(cls, side_nm: float) -> "PixelSize":
        """Give the size of a square pixel of ``side_nm`` nanometres."""
        return cls(side_nm / 1000, side_nm / 1000)

    @property
    def nm(self) -> float:
        """Geometric mean of both sides in nanometres."""
        return 1000 * math.sqrt(self.row_um * self.col_um)


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle in full-image pixels, half-open: ``row0 <= row < row1``."""

    row0: int
    col0: int
    row1: int
    col1: int

    @property
    def height(self) -> int:
        """Rows covered."""
        return self.row1 - self.row0

    @property
    def width(self) -> int:
        """Columns covered."""
        return self.col1 - self.col0

    def contains(self, row: float, col: float) -> bool:
        """Say whether a point lies inside."""
        return self.row0 <= row < self.row1 and self.col0 <= col < self.col1


@dataclass(frozen=True, slots=True)
class Micrograph:
    """What is known of one image file, without its pixels.

    ``image_id`` is the first 20 hexadecimal digits of the SHA-256 of the file's bytes, so the same
    file is the same micrograph on every machine. ``region`` excludes the databar. ``scale_note``
    says in a sentence why a scale that the file declares is not used; it is empty otherwise.
    """

    image_id: str
    file_name: str
    height: int
    width: int
    dtype: str
    region: Region
    pixel_size: PixelSize | None = None
    scale_source: ScaleSource = ScaleSource.UNKNOWN
    vendor: str | None = None
    hv_kv: float | None = None
    wd_mm: float | None = None
    scale_note: str = ""

    @property
    def calibrated(self) -> bool:
        """Whether sizes may be given in micrometres."""
        return self.pixel_size is not None
