"""The crystals of a micrograph painted over each other, the frontmost on top."""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Region
from microcrystalnet.errors import MaskError

N_COLOURS = 48  # values that differ by a multiple of it share a colour
_LARGEST = np.iinfo(np.uint16).max


@dataclass(frozen=True, slots=True)
class _Placed:
    """A crystal on the image; ``height`` orders occlusion: z, then order of arrival."""

    crystal: Crystal
    value: int
    height: tuple[int, int]
    box: Region


class Instances:
    """A uint16 image of values, one for each crystal, and which crystal a value stands for.

    A value follows from the crystal's id, so that its colour is the same whenever it is shown.
    """

    def __init__(self, values: NDArray[np.uint16]) -> None:
        self.values = values
        self._placed: dict[str, _Placed] = {}
        self._ids: dict[int, str] = {}
        self._arrivals = 0

    @property
    def ids(self) -> Mapping[int, str]:
        """Crystal ids by value."""
        return MappingProxyType(self._ids)

    def __contains__(self, crystal_id: str) -> bool:
        return crystal_id in self._placed

    def mask(self, crystal_id: str) -> Mask:
        """Give a crystal's whole mask, hidden parts included.

        Raises
        ------
        KeyError
            If no such crystal is shown.
        """
        return self._placed[crystal_id].crystal.mask

    def value(self, crystal_id: str) -> int:
        """Give the value that stands for a crystal."""
        return self._placed[crystal_id].value

    def at(self, row: int, col: int) -> str | None:
        """Give the topmost crystal at a pixel, None outside the image and between crystals."""
        height, width = self.values.shape
        if not (0 <= row < height and 0 <= col < width):
            return None
        return self._ids.get(int(self.values[row, col]))

    def replace(self, crystals: Iterable[Crystal]) -> None:
        """Hold exactly these crystals."""
        self._placed, self._ids, self._arrivals = {}, {}, 0
        self.values[...] = 0
        for crystal in crystals:
            self._place(crystal)
        for each in sorted(self._placed.values(), key=_height):
            np.copyto(self._window(each.box), each.value, where=each.crystal.mask.pixels)

    def put(self, crystal: Crystal) -> Region:
        """Add or replace a crystal; give the region that had to be painted again."""
        old = self._placed.get(crystal.crystal_id)
        new = self._place(crystal)
        region = new.box if old is None else union(old.box, new.box)
        self._repaint(region)
        return region

    def remove(self, crystal_id: str) -> Region | None:
        """Take a crystal away; give the region painted again, None where it was not there."""
        gone = self._placed.pop(crystal_id, None)
        if gone is None:
            return None
        del self._ids[gone.value]
        self._repaint(gone.box)
        return gone.box

    def _place(self, crystal: Crystal) -> _Placed:
        box = crystal.mask.region
        height, width = self.values.shape
        if box.row0 < 0 or box.col0 < 0 or box.row1 > height or box.col1 > width:
            raise MaskError(
                f"A mask reaches row {box.row1}, column {box.col1} of a micrograph of {height} x "
                f"{width} pixels; outline this crystal again."
            )
        old = self._placed.get(crystal.crystal_id)
        self._arrivals += 1
        arrival = self._arrivals if old is None else old.height[1]
        value = self._free_value(crystal.crystal_id) if old is None else old.value
        placed = _Placed(crystal, value, (crystal.z, arrival), box)
        self._placed[crystal.crystal_id], self._ids[value] = placed, crystal.crystal_id
        return placed

    def _free_value(self, crystal_id: str) -> int:
        first = 1 + zlib.crc32(crystal_id.encode()) % N_COLOURS
        for value in range(first, _LARGEST + 1, N_COLOURS):
            if value not in self._ids:
                return value
        raise MaskError("No more crystals can be shown on this micrograph; delete some first.")

    def _repaint(self, region: Region) -> None:
        window = np.zeros((region.height, region.width), np.uint16)
        touched = (each for each in self._placed.values() if _meet(each.box, region))
        for each in sorted(touched, key=_height):
            _paint(window, region, each)
        self._window(region)[...] = window

    def _window(self, region: Region) -> NDArray[np.uint16]:
        return self.values[region.row0 : region.row1, region.col0 : region.col1]


def union(one: Region, two: Region) -> Region:
    """Give the smallest region around both."""
    return Region(
        min(one.row0, two.row0),
        min(one.col0, two.col0),
        max(one.row1, two.row1),
        max(one.col1, two.col1),
    )


def _height(placed: _Placed) -> tuple[int, int]:
    return placed.height


def _meet(one: Region, two: Region) -> bool:
    return (
        one.row0 < two.row1 and two.row0 < one.row1 and one.col0 < two.col1 and two.col0 < one.col1
    )


def _paint(window: NDArray[np.uint16], region: Region, placed: _Placed) -> None:
    """Paint the part of a crystal that lies in the region onto the region's window."""
    box, pixels = placed.box, placed.crystal.mask.pixels
    row0, col0 = max(box.row0, region.row0), max(box.col0, region.col0)
    row1, col1 = min(box.row1, region.row1), min(box.col1, region.col1)
    part = pixels[row0 - box.row0 : row1 - box.row0, col0 - box.col0 : col1 - box.col0]
    window[row0 - region.row0 : row1 - region.row0, col0 - region.col0 : col1 - region.col0][
        part
    ] = placed.value
