"""A micrograph and where its scale came from."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from microcrystalnet.domain.sample import Sample, Texture


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
    SCALE_BAR = "measured on the scale bar"
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

    def tilted(self, degrees: float) -> "PixelSize":
        """Give the size on a surface tilted about the horizontal axis, foreshortened along rows."""
        return PixelSize(self.row_um / math.cos(math.radians(degrees)), self.col_um)

    @property
    def nm(self) -> float:
        """Geometric mean of both sides in nanometres."""
        return 1000 * math.sqrt(self.row_um * self.col_um)


@dataclass(frozen=True, slots=True)
class Scale:
    """The pixel size of a micrograph, where it came from and how well it is known.

    ``uncertainty`` is the relative standard uncertainty of a length, None where nobody gave one.
    ``tilt_corrected`` is the stage tilt in degrees that the height of a pixel was divided for.
    """

    pixel_size: PixelSize | None
    source: ScaleSource
    uncertainty: float | None = None
    tilt_corrected: float | None = None

    @property
    def level(self) -> PixelSize | None:
        """The pixel size without the correction for the tilt."""
        if self.pixel_size is None or self.tilt_corrected is None:
            return self.pixel_size
        shortened = math.cos(math.radians(self.tilt_corrected))
        return PixelSize(self.pixel_size.row_um * shortened, self.pixel_size.col_um)

    @property
    def ratio(self) -> float:
        """Height over width of a pixel without the correction for the tilt; 1 where unknown."""
        return self.level.row_um / self.level.col_um if self.level else 1.0

    def corrected(self, degrees: float) -> "Scale":
        """Correct heights for this tilt, instead of any other; 0 takes the correction away."""
        if self.level is None or not degrees:
            return replace(self, pixel_size=self.level, tilt_corrected=None)
        return replace(self, pixel_size=self.level.tilted(degrees), tilt_corrected=degrees)

    def resized(self, nm: float, source: ScaleSource, uncertainty: float | None = None) -> "Scale":
        """Give pixels another size and keep the ratio of their sides and the tilt.

        ``nm`` is the geometric mean of both sides, without the correction for the tilt.
        """
        col_um = nm / 1000 / math.sqrt(self.ratio)
        scale = Scale(PixelSize(col_um * self.ratio, col_um), source, uncertainty)
        return scale.corrected(self.tilt_corrected or 0.0)


@dataclass(frozen=True, slots=True)
class Acquisition:
    """How a micrograph was taken, beside voltage and working distance.

    ``acquired`` is the date as the instrument wrote it: which number is the month differs.
    ``tilt_degrees`` is that of the stage, None also where the instrument already allowed for it,
    which ``tilt_allowed`` says.
    """

    magnification: float | None = None
    acquired: str | None = None
    instrument: str | None = None
    detector: str | None = None
    tilt_degrees: float | None = None
    tilt_allowed: bool = False


UNTOLD = Acquisition()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the file of a micrograph and the text beside it told when they were read again.

    The fields are those of `Micrograph`; the databar is not among them.
    """

    scale: Scale
    scale_note: str = ""
    vendor: str | None = None
    hv_kv: float | None = None
    wd_mm: float | None = None
    acquisition: Acquisition = UNTOLD
    origins: Mapping[str, str] = field(default_factory=dict, hash=False)


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

    @property
    def corners(self) -> tuple[int, int, int, int]:
        """First row and column, and those after the last."""
        return self.row0, self.col0, self.row1, self.col1

    def contains(self, row: float, col: float) -> bool:
        """Say whether a point lies inside."""
        return self.row0 <= row < self.row1 and self.col0 <= col < self.col1


def identity(sha256: str, page: int = 0) -> str:
    """Give the id of a micrograph: 20 hexadecimal digits.

    They are the first of the SHA-256 of the file's bytes; for a page, of the SHA-256 of that hash
    and the page's number, so that pages of one file are told apart.
    """
    if not page:
        return sha256[:20]
    return hashlib.sha256(f"{sha256} page {page}".encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Micrograph:
    """What is known of one image file, without its pixels.

    ``image_id`` is `identity`, so the same page of the same file is the same micrograph on every
    machine. ``page`` is counted from 1, and 0 where the file has only one. ``region`` excludes the
    databar. ``scale_note`` says in a sentence why a scale that the file declares is not used or is
    to be checked; it is empty otherwise.
    ``origins`` names the file or tag behind each number: ``pixel_size``, ``hv_kv``, ``wd_mm``,
    ``databar``, and the fields of `Acquisition`. ``sample`` and ``texture`` are what people said,
    ``reading`` what the file told when it was read again, None where it never was.
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
    scale_uncertainty: float | None = None
    tilt_corrected: float | None = None
    acquisition: Acquisition = UNTOLD
    origins: Mapping[str, str] = field(default_factory=dict, hash=False)
    sample: Sample | None = None
    texture: Texture | None = None
    page: int = 0
    reading: Reading | None = None

    @property
    def scaled_by_people(self) -> bool:
        """Whether somebody measured or typed the size of a pixel, or corrected it for a tilt."""
        by_people = self.scale_source in {ScaleSource.SCALE_BAR, ScaleSource.USER}
        return by_people or self.tilt_corrected is not None

    @property
    def scale(self) -> Scale:
        """The pixel size with all that is known of it."""
        return Scale(
            self.pixel_size, self.scale_source, self.scale_uncertainty, self.tilt_corrected
        )

    @property
    def calibrated(self) -> bool:
        """Whether sizes may be given in micrometres."""
        return self.pixel_size is not None
