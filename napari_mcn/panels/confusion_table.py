"""A confusion matrix whose cells lead to the crystals behind them."""

from collections.abc import Sequence
from dataclasses import dataclass

from qtpy.QtCore import QEvent, Qt, Signal
from qtpy.QtGui import QColor, QPalette
from qtpy.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from napari_mcn.panels.colours import letters_on

RIGHT, WRONG = QColor("#0072b2"), QColor("#d55e00")


@dataclass(frozen=True, slots=True)
class Voices:
    """Who speaks in the rows and the columns, as in "crystals that <rows> call RES"."""

    rows: str = "the experts"
    columns: str = "the network"
    verb: str = "call"  # "calls" where the rows are one person


class ConfusionTable(QTableWidget):
    """Rows are what one voice said, columns what another says: the experts and the network.

    Signal: ``cell_chosen(str, str)`` with the class code of the row and of the column.
    """

    cell_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[str, ...] = ()
        self._voices = Voices()
        self._counts: tuple[tuple[int, ...], ...] = ()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(28)
        self.cellClicked.connect(self._choose)

    def set_matrix(self, classes: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        """Show counts, rows truth and columns prediction, in the order of ``classes``."""
        self._classes = tuple(classes)
        self._counts = tuple(tuple(numbers) for numbers in counts)
        self.setRowCount(len(classes))
        self.setColumnCount(len(classes))
        self.setHorizontalHeaderLabels(list(classes))
        self.setVerticalHeaderLabels(list(classes))
        self._fill()
        self.setFixedHeight(28 * len(classes) + self.horizontalHeader().sizeHint().height() + 4)

    def set_voices(self, voices: Voices) -> None:
        """Say whose answers the rows and the columns are; the cells' hints name them."""
        self._voices = voices
        self._fill()

    def set_headers(self, texts: Sequence[str]) -> None:
        """Write other names over the classes than their codes, such as shorter ones."""
        self.setHorizontalHeaderLabels(list(texts))
        self.setVerticalHeaderLabels(list(texts))

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fill()

    def _fill(self) -> None:
        for at, numbers in enumerate(self._counts):
            total = max(sum(numbers), 1)
            for column, number in enumerate(numbers):
                self.setItem(at, column, self._cell(at, column, number, number / total))

    def _cell(self, truth: int, predicted: int, number: int, share: float) -> QTableWidgetItem:
        item = QTableWidgetItem(f"{number:,}")
        item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
        voices = self._voices
        item.setToolTip(
            f"{number:,} crystals that {voices.rows} {voices.verb} {self._classes[truth]} and "
            f"{voices.columns} {self._classes[predicted]} "
            f"({100 * share:.0f} % of the {self._classes[truth]} in this row). Click to see them."
        )
        ground = self.palette().color(QPalette.ColorRole.Base)
        colour = _mixed(ground, RIGHT if truth == predicted else WRONG, share)
        if number:
            item.setBackground(colour)
            item.setForeground(letters_on(colour))
        return item

    def _choose(self, truth: int, predicted: int) -> None:
        self.cell_chosen.emit(self._classes[truth], self._classes[predicted])


def _mixed(ground: QColor, colour: QColor, share: float) -> QColor:
    """Give a colour between two, nearer to the second for a larger share."""
    weight = 0.2 + 0.8 * share
    return QColor.fromRgbF(
        *(
            (1 - weight) * low + weight * high
            for low, high in (
                (ground.redF(), colour.redF()),
                (ground.greenF(), colour.greenF()),
                (ground.blueF(), colour.blueF()),
            )
        )
    )
