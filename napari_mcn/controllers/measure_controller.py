"""Measures the crystals of the shown micrograph, and writes the table out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from microcrystalnet.domain.micrograph import PixelSize
from microcrystalnet.errors import MaskError
from microcrystalnet.imaging.measure import Measurement, Sizes, in_micrometres, measure
from microcrystalnet.labelling.queue import reading_order
from microcrystalnet.report import csv_file, size_table
from napari_mcn.notify import refusals_told, tell
from napari_mcn.panels.row_table import TableRow

if TYPE_CHECKING:
    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.domain.micrograph import Micrograph
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.measure_panel import MeasurePanel
    from napari_mcn.panels.row_table import Value
    from napari_mcn.session import Session

COLUMNS = ("Crystal", "Class", "Feret max", "Feret min", "Eq. diameter", "Circularity", "At edge")


class MeasureController:
    """The Measure page; it measures only while it is in front."""

    def __init__(
        self, panel: MeasurePanel, session: Session, canvas: Canvas, dialogs: Dialogs
    ) -> None:
        self._panel, self._session, self._canvas, self._dialogs = panel, session, canvas, dialogs
        self._active, self._micrometres = False, True
        self._measured: dict[str, tuple[str, Measurement]] = {}  # mask digest beside the numbers
        panel.export_requested.connect(self.export)
        panel.crystal_chosen.connect(self._on_row)
        panel.pixel_or_um_toggled.connect(self._on_unit)
        session.events.image_id.connect(self._on_image)
        session.events.crystal_id.connect(panel.select)
        session.edited.connect(self._on_edited)

    def close(self) -> None:
        """Let go of the session."""
        self._session.events.image_id.disconnect(self._on_image)
        self._session.events.crystal_id.disconnect(self._panel.select)
        self._session.edited.disconnect(self._on_edited)

    def activate(self, active: bool) -> None:
        """Measure when the page comes to the front."""
        self._active = active
        self._show()

    @refusals_told
    def export(self) -> None:
        """Write the sizes of every crystal of this micrograph as CSV."""
        micrograph = self._session.micrograph
        if micrograph is None or not self._measured:
            raise MaskError("There is nothing to export yet: outline crystals on the Segment page.")
        path = self._dialogs.save_as(f"{micrograph.file_name}-sizes.csv")
        if path is None:
            return
        crystals = self._session.crystals
        rows = [
            (
                each,
                self._class(each),
                *size_table.row(crystals[each].mask, measured, micrograph.pixel_size),
                micrograph.scale_source.value,
                micrograph.scale_uncertainty,
            )
            for each, (_, measured) in self._measured.items()
        ]
        columns = ("crystal", "class", *size_table.COLUMNS, "scale_source", "scale_uncertainty")
        csv_file.write(path, columns, rows)
        tell(f"{len(rows)} crystals were written to {path.name}.")

    def _on_row(self, crystal_id: str) -> None:
        self._session.crystal_id = crystal_id

    def _on_unit(self, micrometres: bool) -> None:
        self._micrometres = micrometres
        self._show()

    def _on_image(self, _image_id: object) -> None:
        self._measured = {}
        self._show()

    def _on_edited(self, change: Change) -> None:
        if change.image_id != self._session.image_id:
            return
        if change.kind == "images":  # another scale or analysis region
            self._measured = {}
        self._show()

    def _show(self) -> None:
        micrograph = self._session.micrograph
        if not self._active:
            return
        if micrograph is None:
            self._panel.set_rows((), ())
            self._panel.set_next_step("Open a project and a micrograph on the Project page.")
            return
        self._measure()
        calibrated = micrograph.calibrated
        unit = micrograph.pixel_size if self._micrometres else None
        self._panel.set_units(
            self._micrometres and calibrated, calibrated, "The scale of this micrograph is unknown."
        )
        rows = [
            TableRow(each, self._values(place, each, measured, unit))
            for place, (each, (_, measured)) in enumerate(self._measured.items(), 1)
        ]
        self._panel.set_rows(COLUMNS, rows)
        self._panel.select(self._session.crystal_id)
        self._panel.set_summary(self._summary(unit, "µm" if unit else "px"))
        self._panel.set_next_step(
            "Click a row to see the crystal; sizes are apparent, as seen on the chip."
            if rows
            else "Outline crystals first; their sizes then stand here."
        )

    def _measure(self) -> None:
        micrograph, known = self._session.micrograph, self._measured
        if micrograph is None:
            return
        self._measured = {}
        crystals = self._session.crystals
        for each in reading_order(crystals.values()):
            if not micrograph.region.contains(*crystals[each].mask.centre):
                continue  # in the databar, or beyond what is analysed
            crystal, digest = crystals[each], crystals[each].mask.digest
            if each in known and known[each][0] == digest:
                self._measured[each] = known[each]
            else:
                numbers = self._numbers(crystal.mask, micrograph)
                self._measured[each] = digest, numbers

    def _numbers(self, mask: Mask, micrograph: Micrograph) -> Measurement:
        return measure(mask, self._canvas.pixels, micrograph.region, micrograph.pixel_size)

    def _sizes(self, crystal_id: str, unit: PixelSize | None) -> Sizes:
        """Give the lengths of a crystal in micrometres, in pixels where there is no unit."""
        mask, (_, measured) = self._session.crystals[crystal_id].mask, self._measured[crystal_id]
        return in_micrometres(mask, measured, unit or PixelSize(1.0, 1.0))

    def _values(
        self, place: int, crystal_id: str, measured: Measurement, unit: PixelSize | None
    ) -> tuple[Value, ...]:
        sizes = self._sizes(crystal_id, unit)
        return (
            place,
            self._class(crystal_id),
            sizes.feret_max_um,
            sizes.feret_min_um,
            sizes.equivalent_diameter_um,
            measured.circularity,
            "yes" if measured.touches_edge else "",
        )

    def _class(self, crystal_id: str) -> str | None:
        label = self._session.project.state.label(crystal_id)
        return None if label is None else label.answer.cls

    def _summary(self, unit: PixelSize | None, name: str) -> str:
        if not self._measured:
            return ""
        inside = [each for each, (_, it) in self._measured.items() if not it.touches_edge]
        if not inside:
            return f"{len(self._measured)} crystals, all cut by the edge."
        median = float(np.median([self._sizes(each, unit).feret_max_um for each in inside]))
        return (
            f"{len(self._measured)} crystals, {len(inside)} of them whole; "
            f"median Feret maximum of these {median:.3g} {name}."
        )
