"""Who must take part in decisions, where a project wants that."""

from collections.abc import Collection, Sequence

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QGridLayout, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.panel import row, sentence, stacked

COLUMNS = 3


class Adjudicators(QWidget):
    """One button an expert; those that are down are adjudicators.

    Signals: ``toggled(str, bool)`` with a name, when the user appoints somebody or no longer does.
    """

    toggled = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, Button] = {}
        self.explained = sentence()
        self._grid = QGridLayout()
        self._grid.setSpacing(3)
        self.setLayout(row(stacked(self.explained, self._grid)))

    def set_experts(self, experts: Sequence[str], appointed: Collection[str], owner: str) -> None:
        """Show who is appointed; the owner decides in any case."""
        for button in self.buttons.values():
            self._grid.removeWidget(button)
            button.deleteLater()
        self.buttons = {}
        for at, name in enumerate(each for each in experts if each != owner):
            button = Button(name, f"{name} is an adjudicator.", checkable=True)
            button.setChecked(name in appointed)
            button.clicked.connect(lambda on, name=name: self.toggled.emit(name, on))
            self._grid.addWidget(button, at // COLUMNS, at % COLUMNS)
            self.buttons[name] = button
        self.explained.setText(
            f"An adjudicator, or the owner {owner}, must sit there for each decision."
            if appointed
            else "Any two experts may decide. Appoint somebody to make it need an adjudicator."
        )
