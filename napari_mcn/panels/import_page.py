"""Take a classifier trained elsewhere: see what the file holds, and settle its order of classes."""

from collections.abc import Sequence
from dataclasses import dataclass

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QGridLayout, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.panel import Badge, caption, heading, row, sentence, stacked
from napari_mcn.panels.row_table import RowTable, TableRow
from napari_mcn.panels.weights_section import WeightsSection

COLUMNS = ("Right", "Order of the outputs")
SAID = (
    "A Keras file of a classifier (.h5), such as the one the source team released. Its numbers are "
    "read, nothing in it is run."
)
ASK = (
    "The file does not say which output is which class. Compare all orders with the crystals whose "
    "class is settled here, or say it yourself."
)


@dataclass(frozen=True, slots=True)
class FoundWeights:
    """What a file holds: a sentence, its layers, its hash, and whether that is known."""

    text: str
    layers: tuple[str, ...]
    sha256: str
    known: str
    outputs: int


class ImportPage(QWidget):
    """Import of weights.

    Signals: ``file_requested()``, ``check_requested()``, ``import_requested(list)`` with the class
    code of each output in turn.
    """

    file_requested = Signal()
    check_requested = Signal()
    import_requested = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.weights = WeightsSection("Nothing is fetched before you agree.")
        self.file_button = Button("Choose a file…", "A .h5 file on this computer.")
        self.file_button.clicked.connect(self.file_requested)
        self._build_found()
        self._build_order()
        column = stacked(
            sentence(SAID), self.weights, self.file_button, self._found_part, self._order_part
        )
        column.layout().addStretch(1)
        self.setLayout(column.layout())
        self.set_found(None, ())

    @property
    def order(self) -> list[str]:
        """The class chosen for each output in turn; empty where none is chosen yet."""
        return [str(each.currentData() or "") for each in self.choosers]

    def set_found(self, found: FoundWeights | None, codes: Sequence[str]) -> None:
        """Show what a file holds and ask for its order; None hides both."""
        self._found_part.setVisible(found is not None)
        self._order_part.setVisible(found is not None)
        if found is None:
            return
        self._text.setText(found.text)
        self._layers.setText(" → ".join(found.layers))
        said = f"SHA-256 {found.sha256[:32]} {found.sha256[32:]}: "
        self._hash.set_text(said + (found.known or "not a file this program knows."))
        self._set_outputs(found.outputs, codes)
        self.set_orders((), "")

    def set_orders(self, rows: Sequence[TableRow], verdict: str) -> None:
        """Show how well each order agrees with labelled crystals, best first, and what it means."""
        self.orders.set_rows(COLUMNS, rows)
        self.orders.setFixedHeight(min(24 * len(rows) + 30, 180))
        self.orders.setVisible(bool(rows))
        self.verdict.setText(verdict)
        self.verdict.setVisible(bool(verdict))

    def set_order(self, order: Sequence[str]) -> None:
        """Choose a class for each output."""
        for chooser, code in zip(self.choosers, order, strict=True):
            chooser.setCurrentIndex(chooser.findData(code))
        self._allow()

    def _build_found(self) -> None:
        self._text, self._layers, self._hash = sentence(), sentence(), Badge()
        self._hash.setSizePolicy(self._text.sizePolicy())  # its digits must not widen the page
        self._hash.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._found_part = stacked(
            heading("What the file holds"), self._text, self._layers, self._hash
        )

    def _build_order(self) -> None:
        self.choosers: list[Chooser] = []
        self._captions: list[QWidget] = []
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        self.check_button = Button("Compare with labelled crystals", "Tries every order.")
        self.check_button.clicked.connect(self.check_requested)
        self.orders, self.verdict = RowTable(COLUMNS), sentence()
        self.orders.set_stretched(1)
        self.orders.row_chosen.connect(lambda key: self.set_order(key.split(",")))
        self.import_button = Button("Import", "Make it a model of this project.", primary=True)
        self.import_button.clicked.connect(lambda: self.import_requested.emit(self.order))
        self._order_part = stacked(
            heading("Which output is which class"),
            sentence(ASK),
            self.check_button,
            self.verdict,
            self.orders,
            self._grid,
            row(self.import_button),
        )

    def _set_outputs(self, outputs: int, codes: Sequence[str]) -> None:
        """Ask for the class of each output."""
        for each in (*self.choosers, *self._captions):
            self._grid.removeWidget(each)
            each.deleteLater()
        self.choosers = [Chooser(f"The class of output {at + 1}.") for at in range(outputs)]
        self._captions = [caption(f"Output {at + 1}") for at in range(outputs)]
        for at, (label, chooser) in enumerate(zip(self._captions, self.choosers, strict=True)):
            chooser.set_choices([(code, code) for code in codes], None)
            chooser.squeeze()
            chooser.activated.connect(lambda _at: self._allow())
            self._grid.addWidget(label, at // 2, 2 * (at % 2))
            self._grid.addWidget(chooser, at // 2, 2 * (at % 2) + 1)
        self._allow()

    def _allow(self) -> None:
        order = self.order
        reason = ""
        if not all(order):
            reason = "Choose a class for every output first."
        elif len(set(order)) < len(order):
            reason = "Two outputs have the same class; give each its own."
        self.import_button.set_available(not reason, reason)
