"""What the figures of measured crystals are drawn from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.colours import NO_CLASS
from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.statistics.population import LENGTHS, Measured, Population, classes_of

UNITS = {"um": "µm", "px": "pixels"}


class FigureError(MicroCrystalError):
    """There is nothing that this figure could show."""


def counted(crystals: Sequence[Measured]) -> str:
    """Say how many crystals a figure shows, and of how many micrographs."""
    images = len({each.row.micrograph.image_id for each in crystals})
    there = "1 crystal" if len(crystals) == 1 else f"{len(crystals)} crystals"
    return f"n = {there} of {'1 micrograph' if images == 1 else f'{images} micrographs'}"


@dataclass(frozen=True, slots=True)
class Material:
    """Crystals with their sizes, the classes, and where recorded pixels come from.

    ``pixels`` gives a micrograph's pixels by id, None where its file cannot be read; ``shown`` is
    the micrograph that a figure of a single one shows, ``classes_from`` whose word the classes are.
    """

    crystals: Population
    scheme: Scheme
    pixels: Callable[[str], NDArray[np.generic] | None]
    shown: str | None = None
    classes_from: str = ""

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes there are, in the order of the scheme."""
        return classes_of(self.crystals.rows, self.scheme.codes)

    @property
    def unit(self) -> str:
        """The unit of lengths as people write it."""
        return UNITS[self.crystals.unit]

    @property
    def axis(self) -> str:
        """The length that is drawn, with its unit."""
        return f"{LENGTHS[self.crystals.length]} ({self.unit})"

    @property
    def whole(self) -> tuple[Measured, ...]:
        """The crystals with a class that no edge cuts: whose sizes are drawn."""
        return tuple(e for e in self.crystals.crystals if e.whole and e.row.cls is not None)

    def colour(self, cls: str | None) -> str:
        """Give the colour of a class."""
        found = None if cls is None else self.scheme.find(cls)
        return found.colour if found else NO_CLASS

    def require_classes(self) -> tuple[str, ...]:
        """Give the classes there are.

        Raises
        ------
        FigureError
            If no crystal has one.
        """
        if not self.classes:
            raise FigureError(
                "No crystal that the filter lets through has a class yet; label crystals, choose "
                "another source of classes, or widen the filter."
            )
        return self.classes
