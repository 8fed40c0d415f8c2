"""Decide a crystal with one key or button, and say why where a majority is overruled."""

from collections.abc import Sequence

from qtpy.QtCore import QEvent, Qt, Signal
from qtpy.QtGui import QKeyEvent
from qtpy.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from microcrystalnet.domain.scheme import Scheme
from napari_mcn.panels.button import Button
from napari_mcn.panels.class_button import ClassButton
from napari_mcn.panels.panel import row, sentence, stacked


class Reason(QLineEdit):
    """One line of text; Escape gives it up."""

    given_up = Signal()

    def event(self, event: QEvent) -> bool:
        """Take Escape before the dock's own shortcut does."""
        kind = QEvent.Type.ShortcutOverride
        if event.type() == kind and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Escape, and keep every other key from the micrograph."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
            return
        super().keyPressEvent(event)
        event.accept()


class DecisionSection(QWidget):
    """The outcomes, the line for a reason, and what can be said of a decision.

    Signals: ``class_chosen(str)`` with a code, ``undecidable_chosen()``, ``exclude_chosen()``,
    ``reason_given(str)``, ``reason_given_up()``, ``sign_requested(str)`` with a name,
    ``object_requested()``, ``reopen_requested()``.
    """

    class_chosen = Signal(str)
    undecidable_chosen = Signal()
    exclude_chosen = Signal()
    reason_given = Signal(str)
    reason_given_up = Signal()
    sign_requested = Signal(str)
    object_requested = Signal()
    reopen_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, ClassButton] = {}
        self.sign_buttons: dict[str, Button] = {}
        self._classes = QGridLayout()
        self._classes.setSpacing(3)
        self._signers = QVBoxLayout()
        self._signers.setSpacing(3)
        self._build_outcomes()
        self._build_reason()
        self._build_answers()
        holder = stacked(
            self._classes,
            row(self.undecidable_button, self.exclude_button),
            self.reason,
            self._signers,
        )
        self.setLayout(row(holder))
        self.ask_reason("")

    def set_scheme(self, scheme: Scheme) -> None:
        """Offer the classes of a scheme, one button each, in two columns."""
        for button in self.buttons.values():
            self._classes.removeWidget(button)
            button.deleteLater()
        self.buttons = {each.code: ClassButton(each) for each in scheme.classes}
        for at, (code, button) in enumerate(self.buttons.items()):
            button.clicked.connect(lambda _=False, code=code: self.class_chosen.emit(code))
            self._classes.addWidget(button, at // 2, at % 2)

    def set_decided(self, outcome: str) -> None:
        """Press down what was decided: a class code, ``exclude``, ``undecidable`` or nothing."""
        for code, button in self.buttons.items():
            button.setChecked(code == outcome)
        self.exclude_button.setChecked(outcome == "exclude")
        self.undecidable_button.setChecked(outcome == "undecidable")

    def allow(self, decide: str, object_: str, reopen: str) -> None:
        """Allow deciding, objecting and reopening, or say why not; empty allows."""
        for button in (*self.buttons.values(), self.undecidable_button, self.exclude_button):
            button.set_available(not decide, decide)
        self.object_button.set_available(not object_, object_)
        self.reopen_button.set_available(not reopen, reopen)

    def set_signers(self, names: Sequence[str]) -> None:
        """Offer these experts to sign the decision."""
        if tuple(names) == tuple(self.sign_buttons):
            return
        for button in self.sign_buttons.values():
            self._signers.removeWidget(button)
            button.deleteLater()
        self.sign_buttons = {
            name: Button(f"{name} stands by this decision", "Co-sign it (Y).") for name in names
        }
        for name, button in self.sign_buttons.items():
            button.clicked.connect(lambda _=False, name=name: self.sign_requested.emit(name))
            self._signers.addWidget(button)

    def ask_reason(self, question: str) -> None:
        """Ask for a reason in the page itself, with the keyboard; empty stops asking."""
        if not question:
            self.field.clearFocus()  # before it goes: Qt would give the keyboard to a button
        self.reason.setVisible(bool(question))
        self.question.setText(question)
        if question:
            self.field.clear()
            self.field.setFocus()

    def _build_outcomes(self) -> None:
        self.undecidable_button = Button(
            "5  Undecidable", "Nobody can tell the class of this crystal.", checkable=True
        )
        self.undecidable_button.clicked.connect(self.undecidable_chosen)
        self.exclude_button = Button(
            "X  Exclude", "This is not a crystal, or its outline is useless.", checkable=True
        )
        self.exclude_button.clicked.connect(self.exclude_chosen)

    def _build_reason(self) -> None:
        self.question = sentence()
        self.field = Reason()
        self.field.setPlaceholderText("Reason, then Enter; Escape to leave it")
        self.field.returnPressed.connect(lambda: self.reason_given.emit(self.field.text()))
        self.field.given_up.connect(self.reason_given_up)
        self.reason = stacked(self.question, self.field)

    def _build_answers(self) -> None:
        self.object_button = Button("Q  Object", "Ask for it to be discussed (Q).")
        self.object_button.clicked.connect(self.object_requested)
        self.reopen_button = Button("Reopen", "Take the decision up again (Shift+Q).")
        self.reopen_button.clicked.connect(self.reopen_requested)
        self.answers = (self.object_button, self.reopen_button)  # stand beside other buttons
