"""Which crystals count: one filter for the table, the statistics and the figures."""

from collections.abc import Iterable
from dataclasses import dataclass

from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.statistics.population import CrystalRow

NO_CLASS = "no class"


class FilterError(MicroCrystalError):
    """A filter contradicts itself or lets nothing through."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a crystal must be; an empty set and None let everything through.

    ``smallest`` and ``largest`` are equivalent diameters in micrometres, in pixels where the scale
    is unknown; ``classes`` may hold `NO_CLASS`; ``images`` are ids.
    """

    classes: frozenset[str] = frozenset()
    smallest: float | None = None
    largest: float | None = None
    edge: bool = True
    occluded: bool = True
    too_small: bool = True
    least_confidence: float | None = None
    states: frozenset[str] = frozenset()
    images: frozenset[str] = frozenset()
    samples: frozenset[str] = frozenset()
    textures: frozenset[str] = frozenset()

    def keeps(self, row: CrystalRow) -> bool:
        """Say whether a crystal counts."""
        return self._keeps_place(row) and self._keeps_shape(row) and self._keeps_words(row)

    def _keeps_place(self, row: CrystalRow) -> bool:
        return (
            _among(row.micrograph.image_id, self.images)
            and _among(row.sample, self.samples)
            and _among(row.texture, self.textures)
        )

    def _keeps_shape(self, row: CrystalRow) -> bool:
        measured = row.measurement
        if (measured.touches_edge and not self.edge) or (row.occluded and not self.occluded):
            return False
        if measured.too_small and not self.too_small:
            return False
        if self.smallest is None and self.largest is None:
            return True
        size = row.sizes("um").equivalent_diameter_um
        above = self.smallest is None or size >= self.smallest
        return above and (self.largest is None or size <= self.largest)

    def _keeps_words(self, row: CrystalRow) -> bool:
        sure = self.least_confidence is None or (
            row.confidence is not None and row.confidence >= self.least_confidence
        )
        return sure and _among(row.cls or NO_CLASS, self.classes) and _among(row.state, self.states)

    @property
    def words(self) -> str:
        """What is left out, in words for tables and captions; empty if nothing is."""
        parts = [
            _listed("classes", self.classes),
            "" if self.smallest is None else f"at least {self.smallest:g} across",
            "" if self.largest is None else f"at most {self.largest:g} across",
            "" if self.edge else "without those at the edge",
            "" if self.occluded else "without occluded ones",
            "" if self.too_small else "without those under 50 pixels",
            _confidence(self.least_confidence),
            _listed("states", self.states),
            _listed("samples", self.samples),
            _listed("textures", self.textures),
            f"{len(self.images)} chosen micrographs" if len(self.images) > 1 else "",
            "one micrograph" if len(self.images) == 1 else "",
        ]
        return "; ".join(part for part in parts if part)


EVERYTHING = Filter()


def kept(rows: Iterable[CrystalRow], wanted: Filter) -> list[CrystalRow]:
    """Give the crystals a filter lets through.

    Raises
    ------
    FilterError
        If its smallest size is above its largest.
    """
    least, most = wanted.smallest, wanted.largest
    if least is not None and most is not None and least > most:
        raise FilterError(
            f"No crystal is at least {least:g} and at most {most:g} across; swap the two sizes."
        )
    return [each for each in rows if wanted.keeps(each)]


def _among(value: str, wanted: frozenset[str]) -> bool:
    return not wanted or value in wanted


def _listed(word: str, wanted: frozenset[str]) -> str:
    return f"{word} {', '.join(sorted(each or 'none' for each in wanted))}" if wanted else ""


def _confidence(least: float | None) -> str:
    return "" if least is None else f"confidence of at least {least:g}"
