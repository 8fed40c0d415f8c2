"""What the colours of a map mean in numbers."""

import numpy as np
from qtpy.QtCore import QRectF, QSize, Qt
from qtpy.QtGui import QColor, QImage, QPainter, QPaintEvent
from qtpy.QtWidgets import QSizePolicy, QWidget

from microcrystalnet.imaging.colour_scales import INFERNO, ColourScale
from napari_mcn.panels.colours import ink

BAR, LETTERS = 12, 16
SQUARE = 6  # pixels of the ground's squares
GROUND = ("#6c6c6c", "#949494")


class ColourBar(QWidget):
    """A gradient with the numbers at its ends and, where it is signed, zero in its middle.

    Where the map lets the micrograph through, a chequered ground is seen through the bar.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale, self._limits, self._unit = INFERNO, (0.0, 1.0), ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolTip("The few strongest pixels may lie beyond the ends.")

    def sizeHint(self) -> QSize:
        """Ask for one line of colours and one of numbers."""
        return QSize(200, BAR + LETTERS + 2)

    def set_scale(self, scale: ColourScale, limits: tuple[float, float], unit: str = "") -> None:
        """Show other colours, the values at their ends, and what is measured."""
        self._scale, self._limits, self._unit = scale, limits, unit
        self.update()

    @property
    def texts(self) -> tuple[str, str, str]:
        """What is written at the left, in the middle and at the right."""
        low, high = self._limits
        middle = "0" if self._scale.signed else self._unit
        return number(low), middle, number(high)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the colours and the numbers."""
        painter = QPainter(self)
        self._paint_ground(painter)
        colours = np.rint(255 * self._scale.table(256, fading=True)[None]).astype(np.uint8)
        strip = QImage(colours.tobytes(), 256, 1, 1024, QImage.Format.Format_RGBA8888)
        painter.drawImage(QRectF(0, 0, self.width(), BAR), strip)
        painter.setPen(ink(self, 0.85))
        below = QRectF(0, BAR + 1, self.width(), LETTERS)
        sides = (
            Qt.AlignmentFlag.AlignLeft,
            Qt.AlignmentFlag.AlignHCenter,
            Qt.AlignmentFlag.AlignRight,
        )
        for side, text in zip(sides, self.texts, strict=True):
            painter.drawText(below, side | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_ground(self, painter: QPainter) -> None:
        for column in range(-(-self.width() // SQUARE)):
            for line in range(BAR // SQUARE):
                colour = QColor(GROUND[(column + line) % 2])
                painter.fillRect(column * SQUARE, line * SQUARE, SQUARE, SQUARE, colour)


def number(value: float) -> str:
    """Write a number with three digits that matter."""
    return f"{value:.3g}"
