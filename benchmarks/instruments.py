"""Opening a micrograph as its instrument wrote it: metadata, databar and pixels."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import tifffile

from benchmarks.figures import Figure, ms, seconds
from microcrystalnet.micrographs.databar import find_databar
from microcrystalnet.micrographs.reader import examine, read_pixels
from microcrystalnet.micrographs.scale_bar import find_bar
from microcrystalnet.synth.databar import Conditions, ScaleBar, databar

SIDE, STRIP, TIMES = 2048, 96, 20
BAR = ScaleBar.fit(SIDE, 10)


def measure() -> list[Figure]:
    """Write a Zeiss file of 2048 x 2048 with a databar that no key tells of, and open it."""
    pixels = _pixels()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.tif"
        tifffile.imwrite(path, pixels, extratags=[(34118, "B", len(_tag()), _tag(), True)])
        opened = seconds(lambda: (examine(path), read_pixels(path)), TIMES)
    row, right = SIDE - STRIP + round(STRIP * 0.72), SIDE - round(STRIP * 0.4)
    left = right - BAR.pixels
    return [
        Figure("2048 x 2048 TIFF read with its metadata and databar", ms(opened), "150 ms"),
        Figure("databar found in it", ms(seconds(lambda: find_databar(pixels), TIMES))),
        Figure(
            "scale bar found along a drawn line",
            ms(seconds(lambda: find_bar(pixels, (row, left + 9), (row, right - 9)), TIMES)),
        ),
    ]


def _pixels() -> np.ndarray:
    grain = np.random.default_rng(1).normal(110, 25, (SIDE - STRIP, SIDE)).clip(0, 255)
    return np.vstack([grain.astype(np.uint8), databar(SIDE, STRIP, BAR, Conditions())])


def _tag() -> bytes:
    lines = ["0", "0", "0", "5e-9", "AP_WD", "WD = 10.1 mm", "AP_ACTUALKV", "EHT = 20.00 kV"]
    lines += ["AP_IMAGE_PIXEL_SIZE", "Image Pixel Size = 10 nm"]
    return ("\r\n".join(lines) + "\r\n\0").encode("cp1252")
