"""Which column of a spreadsheet holds what, one drop-down list for each role."""

from collections.abc import Sequence

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QGridLayout, QWidget

from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.panel import caption, sentence

ROLES = (
    ("image", "Micrograph"),
    ("crystal", "Crystal"),
    ("expert", "Expert"),
    ("label", "Class"),
    ("note", "Note"),
)
NONE = "none"


class ColumnChoosers(QWidget):
    """A chooser of columns for each role.

    Signals: ``column_chosen(str, str)`` with role and column; an empty column: there is none.
    """

    column_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choosers: dict[str, Chooser] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        grid.setColumnStretch(1, 1)
        for at, (role, name) in enumerate(ROLES):
            chooser = Chooser(f"The column that holds this: {name.lower()}.")
            chooser.activated.connect(lambda _at, role=role: self._tell(role))
            grid.addWidget(caption(name), at, 0)
            grid.addWidget(chooser, at, 1)
            self.choosers[role] = chooser
        self.experts = sentence()
        grid.addWidget(self.experts, len(ROLES), 0, 1, 2)

    def set_columns(self, columns: Sequence[str], chosen: Sequence[tuple[str, str]]) -> None:
        """Show the columns of a table, and which one each role has."""
        current = dict(chosen)
        choices = [("", NONE), *((name, name) for name in columns)]
        for role, chooser in self.choosers.items():
            chooser.set_choices(choices, current.get(role, ""))
        experts = [name for role, name in chosen if role == "experts"]
        self.experts.setText(f"A column for each expert: {', '.join(experts)}.")
        self.experts.setVisible(bool(experts))

    def _tell(self, role: str) -> None:
        self.column_chosen.emit(role, self.choosers[role].currentData())
