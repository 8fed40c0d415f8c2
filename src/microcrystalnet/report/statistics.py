"""Sizes and abundances of each class over the micrographs of a project."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import PixelSize
from microcrystalnet.imaging.measure import Sizes as Lengths
from microcrystalnet.imaging.measure import in_micrometres
from microcrystalnet.report.facts import CrystalFacts, MicrographFacts

ClassOf = Callable[[CrystalFacts], str | None]


@dataclass(frozen=True, slots=True)
class ClassSizes:
    """Abundance and size of one class.

    ``crystals`` of ``micrographs`` count for abundance. ``diameters`` are the equivalent-circle
    diameters of those that touch no edge, in ``Sizes.unit``; ``area`` is in its square.
    """

    code: str
    crystals: int
    micrographs: int
    area: float
    diameters: NDArray[np.float64]
    longest: NDArray[np.float64]

    def percentile(self, share: float) -> float | None:
        """Give the diameter that ``share`` percent of the crystals stay below, or None."""
        return float(np.percentile(self.diameters, share)) if self.diameters.size else None

    @property
    def geometric_mean(self) -> float | None:
        """Geometric mean diameter, or None without a whole crystal."""
        return float(np.exp(np.log(self.diameters).mean())) if self.diameters.size else None


@dataclass(frozen=True, slots=True)
class Sizes:
    """The classes' sizes, ``um`` if any micrograph has a scale and ``px`` otherwise.

    ``left_out`` names the micrographs without a scale, which a table in micrometres cannot hold.
    """

    unit: str
    classes: tuple[ClassSizes, ...]
    left_out: tuple[str, ...]

    @property
    def crystals(self) -> int:
        """Crystals of all classes."""
        return sum(each.crystals for each in self.classes)

    @property
    def area(self) -> float:
        """Area of all classes."""
        return sum(each.area for each in self.classes)


def sizes(facts: Sequence[MicrographFacts], codes: Sequence[str], class_of: ClassOf) -> Sizes:
    """Summarise the crystals that ``class_of`` gives a class, in the order of ``codes``."""
    calibrated = [each for each in facts if each.micrograph.calibrated]
    used = calibrated or list(facts)
    left_out = tuple(
        each.micrograph.file_name for each in facts if calibrated and each not in calibrated
    )
    return Sizes(
        "um" if calibrated else "px",
        tuple(_class_sizes(code, used, class_of) for code in codes),
        left_out,
    )


def _class_sizes(code: str, facts: Sequence[MicrographFacts], class_of: ClassOf) -> ClassSizes:
    members = [
        (each.micrograph.pixel_size, crystal)
        for each in facts
        for crystal in each.analysed
        if class_of(crystal) == code
    ]
    sized = [(_sizes(crystal, size), crystal) for size, crystal in members]
    whole = [size for size, crystal in sized if not crystal.measurement.touches_edge]
    return ClassSizes(
        code,
        len(members),
        len({crystal.crystal.image_id for _, crystal in members}),
        sum(size.area_um2 for size, _ in sized),
        np.array([each.equivalent_diameter_um for each in whole], float),
        np.array([each.feret_max_um for each in whole], float),
    )


def _sizes(facts: CrystalFacts, size: PixelSize | None) -> Lengths:
    """Give the lengths in micrometres, in pixels where there is no scale."""
    return in_micrometres(facts.crystal.mask, facts.measurement, size or PixelSize(1.0, 1.0))
