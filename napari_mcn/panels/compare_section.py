"""How the outlines agree with reference outlines: one sentence and a table."""

from collections.abc import Sequence

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.fold import Fold
from napari_mcn.panels.panel import row, sentence, stacked
from napari_mcn.panels.row_table import RowTable, TableRow

COLUMNS = ("Outline", "IoU", "Diameter")


class CompareSection(QWidget):
    """Where reference masks come from, and what came of the comparison.

    Signals: ``label_image_requested()``, ``project_requested()``, ``end_requested()``,
    ``row_chosen(str)`` with the key of a row.
    """

    label_image_requested = Signal()
    project_requested = Signal()
    end_requested = Signal()
    row_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label_image_button = Button(
            "Label image…", "Outlines drawn elsewhere: a TIFF or PNG with a number per crystal."
        )
        self.project_button = Button(
            "Another project…", "What someone else outlined on this micrograph in their project."
        )
        self.end_button = Button("End the comparison", "Take the boxes off the micrograph.")
        self.label_image_button.clicked.connect(self.label_image_requested)
        self.project_button.clicked.connect(self.project_requested)
        self.end_button.clicked.connect(self.end_requested)
        self._said = sentence()
        self._build_table()
        self._result = stacked(self.table, self.end_button)
        ask = row(self.label_image_button, self.project_button)
        self.fold = Fold("Compare with reference masks", stacked(ask, self._said, self._result))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.fold)
        self.set_result(None, ())

    def set_result(self, text: str | None, rows: Sequence[TableRow], unit: str = "px") -> None:
        """Show a comparison in a sentence and a row per outline; None: nothing is compared."""
        self._said.setText(
            text or "Box what the outlines miss, and what they hold beyond a reference."
        )
        self._result.setVisible(text is not None)
        self.table.set_rows((*COLUMNS[:2], f"{COLUMNS[2]} {unit}"), rows)

    def _build_table(self) -> None:
        self.table = RowTable(COLUMNS)
        self.table.setSortingEnabled(True)
        self.table.horizontalHeader().setSortIndicator(1, Qt.SortOrder.AscendingOrder)
        self.table.setMinimumHeight(200)
        self.table.set_stretched(0)
        self.table.row_chosen.connect(self.row_chosen)
