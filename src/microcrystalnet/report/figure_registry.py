"""Every figure for a paper by name: what it shows, and what writes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import ModelError, UnreadableFileError
from microcrystalnet.micrographs.reader import read_pixels
from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.report import class_figures, crystal_figures, size_figures
from microcrystalnet.report.drawing import Drawing
from microcrystalnet.report.drawn import stems
from microcrystalnet.report.measured_material import Material
from microcrystalnet.statistics.collect import ClassFrom, collect, whose
from microcrystalnet.statistics.filters import EVERYTHING, Filter, kept
from microcrystalnet.statistics.population import CrystalRow, population
from microcrystalnet.storage.project_store import ProjectStore


@dataclass(slots=True)
class FigureSource:
    """A project as figures see it; crystals are measured when the first figure asks for them."""

    store: ProjectStore
    wanted: Filter = EVERYTHING
    classes: ClassFrom = ClassFrom.SETTLED
    model_id: str | None = None
    length: str = "equivalent_diameter"
    report: Report = ignore_progress
    sheets: int = 3  # micrographs drawn as class maps of a network
    _rows: list[CrystalRow] | None = field(default=None, init=False)

    @property
    def rows(self) -> list[CrystalRow]:
        """The measured crystals that the filter lets through."""
        if self._rows is None:
            found = collect(self.store, self.classes, self.model_id, self.report)
            self._rows = kept((row for rows in found for row in rows), self.wanted)
        return self._rows

    def material(self, shown: str | None = None) -> Material:
        """Give what figures of measured crystals are drawn from."""
        crystals = population(self.rows, self.length)
        said = whose(self.store, self.classes, self.model_id)
        return Material(crystals, self.store.state.scheme, OnePicture(self.store), shown, said)


class OnePicture:
    """Gives recorded pixels by micrograph; the last one read stays in memory."""

    def __init__(self, store: ProjectStore) -> None:
        self._store = store
        self._last: tuple[str, NDArray[np.generic] | None] | None = None

    def __call__(self, image_id: str) -> NDArray[np.generic] | None:
        """Give the pixels of a micrograph, None where its file cannot be read."""
        if self._last is None or self._last[0] != image_id:
            try:
                self._last = image_id, read_pixels(self._store.image_path(image_id))
            except UnreadableFileError:
                self._last = image_id, None
        return self._last[1]


Writer = Callable[[FigureSource, Path], list[Path]]
Draw = Callable[[Material], Drawing]


@dataclass(frozen=True, slots=True)
class FigureKind:
    """A figure of measured crystals; ``opt_in``: only where it is asked for by name."""

    title: str
    draw: Draw
    opt_in: bool = False


MEASURED: Mapping[str, FigureKind] = {
    "histograms": FigureKind("Size histograms", size_figures.histograms),
    "cumulative": FigureKind("Cumulative size curves", size_figures.cumulative),
    "scatter": FigureKind("Size and aspect ratio", size_figures.scatter),
    "abundance": FigureKind("Class abundance by sample", class_figures.abundance),
    "plate": FigureKind("Crystal plate at one scale", crystal_figures.plate),
    "micrographs": FigureKind("Annotated micrograph", crystal_figures.micrograph),
    "rose": FigureKind("Rose diagram of long axes", class_figures.rose, opt_in=True),
}


def _write(name: str, source: FigureSource, folder: Path) -> list[Path]:
    material = source.material()
    return MEASURED[name].draw(material).save(folder, name, material.classes_from)


def _write_micrographs(source: FigureSource, folder: Path) -> list[Path]:
    """Write one figure for each micrograph that holds a crystal."""
    named = stems(source.store.state.micrographs.values())
    there = dict.fromkeys(row.micrograph.image_id for row in source.rows)
    material = source.material()
    written: list[Path] = []
    for each in there:
        drawn = crystal_figures.micrograph(replace(material, shown=each))
        written += drawn.save(folder, f"{named[each]}_annotated", material.classes_from)
    return written


def _write_network(source: FigureSource, folder: Path) -> list[Path]:
    """Write the paper's figures of a network, and its errors by the experts' agreement."""
    from microcrystalnet.learning.predict import open_classifier
    from microcrystalnet.report.contested import contested_of, write_contested
    from microcrystalnet.report.figure_material import gather_material, note_shown
    from microcrystalnet.report.paper_figures import write_figures

    if source.model_id is None:
        raise ModelError(f"{source.store.folder} holds no classifier yet: run mcn train first.")
    classifier = open_classifier(source.store.model_folder(source.model_id))
    material = gather_material(source.store, source.model_id)
    note_shown(source.store, material)
    written = write_figures(classifier, material, folder, source.report, sheets=source.sheets)
    table = contested_of(source.store, classifier.card)
    if table is None:
        return written
    write_contested(folder / "errors_by_agreement.csv", table)
    return [*written, folder / "errors_by_agreement.csv"]


FIGURES: dict[str, Writer] = {
    **{name: partial(_write, name) for name in MEASURED},
    "micrographs": _write_micrographs,
    "network": _write_network,
}
OPT_IN = frozenset(name for name, kind in MEASURED.items() if kind.opt_in)
