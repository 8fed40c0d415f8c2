"""A few lines over one axis, and pairs of bars, drawn without any plotting library."""

from collections.abc import Sequence
from dataclasses import dataclass

from qtpy.QtCore import QPointF, QRectF, QSize, Qt
from qtpy.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from qtpy.QtWidgets import QSizePolicy, QWidget

from napari_mcn.panels.colours import ink, legible

OWN, CHANCE = "#e69f00", "#8c8c8c"


@dataclass(frozen=True, slots=True)
class Line:
    """Values at equal steps from left to right, and how they are drawn and called."""

    name: str
    colour: str
    values: tuple[float, ...]


class LinePlot(QWidget):
    """Lines between 0 and 1, their names on top, and what lies at the left and right ends."""

    def __init__(self, left: str, right: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ends = left, right
        self.lines: tuple[Line, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for a plot of which two fit side by side."""
        return QSize(160, 126)

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Draw other lines."""
        self.lines = tuple(lines)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw frame, lines and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(26, 20, -6, -18)
        low = min([0.0, *(value for line in self.lines for value in line.values)])
        self._paint_frame(painter, area, low)
        for line in self.lines:
            painter.setPen(QPen(QColor(line.colour), 2))
            painter.drawPolyline(QPolygonF(_points(line.values, area, low)))
        self._paint_names(painter, area)

    def _paint_frame(self, painter: QPainter, area: QRectF, low: float) -> None:
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value in (0.0, 1.0):
            height = area.bottom() - area.height() * (value - low) / (1 - low)
            painter.setPen(QPen(ink(self, 0.3), 1))
            painter.drawLine(QPointF(area.left(), height), QPointF(area.right(), height))
            painter.setPen(ink(self, 0.8))
            painter.drawText(QRectF(0, height - 8, area.left() - 5, 16), right, f"{value:g}")
        below = QRectF(area.left(), area.bottom() + 2, area.width(), 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, self._ends[0])
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, self._ends[1])

    def _paint_names(self, painter: QPainter, area: QRectF) -> None:
        widths = [painter.fontMetrics().horizontalAdvance(line.name) + 12 for line in self.lines]
        left = max(0.0, min(area.left(), self.width() + 10 - sum(widths)))  # whole, if they fit
        for line, width in zip(self.lines, widths, strict=True):
            painter.setPen(legible(self, line.colour))
            painter.drawText(QRectF(left, 0, width, 16), 0, line.name)
            left += width


@dataclass(frozen=True, slots=True)
class Pair:
    """Two shares, 0 to 1, that are compared."""

    name: str
    own: float
    chance: float


class PairBars(QWidget):
    """One bar per pair, with a mark where chance would let it end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pairs: tuple[Pair, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for one line per pair."""
        return QSize(300, 22 * len(self.pairs))

    def set_pairs(self, pairs: Sequence[Pair]) -> None:
        """Draw other pairs."""
        self.pairs = tuple(pairs)
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars and their marks."""
        painter = QPainter(self)
        middle = Qt.AlignmentFlag.AlignVCenter
        for at, pair in enumerate(self.pairs):
            track = QRectF(52, 22 * at + 5, self.width() - 52 - 46, 12)
            painter.setPen(ink(self))
            painter.drawText(QRectF(0, 22 * at, 50, 22), middle, pair.name)
            share = QRectF(self.width() - 42, 22 * at, 40, 22)
            painter.drawText(share, middle | Qt.AlignmentFlag.AlignRight, f"{100 * pair.own:.0f} %")
            painter.fillRect(track, ink(self, 0.12))
            end = track.left() + track.width() * pair.chance
            track.setWidth(track.width() * pair.own)
            painter.fillRect(track, QColor(OWN))
            painter.fillRect(QRectF(end - 1, track.top() - 3, 3, 18), ink(self))


def _points(values: Sequence[float], area: QRectF, low: float) -> list[QPointF]:
    step = area.width() / max(len(values) - 1, 1)
    return [
        QPointF(area.left() + at * step, area.bottom() - area.height() * (value - low) / (1 - low))
        for at, value in enumerate(values)
    ]
