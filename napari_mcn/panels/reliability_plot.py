"""A reliability diagram: how often the network is right, by how sure it is; bins can be clicked."""

from collections.abc import Sequence
from dataclasses import dataclass

from qtpy.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from qtpy.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from qtpy.QtWidgets import QSizePolicy, QToolTip, QWidget

from napari_mcn.panels.colours import ink
from napari_mcn.panels.share_plot import paint_axes, unit_area

FILL, GAP = "#0072b2", "#d55e00"


@dataclass(frozen=True, slots=True)
class SureBin:
    """A range of confidence, the mean confidence in it, the share that is right, and who is."""

    low: float
    high: float
    confidence: float
    accuracy: float
    keys: tuple[str, ...]

    @property
    def text(self) -> str:
        """Say it in words."""
        return (
            f"{len(self.keys)} crystals that the network is {100 * self.low:.0f} % to "
            f"{100 * self.high:.0f} % sure of: {100 * self.confidence:.0f} % sure on average, "
            f"{100 * self.accuracy:.0f} % right."
        )


class ReliabilityPlot(QWidget):
    """A bar per bin of confidence; on the diagonal the network is as right as it is sure.

    Signal: ``bin_chosen(list, str)`` with the keys of a bin and what they are.
    """

    bin_chosen = Signal(list, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bins: tuple[SureBin, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Ask for a plot across the column."""
        return QSize(320, 190)

    def set_bins(self, bins: Sequence[SureBin]) -> None:
        """Draw other bins."""
        self.bins = tuple(bins)
        self.update()

    def column(self, each: SureBin) -> QRectF:
        """Give the part of the plot that belongs to a bin."""
        area = unit_area(self)
        left = area.left() + each.low * area.width()
        return QRectF(left, area.top(), (each.high - each.low) * area.width(), area.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars, how far each is off, and the diagonal."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_axes(self, painter, "how sure", "share that is right")
        area = unit_area(self)
        for each in self.bins:
            bar = self.column(each).adjusted(1, 0, -1, 0)
            bar.setTop(area.bottom() - each.accuracy * area.height())
            painter.fillRect(bar, QColor(FILL))
            sure = area.bottom() - each.confidence * area.height()
            painter.setPen(QPen(QColor(GAP), 2.5))
            painter.drawLine(QPointF(bar.left(), sure), QPointF(bar.right(), sure))
            painter.setPen(ink(self, 0.8))
            over = QRectF(bar.left() - 8, min(bar.top(), sure) - 15, bar.width() + 16, 13)
            painter.drawText(over, Qt.AlignmentFlag.AlignHCenter, str(len(each.keys)))
        painter.setPen(QPen(ink(self, 0.5), 1, Qt.PenStyle.DashLine))
        painter.drawLine(area.bottomLeft(), area.topRight())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the crystals of the bin under the mouse."""
        found = self._at(QPointF(event.pos()))
        if event.button() == Qt.MouseButton.LeftButton and found is not None:
            self.bin_chosen.emit(list(found.keys), found.text.partition(":")[0])

    def event(self, event: QEvent) -> bool:
        """Say what the bin under the mouse holds."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self._at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if found is None else found.text, self)
            return True
        return super().event(event)

    def _at(self, place: QPointF) -> SureBin | None:
        return next((each for each in self.bins if self.column(each).contains(place)), None)
