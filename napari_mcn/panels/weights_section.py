"""SAM's published weights: what each costs, and fetching them with pause and resume."""

from collections.abc import Sequence
from dataclasses import dataclass

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.panel import caption, row, sentence, stacked

ABSENT, PAUSED, FETCHING, HERE = "absent", "paused", "fetching", "here"
SAID = {ABSENT: "Fetch…", PAUSED: "Resume", FETCHING: "Pause", HERE: "Use"}
SAID_OF_SAM = "Larger weights outline better and think longer."
GROUP = 16  # digits of a hash between two places where the line may break


@dataclass(frozen=True, slots=True)
class WeightsRow:
    """One weights file: ``size`` in bytes, ``done`` of them there; ``host`` is who publishes it."""

    name: str
    size: int
    host: str
    licence: str
    sha256: str
    state: str = ABSENT
    done: int = 0


class WeightsSection(QWidget):
    """Nothing is fetched before the user has read what, how much and from where, and agreed.

    Signals: ``fetch_requested(str)`` to begin or go on, ``pause_requested()``,
    ``use_requested(str)``; each with the name of the weights.
    """

    fetch_requested = Signal(str)
    pause_requested = Signal()
    use_requested = Signal(str)

    def __init__(self, said: str = SAID_OF_SAM, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, WeightsRow] = {}
        self.buttons: dict[str, Button] = {}
        self._states = {}
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self._asked = ""  # the weights whose question is open
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(sentence(said))
        column.addLayout(self._grid)
        column.addWidget(self._build_question())

    def set_weights(self, rows: Sequence[WeightsRow]) -> None:
        """Show what there is and how much of each is on this computer."""
        for place, each in enumerate(rows):
            if each.name not in self.buttons:
                self._add_row(place, each.name)
            self._rows[each.name] = each
            self._states[each.name].setText(_state(each))
            self.buttons[each.name].setText(SAID[each.state])
            self.buttons[each.name].setToolTip(_hint(each))
        busy = any(each.state == FETCHING for each in rows)
        for each in rows:
            waits = busy and each.state in {ABSENT, PAUSED}
            self.buttons[each.name].setEnabled(not waits)

    def set_progress(self, name: str, text: str) -> None:
        """Say how far the weights that are being fetched are."""
        self._states[name].setText(text)

    def _add_row(self, place: int, name: str) -> None:
        self._states[name] = sentence()
        self.buttons[name] = Button("")
        self.buttons[name].clicked.connect(lambda: self._press(name))
        self._grid.addWidget(caption(name), place, 0)
        self._grid.addWidget(self._states[name], place, 1)
        self._grid.addWidget(self.buttons[name], place, 2)

    def _build_question(self) -> QWidget:
        self.question = sentence()
        self.question.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.fetch_button = Button("Fetch now", "Begin; it can be paused.", primary=True)
        self.decline_button = Button("Not now", "Fetch nothing.")
        self.fetch_button.clicked.connect(self._agree)
        self.decline_button.clicked.connect(self._close_question)
        self._question_part = stacked(self.question, row(self.fetch_button, self.decline_button))
        self._question_part.setVisible(False)
        return self._question_part

    def _press(self, name: str) -> None:
        state = self._rows[name].state
        if state == HERE:
            self.use_requested.emit(name)
        elif state == FETCHING:
            self.pause_requested.emit()
        elif state == PAUSED:  # agreed to when it began
            self.fetch_requested.emit(name)
        else:
            self._asked = name
            self.question.setText(_question(self._rows[name]))
            self._question_part.setVisible(True)

    def _agree(self) -> None:
        self._close_question()
        self.fetch_requested.emit(self._asked)

    def _close_question(self) -> None:
        self._question_part.setVisible(False)


def _state(each: WeightsRow) -> str:
    size = f"{each.size / 1e6:,.{0 if each.size > 1e7 else 1}f} MB"
    if each.state == HERE:
        return f"{size}, on this computer"
    if each.state == PAUSED:
        return f"{each.done / 1e6:,.0f} of {size}"
    return size


def _hint(each: WeightsRow) -> str:
    return {
        ABSENT: "Read what would be fetched, and from where.",
        PAUSED: "Go on where it stopped.",
        FETCHING: "Stop for now; what was fetched stays.",
        HERE: f"Use {each.name}.",
    }[each.state]


def _question(each: WeightsRow) -> str:
    digits = each.sha256
    grouped = " ".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))
    return (
        f"Fetch {each.name}: {each.size / 1e6:,.0f} MB from {each.host}, licence {each.licence}, "
        f"checked against SHA-256 {grouped}?"
    )
