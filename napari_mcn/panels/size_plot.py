"""Dots over two axes that lead to the crystals behind them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qtpy.QtCore import QPointF, QRectF, QSize, Qt, Signal
from qtpy.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from qtpy.QtWidgets import QSizePolicy, QWidget

from napari_mcn.panels.colours import ink

NEAR = 8  # pixels from a dot that still mean it
STEPS, MOST = (1, 2, 5), 10  # numbers along the upward axis


@dataclass(frozen=True, slots=True)
class Dot:
    """A crystal at its size (above 0) and aspect ratio."""

    key: str
    x: float
    y: float
    colour: str


class SizePlot(QWidget):
    """A logarithmic axis to the right, a linear one upwards from 1.

    Signal: ``dot_chosen(str)`` with the key of the dot that was clicked.
    """

    dot_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.dots: tuple[Dot, ...] = ()
        self._chosen: str | None = None
        self._names = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(240)

    def sizeHint(self) -> QSize:
        """Ask for a plot as wide as the column."""
        return QSize(320, 260)

    def set_dots(self, dots: Sequence[Dot], right: str, up: str) -> None:
        """Show other dots; ``right`` and ``up`` name the axes."""
        self.dots, self._names = tuple(dots), (right, up)
        self.update()

    def select(self, key: str | None) -> None:
        """Ring a dot without telling anyone."""
        self._chosen = key
        self.update()

    def place(self, dot: Dot) -> QPointF:
        """Give where a dot lies in the widget."""
        area, (low, high), top = self._area(), self._range(), self._top()
        along = math.log(dot.x / low) / math.log(high / low)
        return QPointF(
            area.left() + along * area.width(),
            area.bottom() - (dot.y - 1) / (top - 1) * area.height(),
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell which dot was clicked."""
        spot = QPointF(event.pos())
        near = [((self.place(dot) - spot).manhattanLength(), dot.key) for dot in self.dots]
        distance, key = min(near, default=(math.inf, ""))
        if distance <= NEAR:
            self.dot_chosen.emit(key)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw axes and dots."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        for dot in self.dots:
            colour = QColor(dot.colour)
            colour.setAlphaF(0.75)
            painter.setBrush(colour)
            painter.drawEllipse(self.place(dot), 3.5, 3.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink(self), 2))
        for dot in self.dots:
            if dot.key == self._chosen:
                painter.drawEllipse(self.place(dot), 7, 7)

    def _paint_axes(self, painter: QPainter) -> None:
        area, (low, high), top = self._area(), self._range(), self._top()
        painter.setPen(QPen(ink(self, 0.3), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.drawLine(area.bottomLeft(), area.topLeft())
        painter.setPen(ink(self, 0.8))
        middle = Qt.AlignmentFlag.AlignCenter
        for value in _ticks(low, high):
            x = area.left() + math.log(value / low) / math.log(high / low) * area.width()
            painter.drawText(QRectF(x - 25, area.bottom() + 2, 50, 16), middle, f"{value:g}")
        for value in whole_numbers(top):
            y = area.bottom() - (value - 1) / (top - 1) * area.height()
            painter.drawText(QRectF(0, y - 8, area.left() - 4, 16), middle, f"{value}")
        painter.drawText(QRectF(area.left(), self.height() - 18, area.width(), 16), middle,
                         self._names[0])  # fmt: skip
        painter.drawText(QRectF(2, 0, area.width(), 16), 0, self._names[1])

    def _area(self) -> QRectF:
        widest = self.fontMetrics().horizontalAdvance(str(whole_numbers(self._top())[-1]))
        return QRectF(self.rect()).adjusted(max(24, widest + 10), 20, -10, -38)

    def _range(self) -> tuple[float, float]:
        sizes = [dot.x for dot in self.dots] or [1.0]
        return min(sizes) / 1.15, max(sizes) * 1.15

    def _top(self) -> float:
        return max([2.0, *(dot.y * 1.05 for dot in self.dots)])


def whole_numbers(top: float) -> list[int]:
    """Give 1 and round whole numbers up to ``top``, few enough to be read."""
    steps = (step * 10**power for power in range(9) for step in STEPS)
    step = next(each for each in steps if top <= MOST * each)
    return sorted({1, *range(step, math.floor(top) + 1, step)})


def _ticks(low: float, high: float) -> list[float]:
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    values = [step * 10.0**power for power in powers for step in STEPS]
    return [value for value in values if low <= value <= high]
