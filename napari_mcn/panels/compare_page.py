"""Several models side by side."""

from collections.abc import Sequence

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.epoch_plot import EpochLine, EpochPlot
from napari_mcn.panels.panel import sentence, stacked
from napari_mcn.panels.row_table import RowTable, TableRow

COLUMNS = (
    *("Model", "Accuracy", "95 % interval", "Macro F1", "AP", "AUC", "Calibr. error"),
    *("Network", "Parameters", "Judged", "Judged on", "Part", "Split", "Learnt from", "Labels"),
    *("Seed", "Seconds"),
)


class ComparePage(QWidget):
    """A table with a row per model.

    Signals: ``model_chosen(str)`` with a model id, ``save_requested()``.
    """

    model_chosen = Signal(str)
    save_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.said = sentence()
        self.table = RowTable(COLUMNS)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.table.row_chosen.connect(self.model_chosen)
        self.save_button = Button("Save table…", "Every figure unrounded, as CSV.")
        self.save_button.clicked.connect(self.save_requested)
        self.curves = EpochPlot("Accuracy on the validation part")
        column = stacked(self.said, self.table, self.save_button, self.curves)
        column.layout().addStretch(1)
        self.setLayout(column.layout())
        self.set_models((), "")
        self.set_curves(())

    def set_models(self, rows: Sequence[TableRow], said: str, current: str | None = None) -> None:
        """Show a row per model, and a sentence on how they can be compared."""
        self.table.set_rows(COLUMNS, rows)
        self.table.select(current)
        self.table.setFixedHeight(min(24 * len(rows) + 48, 320))
        self.table.setVisible(bool(rows))
        self.save_button.setVisible(bool(rows))
        self.said.setText(said)

    def set_curves(self, lines: Sequence[EpochLine]) -> None:
        """Lay the learning curves of models over each other; none hides the plot."""
        self.curves.set_lines(lines)
