"""Sizes and abundance of each class in one small table, with intervals where there are any."""

from collections.abc import Mapping, Sequence

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QCheckBox, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.panel import Panel, caption, row, sentence
from napari_mcn.panels.row_table import RowTable, TableRow


class StatisticsPage(Panel):
    """A column per class, a row per number.

    Signals: ``length_chosen(str)``, ``intervals_toggled(bool)``, ``export_requested()``.
    """

    length_chosen = Signal(str)
    intervals_toggled = Signal(bool)
    export_requested = Signal()

    def __init__(self, lengths: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__("Outline and label crystals first; their statistics then stand here.")
        self.length = Chooser("The length that the statistics are about.")
        self.length.set_choices(list(lengths.items()), next(iter(lengths)))
        self.length.activated.connect(
            lambda at: self.length_chosen.emit(str(self.length.itemData(at)))
        )
        self.intervals = QCheckBox("Intervals")
        self.intervals.setToolTip("Show intervals of 95 % in place of the numbers.")
        self.intervals.clicked.connect(self.intervals_toggled)
        self.table = RowTable(())
        self.table.setMinimumHeight(160)
        self.note = sentence()
        self.export_button = Button("Export statistics…", "Write a CSV file.", primary=True)
        self.export_button.clicked.connect(self.export_requested)
        self.length.squeeze()
        line = row(caption("Size"), self.length)
        line.setStretch(1, 1)
        self._add(line)
        self._add(row(self.intervals, None))
        self._add(self.table, 1)
        self._add(self.note)
        self._add(self.export_button)

    def set_table(self, columns: Sequence[str], rows: Sequence[TableRow], note: str) -> None:
        """Show numbers by class, and what is to be known of them."""
        self.table.set_rows(columns, rows)
        self.table.set_whole()
        self.note.setText(note)
        self.export_button.set_available(bool(rows), "There is nothing to export yet.")
