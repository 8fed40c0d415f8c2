"""What each class looks like, beside what it is mistaken for."""

from collections.abc import Sequence
from dataclasses import dataclass

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.class_button import swatch
from napari_mcn.panels.panel import Panel, caption, row, sentence
from napari_mcn.panels.plate import Picture, as_pixmap

ACROSS, SIDE = 4, 76


@dataclass(frozen=True, slots=True, eq=False)
class AtlasEntry:
    """One class: ``pictures`` are (what the mouse is told, picture), ``look_alikes`` (code, …)."""

    code: str
    name: str
    colour: str
    description: str
    pictures: Sequence[tuple[str, Picture]]
    look_alikes: Sequence[tuple[str, Picture]] = ()


class ClassPictures(QWidget):
    """The entries of an atlas below each other; also for other pages that compare crystals."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.entries: tuple[AtlasEntry, ...] = ()
        self._parts: list[QWidget] = []

    def set_entries(self, entries: Sequence[AtlasEntry]) -> None:
        """Show other classes."""
        for part in self._parts:
            self._column.removeWidget(part)
            part.deleteLater()
        self.entries = tuple(entries)
        self._parts = [_entry(each) for each in entries]
        for part in self._parts:
            self._column.addWidget(part)


class AtlasPage(Panel):
    """The atlas, and how a crystal of one's own gets into it.

    Signals: ``example_requested()`` for the selected crystal, ``example_withdrawn()``.
    """

    example_requested = Signal()
    example_withdrawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Compare the crystal in view with what each class looks like.", parent)
        self.use_button = Button(
            "Use this crystal as example",
            "Show the crystal in view under the class of your answer. Everyone sees it, so that "
            "the others' labels of this crystal do not count as blind any more.",
        )
        self.withdraw_button = Button("Take it out", "It is no example any more.")
        self.use_button.clicked.connect(self.example_requested)
        self.withdraw_button.clicked.connect(self.example_withdrawn)
        self.pictures = ClassPictures()
        self._note = sentence(
            "Pictures of your own: put files named by class, such as RES_1.png, into the folder "
            "“atlas” of the project. They take the place of the rendered ones."
        )
        self._add(row(self.use_button, self.withdraw_button))
        self._add(self.pictures)
        self._add(self._note)
        self._fill()

    def set_crystal(self, answered: bool, shown: bool) -> None:
        """Say whether the crystal in view has a class by this expert, and whether it is shown."""
        self.use_button.set_available(answered and not shown, "Name the class of a crystal first.")
        self.withdraw_button.set_available(shown, "The crystal in view is no example.")


def _entry(entry: AtlasEntry) -> QWidget:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 6, 0, 0)
    column.setSpacing(3)
    title = row(swatch(entry.colour), caption(f"{entry.code}  {entry.name}", large=True), None)
    column.addLayout(title)
    if entry.description:
        column.addWidget(sentence(entry.description))
    column.addLayout(_grid(entry.pictures))
    if entry.look_alikes:
        codes = ", ".join(dict.fromkeys(code for code, _ in entry.look_alikes))
        column.addWidget(sentence(f"Easily mistaken for {codes}:"))
        column.addLayout(_grid(entry.look_alikes))
    if not entry.pictures:
        column.addWidget(sentence("There is no picture of this class yet."))
    return part


def _grid(pictures: Sequence[tuple[str, Picture]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setSpacing(3)
    grid.setColumnStretch(ACROSS, 1)
    for at, (told, picture) in enumerate(pictures):
        label = QLabel()
        label.setPixmap(as_pixmap(picture, SIDE))
        label.setToolTip(told)
        label.setAccessibleName(told)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        grid.addWidget(label, at // ACROSS, at % ACROSS)
    return grid
