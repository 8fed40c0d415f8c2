"""Class probabilities as horizontal bars in the colours of the scheme."""

from collections.abc import Sequence

from qtpy.QtCore import QRectF, QSize, Qt
from qtpy.QtGui import QColor, QPainter, QPaintEvent
from qtpy.QtWidgets import QSizePolicy, QWidget

from microcrystalnet.domain.scheme import FOUR_CLASSES, Scheme
from napari_mcn.panels.colours import ink

STEP = 24


class ClassBars(QWidget):
    """One bar per class, its code at the left and its probability at the right."""

    def __init__(self, scheme: Scheme = FOUR_CLASSES, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scheme = scheme
        self._bars: tuple[tuple[str, float], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for one line per class."""
        return QSize(300, STEP * len(self._bars))

    def set_scheme(self, scheme: Scheme) -> None:
        """Take the colours of another scheme."""
        self._scheme = scheme
        self.update()

    def set_bars(self, bars: Sequence[tuple[str, float]]) -> None:
        """Show (class code, probability 0..1), first on top."""
        self._bars = tuple(bars)
        self.updateGeometry()
        self.update()

    @property
    def bars(self) -> tuple[tuple[str, float], ...]:
        """What is drawn."""
        return self._bars

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, (code, probability) in enumerate(self._bars):
            self._paint_bar(painter, at * STEP, code, probability)

    def _paint_bar(self, painter: QPainter, top: int, code: str, probability: float) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        track = QRectF(52, top + 5, self.width() - 52 - 58, STEP - 10)
        painter.setPen(ink(self))
        painter.drawText(QRectF(0, top, 50, STEP), middle | Qt.AlignmentFlag.AlignLeft, code)
        share = QRectF(self.width() - 54, top, 52, STEP)
        painter.drawText(share, middle | Qt.AlignmentFlag.AlignRight, f"{probability * 100:.1f} %")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(self, 0.12))
        painter.drawRoundedRect(track, 3, 3)
        known = code in self._scheme.codes
        painter.setBrush(QColor(self._scheme[code].colour) if known else ink(self, 0.5))
        track.setWidth(max(track.width() * probability, 1))
        painter.drawRoundedRect(track, 3, 3)
