"""The one line ``pixel_size: 2.38`` that MineralClassifier keeps beside an image."""

import re

from microcrystalnet.domain.micrograph import ScaleSource
from microcrystalnet.micrographs.settings import Settings, scale
from microcrystalnet.micrographs.units import bare

_LINE = re.compile(r"^[ \t]*pixel_size[ \t]*:[ \t]*(.*?)[ \t\r]*$", re.MULTILINE)


def is_pixel_size(text: str) -> bool:
    """Say whether a sidecar has such a line."""
    return _LINE.search(text) is not None


def parse(text: str) -> Settings:
    """Read the side of a pixel: micrometres unless the line names another unit."""
    source = ScaleSource.PIXEL_SIZE_SIDECAR
    sides = {bare(each, "um") for each in _LINE.findall(text)}
    if len(sides) > 1:
        note = f"The {source} gives {len(sides)} different pixel sizes; leave the right one in it."
        return Settings(source, note=note)
    return Settings(source, *scale(source, next(iter(sides), None)))
