"""Live learning curves, drawn without any plotting library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

from qtpy.QtCore import QPointF, QRectF, QSize, Qt
from qtpy.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from qtpy.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from napari_mcn.panels.colours import ink

TRAINING, VALIDATION = "#56b4e9", "#e69f00"


@dataclass(frozen=True, slots=True)
class Axis:
    """Value range of a plot; ``top`` None follows the curves."""

    name: str
    top: float | None = None


class CurvePlot(QWidget):
    """One quantity against the epoch: training and validation."""

    def __init__(self, axis: Axis, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._axis = axis
        self._series: tuple[list[float], list[float]] = ([], [])
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for a small plot, so that two fit side by side."""
        return QSize(160, 120)

    def clear(self) -> None:
        """Forget all epochs."""
        self._series = ([], [])
        self.update()

    def add(self, training: float, validation: float) -> None:
        """Add one epoch; NaN is left out."""
        self._series[0].append(training)
        self._series[1].append(validation)
        self.update()

    @property
    def epochs(self) -> int:
        """How many epochs are drawn."""
        return len(self._series[0])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw frame, scale and both curves."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(38, 18, -8, -6)
        top = self._top()
        self._paint_frame(painter, area, top)
        for values, colour in zip(self._series, (TRAINING, VALIDATION), strict=True):
            painter.setPen(QPen(QColor(colour), 2))
            painter.drawPolyline(QPolygonF(self._points(values, area, top)))
            for point in self._points(values, area, top)[-1:]:
                painter.setBrush(QColor(colour))
                painter.drawEllipse(point, 2.5, 2.5)
                painter.setBrush(Qt.BrushStyle.NoBrush)

    def _top(self) -> float:
        known = [value for values in self._series for value in values if not isnan(value)]
        return self._axis.top or max(known, default=1.0) * 1.05 or 1.0

    def _points(self, values: Sequence[float], area: QRectF, top: float) -> list[QPointF]:
        step = area.width() / max(len(values) - 1, 1)
        return [
            QPointF(area.left() + at * step, area.bottom() - area.height() * value / top)
            for at, value in enumerate(values)
            if not isnan(value)
        ]

    def _paint_frame(self, painter: QPainter, area: QRectF, top: float) -> None:
        painter.setPen(QPen(ink(self, 0.25), 1))
        for share in (0.0, 0.5, 1.0):
            height = area.bottom() - share * area.height()
            painter.drawLine(QPointF(area.left(), height), QPointF(area.right(), height))
        painter.setPen(ink(self, 0.8))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for share in (0.0, 0.5, 1.0):
            height = area.bottom() - share * area.height()
            box = QRectF(0, height - 8, area.left() - 5, 16)
            painter.drawText(box, right, f"{share * top:.2g}")
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(area.left(), 0, area.width(), 16), left, self._axis.name)


class Curves(QWidget):
    """Loss and accuracy, epoch by epoch."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.loss, self.accuracy = CurvePlot(Axis("Loss")), CurvePlot(Axis("Accuracy", 1.0))
        plots = QHBoxLayout()
        plots.addWidget(self.loss)
        plots.addWidget(self.accuracy)
        legend = QLabel(
            f"<span style='color: {TRAINING}'>━</span> training &nbsp; "
            f"<span style='color: {VALIDATION}'>━</span> validation"
        )
        legend.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(plots)
        column.addWidget(legend)

    def clear(self) -> None:
        """Forget all epochs."""
        self.loss.clear()
        self.accuracy.clear()

    def add_epoch(self, values: Mapping[str, float]) -> None:
        """Add one epoch: loss, accuracy, val_loss and val_accuracy, each optional."""
        unknown = float("nan")
        self.loss.add(values.get("loss", unknown), values.get("val_loss", unknown))
        self.accuracy.add(values.get("accuracy", unknown), values.get("val_accuracy", unknown))
