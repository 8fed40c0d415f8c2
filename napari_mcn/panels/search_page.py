"""A search for better choices of a training: its trials, and the best of them to train with."""

from collections.abc import Sequence

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.fields import WholeNumber
from napari_mcn.panels.panel import caption, row, sentence, stacked
from napari_mcn.panels.row_table import RowTable, TableRow

COLUMNS = (
    *("Trial", "Loss", "Accuracy", "Batch", "Crop", "Dropout", "Optimiser", "Rate", "Epochs"),
    *("State", "Seconds"),
)
SAID = (
    "Tries batch and crop size, dropout, optimiser and learning rate; the other choices are those "
    "of the Train page. Trials are compared on the validation part; the test part stays unseen."
)


class SearchPage(QWidget):
    """The search.

    Signals: ``search_requested(int)`` with the number of trials there shall be,
    ``cancel_requested()``, ``use_requested(str)`` with the number of a trial.
    """

    search_requested = Signal(int)
    cancel_requested = Signal()
    use_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.trials = WholeNumber(20, 1, 500, "How many trainings there shall be in all.")
        self.start_button = Button("Search", "Train again and again.", primary=True)
        self.start_button.clicked.connect(
            lambda: self.search_requested.emit(int(self.trials.value()))
        )
        self.cancel_button = Button("Cancel search", "Finished trials stay.", primary=True)
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.said = sentence()
        self.table = RowTable(COLUMNS)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.table.row_chosen.connect(lambda _key: self._allow())
        self.use_button = Button("Use these settings", "Bring the chosen trial to the Train page.")
        self.use_button.clicked.connect(self._use)
        column = stacked(
            sentence(SAID),
            row(caption("Trials"), self.trials, None),
            self.start_button,
            self.cancel_button,
            self.said,
            self.table,
            self.use_button,
        )
        column.layout().addStretch(1)
        self.setLayout(column.layout())
        self.set_running(False)
        self.set_trials((), "", None)

    def set_running(self, running: bool) -> None:
        """Say whether a search runs; it can then be cancelled instead of started."""
        self.start_button.setVisible(not running)
        self.cancel_button.setVisible(running)

    def set_trials(self, rows: Sequence[TableRow], said: str, best: str | None) -> None:
        """Show the trials so far; the ``best`` is chosen unless the user chose another."""
        self.start_button.setText("Go on searching" if rows else "Search")
        chosen = self.table.chosen()
        self.table.set_rows(COLUMNS, rows)
        self.table.select(chosen or best)
        self.table.setFixedHeight(min(24 * len(rows) + 48, 300))
        self.table.setVisible(bool(rows))
        self.use_button.setVisible(bool(rows))
        self.said.setText(said)
        self.said.setVisible(bool(said))
        self._allow()

    def _allow(self) -> None:
        self.use_button.set_available(self.table.chosen() is not None, "Choose a trial first.")

    def _use(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self.use_requested.emit(chosen)
