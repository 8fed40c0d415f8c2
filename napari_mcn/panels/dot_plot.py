"""Dots in a plane: a click chooses one, a lasso many; or how thick they lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from qtpy.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from qtpy.QtWidgets import QSizePolicy, QToolTip, QWidget

from napari_mcn.panels.colours import ink, is_dark

NEAR = 9.0  # pixels around a dot that count as the dot
RADIUS = 3.5


@dataclass(frozen=True, slots=True)
class Dot:
    """One crystal: x to the right and y up, 0 to 1; ``wrong`` ones are ringed."""

    key: str
    x: float
    y: float
    colour: str
    hint: str = ""
    wrong: bool = False


class DotPlot(QWidget):
    """A square of dots.

    Signal: ``dots_chosen(list)`` with the key of the clicked dot, or of all inside a lasso.
    """

    dots_chosen = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.dots: tuple[Dot, ...] = ()
        self.chosen: frozenset[str] = frozenset()
        self._lasso: list[QPointF] = []
        self._thickness: QImage | None = None
        self._thick = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def sizeHint(self) -> QSize:
        """Ask for a square as wide as the column."""
        return QSize(320, 320)

    def set_dots(self, dots: Sequence[Dot]) -> None:
        """Draw other dots; none is chosen."""
        self.dots, self.chosen, self._lasso = tuple(dots), frozenset(), []
        self.update()

    def set_chosen(self, keys: Sequence[str]) -> None:
        """Mark dots as chosen."""
        self.chosen = frozenset(keys)
        self.update()

    def set_density(self, layers: NDArray[np.float64], colours: Sequence[str]) -> None:
        """Take how thick each class lies, (classes, rows, columns) from 0 to 1, row 0 below."""
        self._thickness = _picture(layers, colours)
        self.update()

    def show_density(self, shown: bool) -> None:
        """Draw how thick the dots lie under faint dots, or the dots alone."""
        self._thick = shown
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame, how thick the dots lie, the dots and the lasso."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self._area(), QColor("#1b1e22" if is_dark(self) else "#ffffff"))
        if self._thick and self._thickness is not None:
            painter.drawImage(self._area(), self._thickness)
        painter.setPen(QPen(ink(self, 0.3), 1))
        painter.drawRect(self._area())
        for dot in self.dots:
            self._paint_dot(painter, dot)
        if len(self._lasso) > 1:
            painter.setPen(QPen(ink(self), 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(ink(self, 0.1))
            painter.drawPolygon(QPolygonF(self._lasso))

    def _paint_dot(self, painter: QPainter, dot: Dot) -> None:
        colour = QColor(dot.colour)
        colour.setAlphaF(0.35 if self._thick else 0.9)
        chosen = dot.key in self.chosen
        edge = ink(self) if chosen or dot.wrong else QColor(0, 0, 0, 90)
        painter.setPen(QPen(edge, 2.5 if chosen else 1.3 if dot.wrong else 0.5))
        painter.setBrush(colour)
        radius = RADIUS + 2 if chosen else RADIUS
        painter.drawEllipse(self._point(dot), radius, radius)

    def _area(self) -> QRectF:
        side = min(self.width(), self.height()) - 4
        return QRectF((self.width() - side) / 2, 2, side, side)

    def _point(self, dot: Dot) -> QPointF:
        area = self._area()
        return QPointF(area.left() + dot.x * area.width(), area.bottom() - dot.y * area.height())

    def _nearest(self, place: QPointF) -> Dot | None:
        def far(dot: Dot) -> float:
            point = self._point(dot)
            return hypot(point.x() - place.x(), point.y() - place.y())

        nearest = min(self.dots, key=far, default=None)
        return nearest if nearest is not None and far(nearest) <= NEAR else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a lasso."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._lasso = [QPointF(event.pos())]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the lasso on."""
        if self._lasso:
            self._lasso.append(QPointF(event.pos()))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the dot under a click, or the dots inside the lasso."""
        if event.button() != Qt.MouseButton.LeftButton or not self._lasso:
            return
        outline, self._lasso = QPolygonF(self._lasso), []
        box = outline.boundingRect()
        if max(box.width(), box.height()) < 6:
            dot = self._nearest(QPointF(event.pos()))
            keys = [] if dot is None else [dot.key]
        else:
            rule = Qt.FillRule.OddEvenFill
            inside = (each for each in self.dots if outline.containsPoint(self._point(each), rule))
            keys = [each.key for each in inside]
        self.set_chosen(keys)
        if keys:
            self.dots_chosen.emit(keys)

    def event(self, event: QEvent) -> bool:
        """Say what the dot under the mouse is."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            dot = self._nearest(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if dot is None else dot.hint, self)
            return True
        return super().event(event)


def _picture(layers: NDArray[np.float64], colours: Sequence[str]) -> QImage:
    """Mix the classes' colours by how thick each lies; clear where there is nothing."""
    paint = np.array([QColor(each).getRgb()[:3] for each in colours], float)
    weight = np.maximum(layers.sum(0), 1e-9)
    mixed = np.einsum("kij,kc->ijc", layers, paint) / weight[..., None]
    alpha = 255 * np.minimum(layers.max(0) ** 0.7, 1) * 0.85
    pixels = np.ascontiguousarray(np.dstack([mixed, alpha])[::-1].astype(np.uint8))
    height, width = pixels.shape[:2]
    image = QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888)
    return image.copy()  # the bytes go when this function ends
