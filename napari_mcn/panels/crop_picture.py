"""One crystal, drawn at a scale that stays the same from crystal to crystal."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from qtpy.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from qtpy.QtWidgets import QSizePolicy, QWidget

from microcrystalnet.domain.label import Answer
from napari_mcn.panels.colours import ink, letters_on

ZOOM = 2.0
UNANSWERED = "#f0e442"


@dataclass(frozen=True, slots=True, eq=False)
class CropView:
    """What is shown of one crystal.

    ``pixels`` is a uint8 (height, width) window of the micrograph; ``outline`` a boolean mask of
    the same shape; ``answer`` what the current expert said, if anything.
    """

    pixels: NDArray[np.uint8]
    title: str
    answer: Answer | None = None
    outline: NDArray[np.bool_] | None = None


def outline_edges(mask: NDArray[np.bool_]) -> list[QLineF]:
    """Give the pixel edges that part a (height, width) mask from its surroundings, x before y.

    Edges in one line are one, which is several times as fast to draw.
    """
    padded = np.pad(np.asarray(mask, bool), 1)
    level = padded[1:, 1:-1] != padded[:-1, 1:-1]
    upright = padded[1:-1, 1:] != padded[1:-1, :-1]
    lines = [QLineF(begin, row, end, row) for row, begin, end in _runs(level)]
    return lines + [QLineF(col, begin, col, end) for col, begin, end in _runs(upright.T)]


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """Give the runs of true values in each row, as row, first column and column after the last."""
    steps = np.diff(flags.astype(np.int8), axis=1, prepend=0, append=0)
    rows, begins = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    return list(zip(rows.tolist(), begins.tolist(), ends.tolist(), strict=True))


class CropPicture(QWidget):
    """Paints a crop at two screen pixels per image pixel, smaller only if it would not fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(130)
        self.setMaximumHeight(300)
        self._crop: CropView | None = None
        self._image: QImage | None = None
        self._edges: list[QLineF] = []
        self._colour = QColor(UNANSWERED)

    def sizeHint(self) -> QSize:
        """Ask for a window that leaves room for the buttons below it."""
        return QSize(320, self.minimumHeight() + 10)

    def set_crop(self, crop: CropView | None, colour: str | None = None) -> None:
        """Show a crop with its outline in ``colour`` (``#rrggbb``); None empties the picture."""
        self._colour = QColor(colour or UNANSWERED)
        if crop is self._crop:
            self.update()
            return
        self._crop, self._image, self._edges = crop, None, []
        if crop is not None:
            pixels = np.ascontiguousarray(crop.pixels, np.uint8)
            height, width = pixels.shape
            grey = QImage.Format.Format_Grayscale8
            self._image = QImage(pixels.tobytes(), width, height, width, grey).copy()
            self._edges = [] if crop.outline is None else outline_edges(crop.outline)
        self.update()

    @property
    def colour(self) -> str:
        """Colour of the outline, ``#rrggbb``."""
        return self._colour.name()

    @property
    def zoom(self) -> float:
        """Screen pixels per image pixel."""
        if self._image is None:
            return ZOOM
        return min(ZOOM, self.width() / self._image.width(), self.height() / self._image.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the crop in the middle and its outline over a seam that sets it off."""
        painter = QPainter(self)
        if self._image is None:
            self._paint_empty(painter)
            return
        painter.fillRect(self.rect(), QColor("black"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = QPointF(self._image.width(), self._image.height()) * self.zoom
        corner = QPointF((self.width() - size.x()) / 2, (self.height() - size.y()) / 2)
        painter.drawImage(QRectF(corner.x(), corner.y(), size.x(), size.y()), self._image)
        painter.translate(corner)
        painter.scale(self.zoom, self.zoom)
        seam = letters_on(self._colour)
        seam.setAlpha(150)
        for colour, width in ((seam, 3.5), (self._colour, 1.8)):
            pen = QPen(colour, width / self.zoom)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLines(self._edges)

    def _paint_empty(self, painter: QPainter) -> None:
        painter.setPen(QPen(ink(self, 0.3), 1, Qt.PenStyle.DashLine))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setPen(ink(self, 0.6))
        painter.drawText(
            self.rect(),
            Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
            "The crystal to name appears here.",
        )
