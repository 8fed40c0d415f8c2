"""A length on a logarithmic slider, with a field beside it for the exact number."""

import math

from qtpy.QtCore import Qt, Signal
from qtpy.QtGui import QWheelEvent
from qtpy.QtWidgets import QAbstractSpinBox, QHBoxLayout, QSlider, QWidget

from napari_mcn.panels.fields import DecimalNumber

STEPS = 400
UNLIMITED = "no limit"


class QuietSlider(QSlider):
    """A horizontal slider that leaves the wheel to the panel and the keyboard to the micrograph."""

    def __init__(self, most: int, hint: str = "") -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, most)
        self.setToolTip(hint)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumWidth(60)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel, which scrolls."""
        event.ignore()


class LengthField(DecimalNumber):
    """A number with its unit; ``open_ended``, its greatest value means that there is no limit."""

    def __init__(self, hint: str, open_ended: bool) -> None:
        self._open_ended = open_ended
        super().__init__(1, 1, 2, hint)
        self.setKeyboardTracking(False)
        self.setFixedWidth(96)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)

    @property
    def unlimited(self) -> bool:
        """Whether it stands where there is no limit."""
        return self._open_ended and self.value() >= self.maximum()

    def textFromValue(self, value: float) -> str:
        """Write the number, or that there is no limit."""
        if self._open_ended and value >= self.maximum():
            return UNLIMITED
        return super().textFromValue(value)

    def valueFromText(self, text: str) -> float:
        """Read back what `textFromValue` wrote."""
        return self.maximum() if UNLIMITED in text else super().valueFromText(text)


class SizeSlider(QWidget):
    """A diameter; ``changed(float)`` when the user moves it, in the unit that is shown."""

    changed = Signal(float)

    def __init__(self, hint: str, *, open_ended: bool = False) -> None:
        super().__init__()
        self._touched, self._unit = False, ""
        self.slider = QuietSlider(STEPS, hint)
        self.field = LengthField(hint, open_ended)
        self.slider.valueChanged.connect(self._on_slid)
        self.field.valueChanged.connect(self._on_typed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.field)

    @property
    def value(self) -> float:
        """The diameter in the unit that is shown."""
        return self.field.value()

    @property
    def at_end(self) -> bool:
        """Whether it stands at its greatest value."""
        return self.value >= self.field.maximum()

    def set_scale(self, unit: str, least: float, most: float, usual: float) -> None:
        """Show lengths from ``least`` to ``most``, telling nobody.

        What the user chose stays where the unit does; otherwise the ``usual`` value is shown.
        """
        kept = self.value if self._touched and unit == self._unit and not self.at_end else usual
        self._touched = self._touched and kept != usual
        self._unit = unit
        self.field.blockSignals(True)
        self.field.setDecimals(0 if unit == "px" else _decimals(least))
        self.field.setRange(least, most)
        self.field.setSingleStep(1 if unit == "px" else most / 200)
        self.field.setValue(kept)
        self.field.blockSignals(False)
        self._follow()

    def _on_slid(self, position: int) -> None:
        least, most = self.field.minimum(), self.field.maximum()
        self.field.setValue(least * (most / least) ** (position / STEPS))

    def _on_typed(self, value: float) -> None:
        self._touched = True
        self._follow()
        self.changed.emit(value)

    def _follow(self) -> None:
        """Move the slider to where the field's number lies; no limit has no unit either."""
        self.field.setSuffix("" if self.field.unlimited else f" {self._unit}")
        least, most = self.field.minimum(), self.field.maximum()
        share = math.log(max(self.value, least) / least) / math.log(most / least)
        if not self.slider.isSliderDown():
            self.slider.blockSignals(True)
            self.slider.setValue(round(share * STEPS))
            self.slider.blockSignals(False)


def _decimals(least: float) -> int:
    """Give how many decimals tell two digits of the least length; at nought there is no scale."""
    return max(3, 1 - math.floor(math.log10(least)))
