"""Shows the measured crystals that count, row by row, and writes them out."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np

from microcrystalnet.errors import MaskError, MicroCrystalError, UnreadableFileError
from microcrystalnet.imaging.measure import mean_grey
from microcrystalnet.micrographs.reader import read_pixels
from microcrystalnet.report import csv_file
from microcrystalnet.report.plain_text import readable
from microcrystalnet.statistics.population import UNITS
from microcrystalnet.statistics.tables import CRYSTAL_COLUMNS, crystal_row
from napari_mcn.jobs import listen
from napari_mcn.notify import refusals_told, refuse, tell
from napari_mcn.panels.row_table import TableRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from qtpy.QtCore import QObject

    from microcrystalnet.statistics.population import CrystalRow
    from napari_mcn.background import Background
    from napari_mcn.census import Census
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.panels.measure_panel import MeasurePanel
    from napari_mcn.panels.row_table import Value
    from napari_mcn.session import Session

COLUMNS = (
    *("Crystal", "Class", "Feret max", "Feret min", "Eq. diameter", "Aspect", "Roundness"),
    *("Circularity", "Direction (°)", "At edge", "Occluded", "Under 50 px"),
    *("Micrograph", "Sample", "Texture"),
)
UNKNOWN_SCALE = "The scale of this micrograph is unknown."


class MeasureController:
    """The table of the Measure page; a row leads to its crystal, a crystal to its row."""

    def __init__(
        self,
        panel: MeasurePanel,
        session: Session,
        census: Census,
        background: Background,
        *,
        dialogs: Dialogs,
        owner: QObject,
    ) -> None:
        self._panel, self._session, self._census = panel, session, census
        self._background, self._dialogs = background, dialogs
        self._job = listen(owner, self._on_written, refuse)
        self._active, self._micrometres = False, True
        panel.export_requested.connect(self.export)
        panel.crystal_chosen.connect(self._on_row)
        panel.pixel_or_um_toggled.connect(self._on_unit)
        session.events.crystal_id.connect(panel.select)
        census.changed.connect(self._show)

    def close(self) -> None:
        """Let go of the session and of the thread."""
        self._session.events.crystal_id.disconnect(self._panel.select)
        self._census.changed.disconnect(self._show)
        self._background.close()

    def activate(self, active: bool) -> None:
        """Show the rows when the page comes to the front."""
        self._active = active
        self._show()

    @refusals_told
    def export(self) -> None:
        """Write every crystal that counts as CSV, with the grey values of its micrograph."""
        rows = self._census.counted
        if not rows:
            raise MaskError("There is nothing to export yet: outline crystals on the Segment page.")
        micrograph = self._session.micrograph
        name = readable(micrograph.file_name, "_x") if micrograph else "all"
        path = self._dialogs.save_as(f"{name}-sizes.csv", ".csv")
        if path is None:
            return
        images = dict.fromkeys(row.micrograph.image_id for row in rows)
        files = {each: self._session.project.image_path(each) for each in images}
        said = self._census.classes_from
        self._background.run(lambda: _write(path, rows, files, said), self._job)

    def _on_written(self, sentence: object) -> None:
        tell(str(sentence))

    @refusals_told
    def _on_row(self, crystal_id: str) -> None:
        image_id = self._session.project.state.crystal(crystal_id).image_id
        self._session.go_to(image_id, crystal_id)

    def _on_unit(self, micrometres: bool) -> None:
        self._micrometres = micrometres
        self._show()

    def _show(self) -> None:
        if not self._active:
            return
        try:
            rows = self._census.counted
        except MicroCrystalError as refusal:
            self._panel.set_next_step(str(refusal))
            return
        calibrated = any(row.micrograph.calibrated for row in rows)
        scaled = self._micrometres and calibrated
        self._panel.set_units(scaled, calibrated, UNKNOWN_SCALE)
        unit = "um" if scaled else "px"
        several = len({row.micrograph.image_id for row in rows}) > 1
        self._panel.set_rows(COLUMNS, [_row(each, unit, several=several) for each in rows])
        self._panel.select(self._session.crystal_id)
        self._panel.set_summary(f"{_summary(rows, unit)} {self._census.said}".strip())
        self._panel.set_next_step(self._next_step(bool(rows)))

    def _next_step(self, there: bool) -> str:
        if self._session.store is None:
            return "Open a project and a micrograph on the Project page."
        if there:
            return "Click a row to see the crystal; sizes are apparent, as seen on the chip."
        if self._census.busy:
            return "Measuring the crystals …"
        if self._census.rows:
            return "No crystal counts; choose otherwise above."
        return "Outline crystals first; their sizes then stand here."


def _write(path: Path, rows: Sequence[CrystalRow], files: Mapping[str, Path], said: str) -> str:
    """Write the rows with the grey values of the recorded pixels; runs on a thread."""
    at = CRYSTAL_COLUMNS.index("mean_grey")
    cells: list[tuple[object, ...]] = []
    image, pixels = "", None
    for row in rows:
        if image != row.micrograph.image_id:
            image, pixels = row.micrograph.image_id, _pixels(files[row.micrograph.image_id])
        line = list(crystal_row(row, said))
        if pixels is not None:
            line[at] = mean_grey(row.mask, pixels)
        cells.append(tuple(line))
    csv_file.write(path, CRYSTAL_COLUMNS, cells)
    return f"{len(cells)} crystals were written to {path.name}."


def _pixels(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.generic]] | None:
    try:
        return read_pixels(path)
    except UnreadableFileError:
        return None


def _row(each: CrystalRow, unit: str, *, several: bool) -> TableRow:
    """Give a row; without a scale lengths are unknown in micrometres.

    Where there are ``several`` micrographs a crystal is named after its own, so that the order by
    name keeps those of one micrograph together.
    """
    name = f"{PurePath(each.micrograph.file_name).stem} {each.number:03}"
    measured = each.measurement
    known = unit == "px" or each.micrograph.calibrated
    sizes = each.sizes(unit)
    lengths: tuple[Value, ...] = (
        (sizes.feret_max_um, sizes.feret_min_um, sizes.equivalent_diameter_um)
        if known
        else (None, None, None)
    )
    flags = (measured.touches_edge, each.occluded, measured.too_small)
    values = (
        *(name if several else each.number, each.cls, *lengths),
        *(measured.aspect_ratio, measured.roundness, measured.circularity),
        measured.orientation_deg,
        *("yes" if flag else "" for flag in flags),
        *(each.micrograph.file_name, each.sample, each.texture),
    )
    return TableRow(each.crystal_id, values)


def _summary(rows: Sequence[CrystalRow], unit: str) -> str:
    known = [row for row in rows if unit == "px" or row.micrograph.calibrated]
    if not known:
        return ""
    inside = [row for row in known if not row.measurement.touches_edge]
    if not inside:
        return f"{len(known):,} crystals, all cut by the edge."
    median = float(np.median([row.sizes(unit).feret_max_um for row in inside]))
    return (
        f"{len(known):,} crystals, {len(inside):,} of them whole; "
        f"median Feret maximum of these {median:.3g} {UNITS[unit]}."
    )
