"""One row of buttons that name a crystal: its classes, unclear, and not a crystal."""

from qtpy.QtCore import Signal
from qtpy.QtGui import QColor, QIcon, QPixmap
from qtpy.QtWidgets import QGridLayout, QWidget

from microcrystalnet.domain.scheme import Scheme
from napari_mcn.panels.button import Button, squeezed

COLUMNS, SWATCH = 6, 10  # buttons beside each other; screen pixels
ROOM = 3  # letters of a button's width beside its own


class AnswerRow(QWidget):
    """Buttons for who has the mouse in the hand.

    Signals: ``class_chosen(str)`` with a code, ``unclear_chosen()``, ``discard_chosen()``.
    """

    class_chosen = Signal(str)
    unclear_chosen = Signal()
    discard_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, Button] = {}
        self.unclear_button = squeezed(Button("Unclear", "The class cannot be told."))
        self.discard_button = squeezed(Button("X", "This is not a crystal (X)."))
        self.unclear_button.clicked.connect(self.unclear_chosen)
        self.discard_button.clicked.connect(self.discard_chosen)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(3)

    def set_scheme(self, scheme: Scheme) -> None:
        """Offer the classes of a scheme, a button each."""
        for button in self.buttons.values():
            self._grid.removeWidget(button)
            button.deleteLater()
        self.buttons = {
            each.code: _button(each.code, each.colour, f"This is {each.name} ({each.key}).")
            for each in scheme.classes
        }
        for code, button in self.buttons.items():
            button.clicked.connect(lambda _=False, code=code: self.class_chosen.emit(code))
        every = (*self.buttons.values(), self.unclear_button, self.discard_button)
        for at, button in enumerate(every):
            self._grid.addWidget(button, at // COLUMNS, at % COLUMNS)
            self._grid.setColumnStretch(at % COLUMNS, len(button.text()) + ROOM)

    def set_available(self, available: bool, reason: str) -> None:
        """Allow or forbid answers; the ``reason`` stands in the tooltips while they are."""
        for button in (*self.buttons.values(), self.unclear_button, self.discard_button):
            button.set_available(available, reason)


def _button(text: str, colour: str, hint: str) -> Button:
    square = QPixmap(SWATCH, SWATCH)
    square.fill(QColor(colour))
    button = squeezed(Button(text, hint))
    button.setIcon(QIcon(square))
    return button
