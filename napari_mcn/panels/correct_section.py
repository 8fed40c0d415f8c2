"""The part of the Segment page that mends outlines: tools to draw with, and buttons."""

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.fields import WholeNumber
from napari_mcn.panels.panel import row

DRAWING_TOOLS = {
    "lasso": ("Lasso", "Draw around crystals to mark them (L); Shift adds, a click marks one."),
    "merge": ("Merge", "Click or lasso the neighbours that belong to the selected one (Shift+M)."),
    "cut": ("Cut", "Draw a line across a crystal to divide it (Shift+X)."),
}
_FIRST = "Select a crystal first, or mark several with the lasso."


class CorrectSection(QWidget):
    """Corrections of the marked crystals, or else of the selected one.

    Signals: ``tool_chosen(str)`` in lasso, merge, cut; ``reopen_requested()``,
    ``fill_requested()``, ``smooth_requested(int)`` with a radius in pixels, ``grow_requested(int)``
    with pixels, negative to shrink; ``front_requested()``, ``back_requested()``.
    """

    tool_chosen = Signal(str)
    reopen_requested = Signal()
    fill_requested = Signal()
    smooth_requested = Signal(int)
    grow_requested = Signal(int)
    front_requested = Signal()
    back_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._build_tools()
        self._build_shape()
        self._build_order()
        for line in (
            row(*self.tools.values(), self.reopen_button),
            row(self.fill_button, self.smooth_button, self.front_button, self.back_button),
            row(self.pixels, self.grow_button, self.shrink_button),
        ):
            column.addLayout(line)
        self.set_chosen(0)

    def set_chosen(self, crystals: int) -> None:
        """Say how many crystals would be corrected."""
        for button in (
            self.fill_button,
            self.smooth_button,
            self.grow_button,
            self.shrink_button,
            self.front_button,
            self.back_button,
        ):
            button.set_available(crystals > 0, _FIRST)
        self.reopen_button.set_available(crystals == 1, "Select a single crystal first.")

    def _build_tools(self) -> None:
        self.tools = {key: Button(*said, checkable=True) for key, said in DRAWING_TOOLS.items()}
        for key, button in self.tools.items():
            button.clicked.connect(lambda _=False, key=key: self.tool_chosen.emit(key))
        self.reopen_button = Button("Reopen", "Go on with the clicks it was outlined by (R).")
        self.reopen_button.clicked.connect(self.reopen_requested)

    def _build_shape(self) -> None:
        self.fill_button = Button("Fill", "Fill the holes of the outline (F).")
        self.smooth_button = Button("Smooth", "Round off a ragged outline by the pixels below.")
        self.pixels = WholeNumber(2, 1, 50, "How far to smooth, grow or shrink.", " px")
        self.grow_button = Button("Grow", "Move the outline outwards, up to the neighbours.")
        self.shrink_button = Button("Shrink", "Move the outline inwards.")
        self.fill_button.clicked.connect(self.fill_requested)
        self.smooth_button.clicked.connect(lambda: self.smooth_requested.emit(self.pixels.value()))
        self.grow_button.clicked.connect(lambda: self.grow_requested.emit(self.pixels.value()))
        self.shrink_button.clicked.connect(lambda: self.grow_requested.emit(-self.pixels.value()))

    def _build_order(self) -> None:
        self.front_button = Button("Front", "Lay it over the crystals that it overlaps.")
        self.back_button = Button("Back", "Lay it under the crystals that it overlaps.")
        self.front_button.clicked.connect(self.front_requested)
        self.back_button.clicked.connect(self.back_requested)
