"""Recall, precision and F1 of each class as bars that lead to the crystals behind them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qtpy.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from qtpy.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from qtpy.QtWidgets import QSizePolicy, QToolTip, QWidget

from napari_mcn.panels.colours import ink

LINE, NAMES, LEFT = 16, 44, 164
FADED = (1.0, 0.72, 0.45)


@dataclass(frozen=True, slots=True)
class ScoreBar:
    """One score from 0 to 1, and the keys of the crystals it is about, as ``text`` says."""

    name: str
    value: float
    text: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClassScoreBars:
    """The bars of one class."""

    code: str
    colour: str
    bars: tuple[ScoreBar, ...]


class ScoreBars(QWidget):
    """A group of bars per class.

    Signal: ``bar_chosen(list, str)`` with the keys behind a bar and what they are.
    """

    bar_chosen = Signal(list, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.classes: tuple[ClassScoreBars, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Ask for one line per bar."""
        return QSize(320, sum(LINE * len(each.bars) + 6 for each in self.classes))

    def set_classes(self, classes: Sequence[ClassScoreBars]) -> None:
        """Draw other classes."""
        self.classes = tuple(classes)
        self.updateGeometry()
        self.update()

    def lines(self) -> Iterator[tuple[QRectF, ClassScoreBars, int]]:
        """Give each bar's line across the plot, its class and its place there."""
        top = 0
        for each in self.classes:
            for at in range(len(each.bars)):
                yield QRectF(0, top, self.width(), LINE), each, at
                top += LINE
            top += 6

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars and what they are."""
        painter = QPainter(self)
        middle = Qt.AlignmentFlag.AlignVCenter
        for line, each, at in self.lines():
            bar = each.bars[at]
            painter.setPen(ink(self))
            if at == 0:
                painter.drawText(line, middle, each.code)
            named = line.adjusted(NAMES, 0, 0, 0)
            painter.drawText(named, middle, f"{bar.name} {100 * bar.value:.1f} %")
            track = QRectF(LEFT, line.top() + 2, line.width() - LEFT - 2, LINE - 4)
            painter.fillRect(track, ink(self, 0.1))
            track.setWidth(track.width() * bar.value)
            painter.setOpacity(FADED[at % len(FADED)])
            painter.fillRect(track, QColor(each.colour))
            painter.setOpacity(1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the crystals behind the bar under the mouse."""
        found = self._at(QPointF(event.pos()))
        if event.button() == Qt.MouseButton.LeftButton and found is not None:
            self.bar_chosen.emit(list(found.keys), found.text)

    def event(self, event: QEvent) -> bool:
        """Say what a click on the bar under the mouse shows."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self._at(QPointF(event.pos()))
            said = "" if found is None else f"{found.text}. Click to see them."
            QToolTip.showText(event.globalPos(), said, self)
            return True
        return super().event(event)

    def _at(self, place: QPointF) -> ScoreBar | None:
        found = (each.bars[at] for line, each, at in self.lines() if line.contains(place))
        return next(found, None)
