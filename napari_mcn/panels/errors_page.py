"""A table that tells whether the network errs where the experts disagreed."""

from collections.abc import Sequence

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from napari_mcn.panels.panel import Panel, heading, sentence

COLUMNS = ("", "agreed", "disagreed", "difference")
AGREED, DISAGREED, DIFFERENCE = 1, 2, 3
UNBROKEN = "\N{NO-BREAK SPACE}"


class ErrorsPage(Panel):
    """Error rates of crystals that the experts agreed and first disagreed on.

    Signal: ``cell_chosen(int, bool)`` with the row, and whether it is the disagreed column.
    """

    cell_chosen = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Train a classifier first.", parent)
        self._add(heading("Does it err where the experts disagreed?"))
        self.table = QTableWidget()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.verticalHeader().setVisible(False)
        self.table.setWordWrap(True)
        self.table.cellClicked.connect(self._choose)
        self._words, self._remark = sentence(), sentence()
        for part in (self._words, self.table, self._remark):
            self._add(part)
        self._fill()
        self.set_rows("", (), "")

    def set_rows(self, words: str, rows: Sequence[Sequence[str]], remark: str) -> None:
        """Show what the table says in a sentence, its rows, and what was compared."""
        self._words.setText(words)
        self._remark.setText(remark)
        self.table.setVisible(bool(rows))
        self.table.setRowCount(len(rows))
        self.table.setColumnCount(len(COLUMNS))
        self.table.setHorizontalHeaderLabels(COLUMNS)
        for at, texts in enumerate(rows):
            for column, text in enumerate(texts):
                self.table.setItem(at, column, _cell(text, column))
        self._fit()

    def _fit(self) -> None:
        header = self.table.horizontalHeader()
        cells = (self.table.item(at, DIFFERENCE) for at in range(self.table.rowCount()))
        self.table.setColumnHidden(DIFFERENCE, not any(each.text() for each in cells))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.table.resizeRowsToContents()
        rows = sum(self.table.rowHeight(at) for at in range(self.table.rowCount()))
        self.table.setFixedHeight(max(rows, 40) + header.sizeHint().height() + 6)

    def _choose(self, at: int, column: int) -> None:
        if column in {AGREED, DISAGREED}:
            self.cell_chosen.emit(at, column == DISAGREED)


def _cell(text: str, column: int) -> QTableWidgetItem:
    item = QTableWidgetItem(_breakable(text))
    item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
    if column in {AGREED, DISAGREED}:
        item.setToolTip("Click to see the crystals that are named wrongly.")
    return item


def _breakable(text: str) -> str:
    """Let a text such as ``3 of 12 (25 %, 8 to 41)`` break before brackets and after commas."""
    whole = text.replace(" ", UNBROKEN)
    return whole.replace(f"{UNBROKEN}(", " (").replace(f",{UNBROKEN}", ", ")
