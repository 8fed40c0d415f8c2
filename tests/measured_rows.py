"""Measured crystals for the tests of statistics and figures, without a project."""

import numpy as np

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph, PixelSize, Region
from microcrystalnet.imaging.measure import measure
from microcrystalnet.statistics.population import CrystalRow

HERE = Region(0, 0, 400, 400)


def micrograph(number=0, nm=100.0, **more):
    """Give one of many calibrated micrographs."""
    size = PixelSize.square(nm) if nm else None
    return Micrograph(f"{number:020x}", f"m{number}.tif", 400, 400, "uint8", HERE, size, **more)


def row(name, side=60, cls="RES", on=None, **more):
    """Give a square crystal; its equivalent diameter is 1.128 times its side."""
    on = on or micrograph()
    mask = Mask.from_pixels(np.ones((side, side)), more.pop("at", 100), 100)
    return CrystalRow(name, 1, on, mask, measure(mask, None, HERE), cls, **more)
