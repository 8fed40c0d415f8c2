"""Sizes and shapes of all crystals in a table that follows the view."""

from collections.abc import Sequence

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QWidget

from napari_mcn.panels.button import Button, exclusive
from napari_mcn.panels.panel import Panel, caption, row, sentence, stacked
from napari_mcn.panels.row_table import RowTable, TableRow

MeasureRow = TableRow


class MeasurePanel(Panel):
    """A sortable table of measurements.

    Signals: ``export_requested()``, ``crystal_chosen(str)`` with a crystal id,
    ``pixel_or_um_toggled(bool)``, True for micrometres.
    """

    export_requested = Signal()
    crystal_chosen = Signal(str)
    pixel_or_um_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Outline crystals first; their sizes then stand here.", parent)
        self.summary = sentence()
        self._build_units()
        self.table = RowTable(())
        self.table.setSortingEnabled(True)
        self.table.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        self.table.setMinimumHeight(160)
        self.table.row_chosen.connect(self.crystal_chosen)
        self.export_button = Button("Export table…", "Write a CSV file.", primary=True)
        self.export_button.clicked.connect(self.export_requested)
        self._units = stacked(
            row(caption("Sizes in"), self.micrometres_button, self.pixels_button, None)
        )
        self._add(self._units)
        self._content = stacked(self.summary, self.table, self.export_button)
        self._add(self._content, 1)
        self._fill()
        self.set_rows((), ())
        self.set_summary("")
        self.set_units(False, False, "The scale of this micrograph is unknown.")

    def set_rows(self, columns: Sequence[str], rows: Sequence[MeasureRow]) -> None:
        """Show one row per crystal; ``MeasureRow(crystal_id, values)`` has a value per column."""
        self.table.set_rows(columns, rows)
        self._content.setVisible(bool(rows))
        self._units.setVisible(bool(rows))

    def set_summary(self, text: str) -> None:
        """Say what the table holds, such as the number of crystals and the median size."""
        self.summary.setText(text)

    def set_units(self, micrometres: bool, calibrated: bool, reason: str = "") -> None:
        """Say which unit is shown, and why micrometres cannot be if they cannot."""
        self.micrometres_button.set_available(calibrated, reason)
        (self.micrometres_button if micrometres else self.pixels_button).setChecked(True)

    def select(self, crystal_id: str | None) -> None:
        """Highlight a crystal's row."""
        self.table.select(crystal_id)

    def _build_units(self) -> None:
        self.micrometres_button = Button("µm", "Show sizes in micrometres.", checkable=True)
        self.pixels_button = Button("px", "Show sizes in pixels.", checkable=True)
        for button in (self.micrometres_button, self.pixels_button):
            button.setMinimumWidth(48)
        exclusive((self.micrometres_button, self.pixels_button), self)
        self.micrometres_button.clicked.connect(lambda: self.pixel_or_um_toggled.emit(True))
        self.pixels_button.clicked.connect(lambda: self.pixel_or_um_toggled.emit(False))
