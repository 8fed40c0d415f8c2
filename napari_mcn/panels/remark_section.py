"""What an expert may say beside the class: doubt, a note, a second choice, ticks, the form."""

from qtpy.QtCore import QEvent, Qt, Signal
from qtpy.QtGui import QFocusEvent, QKeyEvent
from qtpy.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from microcrystalnet.domain.label import MARKS, Answer, Flag
from microcrystalnet.domain.scheme import Scheme
from napari_mcn.panels.button import Button, squeezed
from napari_mcn.panels.fold import Fold
from napari_mcn.panels.form_section import FormSection
from napari_mcn.panels.panel import caption, row, stacked

FLAGS = {
    Flag.UNSURE: ("U  Unsure", "You doubt your answer (U)."),
    Flag.OCCLUDED: ("O  Occluded", "Another crystal hides part of it (O)."),
    Flag.BAD_MASK: ("Bad outline", "The outline is wrong (Shift+O)."),
}
MARK_KEYS = dict(zip(MARKS, "ERPL", strict=True))
ACROSS = 4  # second choices in one line
MORE, LONGEST = "Second choice, tick marks, form", 44  # what the heading says, letters of it


class NoteField(QLineEdit):
    """A line for a note: Enter keeps it, Escape forgets it; both give the keyboard back.

    Signals: ``written(str)`` when the text is to be kept, ``left()`` after Escape.
    """

    written = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMaxLength(500)
        self.setPlaceholderText("M  Note, then Enter")
        self.setToolTip("A note on this crystal (M). Enter keeps it, Escape leaves it as it was.")

    def event(self, event: QEvent) -> bool:
        """Take Escape before the dock's own shortcut does."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep or forget the text at Enter and Escape."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._tell()
            self.clearFocus()
        elif event.key() == Qt.Key.Key_Escape:
            self.setModified(False)
            self.clearFocus()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keep what was typed when the keyboard goes elsewhere: nothing is lost by a click."""
        super().focusOutEvent(event)
        self._tell()

    def _tell(self) -> None:
        if self.isModified():
            self.setModified(False)
            self.written.emit(self.text())


class RemarkSection(QWidget):
    """Flags and a note in view, the rest folded away.

    Signals: ``flag_toggled(str)``, ``mark_toggled(str)``, ``second_chosen(str)`` with a code,
    ``note_written(str)``, ``note_left()``; those of ``form`` beside them.
    """

    flag_toggled = Signal(str)
    mark_toggled = Signal(str)
    second_chosen = Signal(str)
    note_written = Signal(str)
    note_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scheme: Scheme | None = None
        self.seconds: dict[str, Button] = {}
        self.flags = {flag: Button(*words, checkable=True) for flag, words in FLAGS.items()}
        for flag, button in self.flags.items():
            button.clicked.connect(lambda _=False, flag=flag: self.flag_toggled.emit(str(flag)))
        self._build_note()
        self._build_ticks()
        self.form = FormSection()
        self._seconds = QGridLayout()
        self._seconds.setSpacing(4)
        second = caption("It might also be")
        self.more = Fold(MORE, stacked(second, self._seconds, self._ticks, self.form))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row(*map(squeezed, self.flags.values())))
        column.addWidget(self.note)
        column.addWidget(self.more)
        self.set_said(None, waiting=False)

    def set_scheme(self, scheme: Scheme) -> None:
        """Offer the classes and forms of a scheme."""
        for button in self.seconds.values():
            self._seconds.removeWidget(button)
            button.deleteLater()
        self._scheme = scheme
        self.seconds = {each.code: _second(each.code, each.key) for each in scheme.classes}
        for code, button in self.seconds.items():
            button.clicked.connect(lambda _=False, code=code: self.second_chosen.emit(code))
            at = self._seconds.count()
            self._seconds.addWidget(button, at // ACROSS, at % ACROSS)

    def set_said(self, said: Answer | None, *, waiting: bool) -> None:
        """Show the remarks on a crystal; None where none is selected.

        ``waiting`` says that they wait for the class to be named.
        """
        self.setEnabled(said is not None)
        said = said or Answer(None)
        for flag, button in self.flags.items():
            button.setChecked(flag in said.flags)
        for mark, button in self.marks.items():
            button.setChecked(mark in said.marks)
        for code, button in self.seconds.items():
            button.setChecked(code == said.second)
            button.set_available(code != said.cls or waiting, "This is the first choice.")
        if self._scheme is not None:
            self.form.set_said(self._scheme, said)
        self.more.set_title(_summary(said) or MORE)
        if not self.note.isModified():  # never over what is being typed
            self.note.setText(said.note)

    def take_note(self) -> str | None:
        """Give what was typed and not yet told, because another crystal comes; None if nothing."""
        typed = self.note.text() if self.note.isModified() else None
        self.note.setModified(False)
        return typed

    def begin_note(self) -> None:
        """Put the keyboard into the note."""
        self.note.setFocus()
        self.note.selectAll()

    def _build_note(self) -> None:
        self.note = NoteField()
        self.note.written.connect(self.note_written)
        self.note.left.connect(self.note_left)

    def _build_ticks(self) -> None:
        self.marks = {
            mark: Button(mark, f"Tick: {mark} (Shift+{key}).", checkable=True)
            for mark, key in MARK_KEYS.items()
        }
        for mark, button in self.marks.items():
            button.clicked.connect(lambda _=False, mark=mark: self.mark_toggled.emit(mark))
        self._ticks = row(*map(squeezed, self.marks.values()))


def _second(code: str, key: str) -> Button:
    hint = f"It might also be {code}" + (f" (Ctrl+{key})." if key else ".")
    return squeezed(Button(code, hint, checkable=True))


def _summary(said: Answer) -> str:
    """Say what is recorded in the folded part."""
    second = () if said.second is None else (f"or {said.second}",)
    form = (each for each in (said.shape, said.definition) if each)
    sure = () if said.confidence is None else (f"{100 * said.confidence:.0f} %",)
    text = ", ".join((*second, *form, *sure, *(each for each in MARKS if each in said.marks)))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
