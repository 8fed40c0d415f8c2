"""Figures for a paper: choose one, look at it, save it with the table behind it."""

from collections.abc import Mapping

from qtpy.QtCore import QSize, Qt, Signal
from qtpy.QtGui import QPainter, QPaintEvent, QPixmap
from qtpy.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.panel import Panel, row, sentence
from napari_mcn.panels.size_plot import SizePlot


class Preview(QWidget):
    """A picture as large as its room, on white."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = QPixmap()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(240)

    def sizeHint(self) -> QSize:
        """Ask for the width of the column."""
        return QSize(320, 300)

    def set_picture(self, content: bytes) -> None:
        """Show a PNG file; nothing shows nothing."""
        self.picture = QPixmap()
        if content:
            self.picture.loadFromData(content)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture as large as it fits, at the top."""
        if self.picture.isNull():
            return
        ratio = self.devicePixelRatioF()
        room = QSize(round(self.width() * ratio), round(self.height() * ratio))
        keep, smooth = (
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        shown = self.picture.scaled(room, keep, smooth)
        shown.setDevicePixelRatio(ratio)
        QPainter(self).drawPixmap(0, 0, shown)


class FiguresPage(Panel):
    """One figure at a time.

    Signals: ``figure_chosen(str)``, ``save_requested()``, ``save_all_requested()``,
    ``crystal_chosen(str)`` with the id behind a dot.
    """

    figure_chosen = Signal(str)
    save_requested = Signal()
    save_all_requested = Signal()
    crystal_chosen = Signal(str)

    def __init__(self, titles: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__("Outline and label crystals first; figures then stand here.", parent)
        self.chooser = Chooser("Which figure is shown.")
        self.chooser.set_choices(list(titles.items()), next(iter(titles)))
        self.chooser.activated.connect(
            lambda at: self.figure_chosen.emit(str(self.chooser.itemData(at)))
        )
        self.preview, self.dots = Preview(), SizePlot()
        self.dots.dot_chosen.connect(self.crystal_chosen)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.preview)
        self._stack.addWidget(self.dots)
        self.note = sentence()
        self.save_button = Button("Save figure…", "Write SVG, PDF, PNG and CSV.", primary=True)
        self.save_button.clicked.connect(self.save_requested)
        self.all_button = Button("Save all…", "Write every figure into a folder.")
        self.all_button.clicked.connect(self.save_all_requested)
        self._add(self.chooser)
        self._add(self._stack, 1)
        self._add(self.note)
        self._add(row(self.save_button, self.all_button, None))
        self.set_ready(False, some=False)

    def show_dots(self, dots: bool) -> None:
        """Show the dots that can be clicked, or the picture."""
        self._stack.setCurrentWidget(self.dots if dots else self.preview)

    def set_note(self, text: str) -> None:
        """Say what the figure shows, or why there is none."""
        self.note.setText(text)

    def set_ready(self, ready: bool, *, some: bool) -> None:
        """Say whether this figure can be saved, and whether ``some`` figure can."""
        self.save_button.set_available(ready, "There is nothing to save yet.")
        self.all_button.set_available(some, "There is nothing to save yet.")
