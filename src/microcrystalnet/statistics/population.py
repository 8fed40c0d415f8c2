"""The crystals that tables, statistics and figures are about, with everything known of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph, PixelSize
from microcrystalnet.imaging.measure import Measurement, Sizes, in_micrometres

PIXELS = PixelSize(1.0, 1.0)
UNITS = {"um": "µm", "px": "px"}
NO_CRYSTAL = frozenset({"excluded", "discarded"})  # states: decided or said to be no crystal
LENGTHS = {
    "equivalent_diameter": "equivalent diameter",
    "feret_max": "Feret maximum",
    "feret_min": "Feret minimum",
    "major_axis": "major axis",
    "minor_axis": "minor axis",
}


@dataclass(frozen=True, slots=True)
class CrystalRow:
    """One measured crystal and what is said of it.

    ``number`` counts the crystals of its micrograph from 1; ``state`` is a `Verdict` state or a
    word for where its class comes from; ``confidence`` is 0..1, None where nobody said.
    """

    crystal_id: str
    number: int
    micrograph: Micrograph
    mask: Mask
    measurement: Measurement
    cls: str | None = None
    state: str = "unlabelled"
    confidence: float | None = None
    occluded: bool = False

    @property
    def sample(self) -> str:
        """Name of the sample; empty where unknown."""
        return self.micrograph.sample.name if self.micrograph.sample else ""

    @property
    def texture(self) -> str:
        """How the crystals of its field of view lie; empty where nobody said."""
        return self.micrograph.texture.value if self.micrograph.texture else ""

    def sizes(self, unit: str) -> Sizes:
        """Give its lengths in ``um`` or ``px``; in pixels where its scale is unknown."""
        size = self.micrograph.pixel_size if unit == "um" else None
        return in_micrometres(self.mask, self.measurement, size or PIXELS)


@dataclass(frozen=True, slots=True)
class Measured:
    """A crystal's row with its area and the length that statistics are about, in one unit."""

    row: CrystalRow
    length: float
    area: float

    @property
    def whole(self) -> bool:
        """Whether no edge of the analysed region cuts it."""
        return not self.row.measurement.touches_edge


@dataclass(frozen=True, slots=True)
class Population:
    """Crystals that can be compared: ``um`` if any micrograph has a scale, ``px`` otherwise.

    ``left_out`` names the micrographs without a scale, which numbers in micrometres cannot hold;
    ``length`` is one of `LENGTHS`; ``no_crystals`` counts the outlines that are none and are in
    no number.
    """

    unit: str
    length: str
    crystals: tuple[Measured, ...]
    left_out: tuple[str, ...] = ()
    no_crystals: int = 0

    @property
    def rows(self) -> tuple[CrystalRow, ...]:
        """The crystals without their sizes."""
        return tuple(each.row for each in self.crystals)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of every number of these crystals, in sentences."""
        unknown, images = (
            ", ".join(self.left_out),
            {e.row.micrograph.image_id for e in self.crystals},
        )
        found = []
        if self.left_out:
            found.append(f"Left out, as their scale is unknown: {unknown}.")
        if self.no_crystals:
            found.append(f"Left out, as people took them for no crystals: {self.no_crystals}.")
        if self.unit == "px" and len(images) > 1:
            found.append("No scale is known: pixels of several micrographs are hardly comparable.")
        return tuple(found)

    def of(self, cls: str | None) -> tuple[Measured, ...]:
        """Give the crystals of one class."""
        return tuple(each for each in self.crystals if each.row.cls == cls)

    def whole(self, cls: str | None) -> tuple[Measured, ...]:
        """Give the crystals of one class that no edge cuts: only their sizes can be compared."""
        return tuple(each for each in self.of(cls) if each.whole)


def population(
    rows: Iterable[CrystalRow], length: str = "equivalent_diameter", unit: str | None = None
) -> Population:
    """Give crystals their sizes in one unit.

    Parameters
    ----------
    rows
        The crystals; those of micrographs without a scale are left out of micrometres, and what
        is no crystal (`NO_CRYSTAL`) of everything.
    length
        One of `LENGTHS`.
    unit
        ``um`` or ``px``; by itself micrometres where any micrograph has a scale.
    """
    given = list(rows)
    found = [each for each in given if each.state not in NO_CRYSTAL]
    scaled = unit == "um" or (unit is None and any(each.micrograph.calibrated for each in found))
    used = [each for each in found if each.micrograph.calibrated] if scaled else found
    left_out = [each.micrograph.file_name for each in found if not each.micrograph.calibrated]
    name = "um" if scaled else "px"
    return Population(
        name,
        length,
        tuple(_measured(each, length, name) for each in used),
        tuple(dict.fromkeys(left_out)) if scaled else (),
        len(given) - len(found),
    )


def _measured(row: CrystalRow, length: str, unit: str) -> Measured:
    sizes = row.sizes(unit)
    return Measured(row, getattr(sizes, f"{length}_um"), sizes.area_um2)


def classes_of(rows: Sequence[CrystalRow], codes: Sequence[str]) -> tuple[str, ...]:
    """Give the classes there are: those of the scheme in its order, then others."""
    there = {each.cls for each in rows if each.cls is not None}
    return (*(code for code in codes if code in there), *sorted(there - set(codes)))
