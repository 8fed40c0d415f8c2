"""Who sits in front of the screen and decides together, chosen once and then out of the way."""

from collections.abc import Sequence

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QGridLayout, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.panel import row, sentence, stacked

COLUMNS = 3


class Sitting(QWidget):
    """One button an expert while choosing; afterwards only ``change_button``, shown elsewhere.

    Signals: ``chosen(object)`` with a tuple of names, each time it changes.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, Button] = {}
        self._grid = QGridLayout()
        self._grid.setSpacing(3)
        self.begin_button = Button("Begin", "Decide together from now on.", primary=True)
        self.begin_button.clicked.connect(lambda: self._fold(True))
        self.question = sentence("Who sits here? Choose at least two people.")
        self._open = stacked(self.question, self._grid, self.begin_button)
        self.change_button = Button("Change", "Somebody came or left.")
        self.change_button.clicked.connect(lambda: self._fold(False))
        self.setLayout(row(self._open))
        self._enough = 2
        self._fold(False)

    def set_experts(self, experts: Sequence[str], at_keyboard: str | None) -> None:
        """Offer these people; who is at the keyboard sits here in any case.

        A project with one expert needs nobody else.
        """
        for button in self.buttons.values():
            self._grid.removeWidget(button)
            button.deleteLater()
        self.buttons = {}
        self._enough = min(2, len(experts))
        for at, name in enumerate(experts):
            button = Button(name, f"{name} sits here.", checkable=True)
            button.setChecked(name == at_keyboard)
            button.set_available(name != at_keyboard, f"{name} is at the keyboard.")
            button.toggled.connect(lambda _on: self._tell())
            self._grid.addWidget(button, at // COLUMNS, at % COLUMNS)
            self.buttons[name] = button
        self._tell()
        self._fold(len(experts) == 1)

    @property
    def present(self) -> tuple[str, ...]:
        """Who was chosen."""
        return tuple(name for name, button in self.buttons.items() if button.isChecked())

    @property
    def began(self) -> bool:
        """Whether enough people were chosen and they began."""
        return self._open.isHidden() and len(self.present) >= max(self._enough, 1)

    def _tell(self) -> None:
        enough = len(self.present) >= self._enough
        self.begin_button.set_available(enough, "Choose at least two people.")
        self.chosen.emit(self.present)

    def _fold(self, folded: bool) -> None:
        self._open.setVisible(not folded)
        self.change_button.setVisible(folded and len(self.buttons) > 1)
        self.chosen.emit(self.present)
