"""A micrograph, the experts' map and the network's side by side; what moves one moves all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QPointF, QRectF, Qt, Signal
from qtpy.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
    QWheelEvent,
)
from qtpy.QtWidgets import QGraphicsScene, QGraphicsView, QHBoxLayout, QVBoxLayout, QWidget

from microcrystalnet.domain.colours import NO_CLASS_LINE, TEAL
from napari_mcn.panels.legend import Legend
from napari_mcn.panels.panel import caption

LARGEST = 8192  # pixels of a side; a larger micrograph is shown coarser, to spare memory
STEP, FILL = 1.25, 110
BOX, SEAM = 2.4, 5.0  # screen pixels: a box, and the dark ground that sets it off


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A crystal as it is drawn: its outlines as (n, 2) arrays of x and y in image pixels."""

    crystal_id: str
    outlines: tuple[NDArray[np.float64], ...]
    colour: str | None
    boxed: bool = False


class LinkedView(QGraphicsView):
    """One of several views that look at the same place.

    Signals: ``moved()`` when the user moved or zoomed it, ``opened(float, float)`` with the row and
    column of a double click.
    """

    moved = Signal()
    opened = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setBackgroundBrush(QColor("black"))
        self.horizontalScrollBar().valueChanged.connect(lambda _value: self.moved.emit())
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.moved.emit())

    def show_picture(self, picture: QPixmap, times: int, patches: Sequence[Patch]) -> None:
        """Show a micrograph, ``times`` smaller than it is, and crystals over it."""
        scene = self.scene()
        scene.clear()
        ground = scene.addPixmap(picture)
        ground.setScale(times)
        ground.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        for each in patches:
            self._add(each)
        scene.setSceneRect(QRectF(0, 0, picture.width() * times, picture.height() * times))

    def look_like(self, other: "LinkedView") -> None:
        """Look at the same place as another view, as near."""
        self.setTransform(other.transform())
        self.centerOn(other.middle)

    @property
    def middle(self) -> QPointF:
        """What lies in the middle, x and y in image pixels."""
        return self.mapToScene(self.viewport().rect().center())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to where the mouse is."""
        times = STEP if event.angleDelta().y() > 0 else 1 / STEP
        self.scale(times, times)
        self.moved.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Tell which place was double-clicked."""
        place = self.mapToScene(event.pos())
        self.opened.emit(place.y(), place.x())

    def _add(self, patch: Patch) -> None:
        path = QPainterPath()
        for line in patch.outlines:
            path.addPolygon(QPolygonF([QPointF(x + 0.5, y + 0.5) for x, y in line.tolist()]))
        if patch.colour is None:
            pen = _pen(NO_CLASS_LINE, 1.0)
            pen.setStyle(Qt.PenStyle.DashLine)
            self.scene().addPath(path, pen)
        else:
            ground = QColor(patch.colour)
            ground.setAlpha(FILL)
            self.scene().addPath(path, _pen(patch.colour, 1.2), ground)
        if patch.boxed:
            self._box(path.boundingRect().adjusted(-3, -3, 3, 3))

    def _box(self, place: QRectF) -> None:
        """Draw a box above all crystals."""
        for height, pen in enumerate((_pen("black", SEAM), _pen(TEAL, BOX)), 1):
            self.scene().addRect(place, pen).setZValue(height)


class SideBySide(QWidget):
    """Three linked views in a window of their own.

    Signals: ``opened(float, float)`` with the row and column of a double click, ``closed()``.
    """

    opened = Signal(float, float)
    closed = Signal()

    def __init__(self, titles: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.views: list[LinkedView] = []
        self._linking = False
        self._legend = Legend()
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        beside = QHBoxLayout()
        for title in titles:
            beside.addLayout(self._view(title))
        column.addLayout(beside, 1)
        column.addWidget(self._legend)
        self.resize(1200, 480)

    def show_maps(
        self,
        pixels: NDArray[np.uint8],
        maps: Sequence[Sequence[Patch]],
        legend: Sequence[tuple[str, str]],
    ) -> None:
        """Show a micrograph (height, width) in every view, each with its own crystals over it.

        ``legend`` gives a colour, ``#rrggbb``, and what it means.
        """
        times = max(1, -(-max(pixels.shape) // LARGEST))
        picture = _pixmap(pixels[::times, ::times])
        for view, patches in zip(self.views, maps, strict=True):
            view.show_picture(picture, times, patches)
        self._legend.set_entries(legend)

    def fit(self) -> None:
        """Show the whole micrograph in all views."""
        first = self.views[0]
        first.fitInView(first.sceneRect(), Qt.AspectRatioMode.KeepAspectRatio)
        self._follow(first)

    def showEvent(self, event: object) -> None:
        """Fit the micrograph into the views, whose size is known now."""
        super().showEvent(event)
        self.fit()

    def closeEvent(self, event: object) -> None:
        """Tell that nobody looks any more."""
        super().closeEvent(event)
        self.closed.emit()

    def _view(self, title: str) -> QVBoxLayout:
        view = LinkedView()
        view.moved.connect(lambda: self._follow(view))
        view.opened.connect(self.opened)
        self.views.append(view)
        column = QVBoxLayout()
        column.addWidget(caption(title, large=True))
        column.addWidget(view, 1)
        return column

    def _follow(self, moved: LinkedView) -> None:
        if self._linking:
            return
        self._linking = True
        for view in self.views:
            if view is not moved:
                view.look_like(moved)
        self._linking = False


def _pixmap(pixels: NDArray[np.uint8]) -> QPixmap:
    grey = np.ascontiguousarray(pixels)
    height, width = grey.shape
    image = QImage(grey.tobytes(), width, height, width, QImage.Format.Format_Grayscale8)
    return QPixmap.fromImage(image)


def _pen(colour: str, width: float) -> QPen:
    """Give a pen that is as wide on the screen at any zoom."""
    pen = QPen(QColor(colour), width)
    pen.setCosmetic(True)
    return pen
