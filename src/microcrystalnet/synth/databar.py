"""The black strip under a JEOL micrograph, and the text file beside it that holds the scale."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from microcrystalnet.domain.micrograph import PixelSize

NICE_BARS_NM = (100, 200, 500, 1000, 2000, 5000, 10000, 20000)


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A bar of ``pixels`` that stands for ``length_nm``; together they are the calibration."""

    length_nm: int
    pixels: int

    @classmethod
    def fit(cls, width: int, wanted_nm: float) -> "ScaleBar":
        """Choose a round length of about a seventh of the image and a whole number of pixels."""
        aim = width / 7 * wanted_nm
        length = min(NICE_BARS_NM, key=lambda each: abs(np.log(each / aim)))
        return cls(length, round(length / wanted_nm))

    @property
    def pixel_size(self) -> PixelSize:
        """Size of a pixel that the bar tells."""
        return PixelSize.square(self.length_nm / self.pixels)

    @property
    def text(self) -> str:
        """The length as JEOL writes it: ``500nm`` or ``2um``."""
        return f"{self.length_nm}nm" if self.length_nm < 1000 else f"{self.length_nm // 1000}um"


@dataclass(frozen=True, slots=True)
class Conditions:
    """How the micrograph was taken."""

    hv_kv: float = 20.0
    wd_mm: float = 10.0
    magnification: int = 5000
    title: str = "scene"


def databar(width: int, rows: int, bar: ScaleBar, conditions: Conditions) -> NDArray[np.uint8]:
    """Draw the strip, (rows, width) uint8: conditions in white on black and the scale bar."""
    strip = Image.new("L", (width, rows), 0)
    pen = ImageDraw.Draw(strip)
    font = ImageFont.load_default(rows * 0.36)
    line = (
        f"SEI   {conditions.hv_kv:.0f}kV   WD{conditions.wd_mm:.0f}mm   "
        f"x{conditions.magnification:,}   {conditions.title}"
    )
    pen.text((rows * 0.3, rows * 0.30), line, fill=235, font=font)
    right, middle = width - round(rows * 0.4), round(rows * 0.72)
    pen.rectangle((right - bar.pixels + 1, middle, right, middle + max(2, rows // 16)), fill=255)
    pen.text(
        (right - bar.pixels / 2, rows * 0.12),
        bar.text,
        fill=235,
        font=font,
        anchor="ma",
    )
    return np.asarray(strip, np.uint8)


def sidecar(shape: tuple[int, int], bar: ScaleBar, conditions: Conditions) -> str:
    """Write the JEOL text file for an image of ``shape`` without its databar.

    Keys as in JEOL's ``<stem>.txt``; the pixel size is ``$$SM_MICRON_MARKER`` divided by
    ``$$SM_MICRON_BAR``.
    """
    lines = (
        "$SEM_DATA_VERSION 1",
        "$CM_LABEL rendered scene",
        f"$CM_TITLE {conditions.title}",
        f"$CM_FULL_SIZE {shape[1]} {shape[0]}",
        f"$CM_ACCEL_VOLT {conditions.hv_kv:.2f}",
        f"$CM_MAG {conditions.magnification}",
        "$CM_SIGNAL SEI",
        f"$$SM_WD {conditions.wd_mm:.1f}",
        f"$$SM_MICRON_BAR {bar.pixels}",
        f"$$SM_MICRON_MARKER {bar.text}",
    )
    return "\n".join(lines) + "\n"
