"""Clicks and drags on the canvas in full-image pixels, whatever layer is selected."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
from napari.layers import Layer

from microcrystalnet.domain.micrograph import Region
from microcrystalnet.domain.prompt import Box

_STILL = 4.0  # screen pixels a hand may slip during a click
LEFT, RIGHT = 1, 2

MouseEvent = Any  # napari publishes no type for what it hands to mouse callbacks


@dataclass(frozen=True, slots=True)
class Point:
    """A place in full-image pixels; pixel centres lie at whole numbers."""

    row: float
    col: float


def point_of(layer: Layer, event: MouseEvent) -> Point:
    """Give the place of a mouse event on the micrograph that ``layer`` lies on."""
    row, col = layer.world_to_data(event.position)
    return Point(float(row), float(col))


def slipped(start: MouseEvent, event: MouseEvent) -> bool:
    """Say whether the mouse has moved too far from a canvas position to be a click."""
    return bool(np.hypot(*np.subtract(event.pos, start)) > _STILL)


def until_release(event: MouseEvent) -> Generator[None, None, bool]:
    """Follow a pressed button in a napari drag callback; return whether it was a mere click."""
    start, moved = tuple(event.pos), False
    yield
    while event.type == "mouse_move":
        moved = moved or slipped(start, event)
        yield
    return not (moved or slipped(start, event))


def box_between(one: Point, two: Point, region: Region) -> Box | None:
    """Give the box between two corners as far as it lies in a region; None where it does not."""
    row0, row1 = sorted((one.row, two.row))
    col0, col1 = sorted((one.col, two.col))
    row0, col0 = max(row0, region.row0 - 0.5), max(col0, region.col0 - 0.5)
    row1, col1 = min(row1, region.row1 - 0.5), min(col1, region.col1 - 0.5)
    return Box(row0, col0, row1, col1) if row0 < row1 and col0 < col1 else None
