"""Curves between 0 and 1 on both axes, such as precision against recall."""

from collections.abc import Sequence
from dataclasses import dataclass

from qtpy.QtCore import QPointF, QRectF, QSize, Qt
from qtpy.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from qtpy.QtWidgets import QSizePolicy, QWidget

from napari_mcn.panels.colours import ink


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A named curve of points (across, up)."""

    name: str
    colour: str
    points: tuple[tuple[float, float], ...]


def unit_area(widget: QWidget) -> QRectF:
    """Give where 0 to 1 lies on both axes of a plot."""
    return QRectF(widget.rect()).adjusted(30, 18, -8, -32)


def paint_axes(widget: QWidget, painter: QPainter, across: str, up: str) -> None:
    """Draw the frame, its scale and the names of both axes."""
    area = unit_area(widget)
    for share in (0.0, 0.5, 1.0):
        height = area.bottom() - share * area.height()
        column = area.left() + share * area.width()
        painter.setPen(QPen(ink(widget, 0.2), 1))
        painter.drawLine(QPointF(area.left(), height), QPointF(area.right(), height))
        painter.drawLine(QPointF(column, area.top()), QPointF(column, area.bottom()))
        painter.setPen(ink(widget, 0.8))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, height - 8, area.left() - 5, 16), right, f"{share:g}")
        below = QRectF(column - 15, area.bottom() + 2, 30, 14)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, f"{share:g}")
    low = QRectF(area.left(), area.bottom() + 15, area.width(), 16)
    painter.drawText(low, Qt.AlignmentFlag.AlignHCenter, across)
    painter.drawText(QRectF(area.left() - 26, 0, area.width(), 16), 0, up)


class SharePlot(QWidget):
    """Curves in a unit square."""

    def __init__(self, across: str, up: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._axes = across, up
        self.lines: tuple[ShareLine, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for a plot of which two fit side by side."""
        return QSize(160, 176)

    def set_lines(self, lines: Sequence[ShareLine]) -> None:
        """Draw other curves."""
        self.lines = tuple(lines)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame and the curves."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_axes(self, painter, *self._axes)
        area = unit_area(self)
        for line in self.lines:
            painter.setPen(QPen(QColor(line.colour), 2))
            points = [
                QPointF(area.left() + x * area.width(), area.bottom() - y * area.height())
                for x, y in line.points
            ]
            painter.drawPolyline(QPolygonF(points))
