"""Fields that neither keep the keyboard nor change when the wheel passes over them."""

from collections.abc import Iterable
from typing import cast

from qtpy.QtCore import Qt
from qtpy.QtGui import QStandardItemModel, QWheelEvent
from qtpy.QtWidgets import QComboBox, QDoubleSpinBox, QSizePolicy, QSpinBox, QWidget


class Chooser(QComboBox):
    """A drop-down list of (key, text) choices that lets go of the keyboard after choosing."""

    def __init__(self, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip(hint)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)

    def squeeze(self) -> None:
        """Be as narrow as the row needs, so that the column is never widened."""
        self.setMinimumContentsLength(0)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_choices(self, choices: Iterable[tuple[object, str]], current: object) -> None:
        """Show other choices and which one holds; nothing is emitted."""
        self.blockSignals(True)
        self.clear()
        for key, text in choices:
            self.addItem(text, key)
        keys = [self.itemData(at) for at in range(self.count())]
        self.setCurrentIndex(keys.index(current) if current in keys else -1)
        self.blockSignals(False)

    def refuse(self, key: object, reason: str) -> None:
        """Grey out a choice and say why it cannot be taken; without a reason it can."""
        at = next(at for at in range(self.count()) if self.itemData(at) == key)
        item = cast("QStandardItemModel", self.model()).item(at)
        item.setEnabled(not reason)
        if reason:
            item.setText(f"{item.text()} – {reason[:1].lower()}{reason[1:].rstrip('.')}")
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 8)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel, which scrolls."""
        event.ignore()


class WholeNumber(QSpinBox):
    """A whole number; Enter gives the keyboard back to the micrograph."""

    def __init__(self, value: int, least: int, most: int, hint: str, unit: str = "") -> None:
        super().__init__()
        self.setRange(least, most)
        self.setValue(value)
        self.setSuffix(unit)
        self.setToolTip(hint)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.editingFinished.connect(self.clearFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel, which scrolls."""
        event.ignore()


class DecimalNumber(QDoubleSpinBox):
    """A number with three decimals; Enter gives the keyboard back to the micrograph."""

    def __init__(self, value: float, least: float, most: float, hint: str, unit: str = "") -> None:
        super().__init__()
        self.setRange(least, most)
        self.setDecimals(3)
        self.setValue(value)
        self.setSuffix(unit)
        self.setToolTip(hint)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.editingFinished.connect(self.clearFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel, which scrolls."""
        event.ignore()
