"""Shares that change as the work goes on, a line for every expert."""

from collections.abc import Mapping, Sequence

from qtpy.QtCore import QPointF, QRectF, QSize, Qt
from qtpy.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from qtpy.QtWidgets import QSizePolicy, QWidget

from napari_mcn.panels.colours import ink

# Okabe and Ito (2008), without those that vanish on a light or a dark ground.
COLOURS = ("#56b4e9", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#0072b2")
LINE = 16


class TimePlot(QWidget):
    """One polyline per name, from the first stretch of work to the last; shares are 0..1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: dict[str, tuple[float | None, ...]] = {}
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for a small plot and a line of names for every three experts."""
        return QSize(300, 120 + LINE * (1 + (len(self._lines) - 1) // 3))

    def set_lines(self, lines: Mapping[str, Sequence[float | None]]) -> None:
        """Show shares by name; None interrupts nothing, it is left out."""
        self._lines = {name: tuple(shares) for name, shares in lines.items()}
        self.updateGeometry()
        self.update()

    @property
    def lines(self) -> Mapping[str, tuple[float | None, ...]]:
        """What is drawn."""
        return self._lines

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame, the lines and their names."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        names = LINE * (1 + (len(self._lines) - 1) // 3)
        area = QRectF(self.rect()).adjusted(42, 8, -8, -8 - names)
        low = self._low()
        self._paint_frame(painter, area, low)
        for at, (name, shares) in enumerate(self._lines.items()):
            colour = QColor(COLOURS[at % len(COLOURS)])
            self._paint_line(painter, area, [(s, low) for s in shares], colour)
            self._paint_name(painter, at, name, colour)

    def _low(self) -> float:
        """Give where the scale begins: a tenth of which the lowest share lies above."""
        known = [share for shares in self._lines.values() for share in shares if share is not None]
        return max(0.0, int(min(known, default=0.0) * 10 - 1e-9) / 10) if known else 0.0

    def _paint_frame(self, painter: QPainter, area: QRectF, low: float) -> None:
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for part in (0.0, 0.5, 1.0):
            height = area.bottom() - part * area.height()
            painter.setPen(QPen(ink(self, 0.25), 1))
            painter.drawLine(QPointF(area.left(), height), QPointF(area.right(), height))
            painter.setPen(ink(self, 0.8))
            box = QRectF(0, height - 8, area.left() - 5, 16)
            painter.drawText(box, right, f"{100 * (low + part * (1 - low)):.0f} %")

    def _paint_line(
        self,
        painter: QPainter,
        area: QRectF,
        shares: Sequence[tuple[float | None, float]],
        colour: QColor,
    ) -> None:
        step = area.width() / max(len(shares) - 1, 1)
        points = [
            QPointF(
                area.left() + at * step,
                area.bottom() - area.height() * (share - low) / max(1 - low, 1e-9),
            )
            for at, (share, low) in enumerate(shares)
            if share is not None
        ]
        painter.setPen(QPen(colour, 2))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(colour)
        for point in points:
            painter.drawEllipse(point, 2.5, 2.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_name(self, painter: QPainter, at: int, name: str, colour: QColor) -> None:
        lines = 1 + (len(self._lines) - 1) // 3
        width = self.width() / 3
        top = self.height() - LINE * (lines - at // 3)
        left = width * (at % 3)
        painter.setPen(QPen(colour, 3))
        painter.drawLine(QPointF(left + 4, top + LINE / 2), QPointF(left + 18, top + LINE / 2))
        painter.setPen(ink(self, 0.9))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left + 24, top, width - 26, LINE), middle, name)
