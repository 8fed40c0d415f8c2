"""Learning curves of several models over each other, drawn without any plotting library."""

from collections.abc import Sequence
from dataclasses import dataclass

from qtpy.QtCore import QPointF, QRectF, QSize, Qt
from qtpy.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from qtpy.QtWidgets import QSizePolicy, QWidget

from napari_mcn.panels.colours import ink, legible

# Okabe and Ito (2008), without black, which a dark theme would swallow.
HUES = ("#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#d55e00", "#0072b2", "#f0e442", "#999999")
NAME, LINE = 74, 15  # pixels that a name takes across and down


@dataclass(frozen=True, slots=True)
class EpochLine:
    """A share, 0 to 1, after each epoch; ``thick`` where it is the one in use."""

    name: str
    values: tuple[float, ...]
    thick: bool = False


class EpochPlot(QWidget):
    """Shares over the epochs, one line per model, each with its name in its colour."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.lines: tuple[EpochLine, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for the width of the column."""
        return QSize(320, 190 + LINE * self._name_lines(320))

    def set_lines(self, lines: Sequence[EpochLine]) -> None:
        """Draw other lines, at most as many as there are colours."""
        self.lines = tuple(lines)[: len(HUES)]
        self.setVisible(bool(self.lines))
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw frame, lines and names."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        below = 20 + LINE * self._name_lines(self.width())
        area = QRectF(self.rect()).adjusted(30, 20, -8, -below)
        last = max((len(line.values) for line in self.lines), default=1)
        self._paint_frame(painter, area, last)
        for line, hue in zip(self.lines, HUES, strict=False):
            painter.setPen(QPen(QColor(hue), 3 if line.thick else 1.5))
            painter.drawPolyline(QPolygonF(_points(line.values, area, last)))
            if line.values:
                painter.setBrush(QColor(hue))
                painter.drawEllipse(_points(line.values, area, last)[-1], 2.5, 2.5)
                painter.setBrush(Qt.BrushStyle.NoBrush)
        self._paint_names(painter, area.bottom() + 20)

    def _paint_frame(self, painter: QPainter, area: QRectF, last: int) -> None:
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for share in (0.0, 0.5, 1.0):
            height = area.bottom() - share * area.height()
            painter.setPen(QPen(ink(self, 0.2), 1))
            painter.drawLine(QPointF(area.left(), height), QPointF(area.right(), height))
            painter.setPen(ink(self, 0.8))
            painter.drawText(QRectF(0, height - 8, area.left() - 5, 16), right, f"{share:g}")
        painter.drawText(QRectF(4, 0, self.width(), 16), 0, self._title)
        below = QRectF(area.left(), area.bottom() + 2, area.width(), 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "epoch 1")
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, str(last))

    def _paint_names(self, painter: QPainter, top: float) -> None:
        across = max(self.width() // NAME, 1)
        for at, (line, hue) in enumerate(zip(self.lines, HUES, strict=False)):
            place = QRectF(4 + NAME * (at % across), top + LINE * (at // across), NAME, LINE)
            font = painter.font()
            font.setBold(line.thick)
            painter.setFont(font)
            painter.setPen(legible(self, hue))
            painter.drawText(place, 0, line.name)

    def _name_lines(self, width: int) -> int:
        return -(-len(self.lines) // max(width // NAME, 1))


def _points(values: Sequence[float], area: QRectF, last: int) -> list[QPointF]:
    step = area.width() / max(last - 1, 1)
    return [
        QPointF(area.left() + at * step, area.bottom() - area.height() * value)
        for at, value in enumerate(values)
    ]
