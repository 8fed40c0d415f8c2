"""A button for one class: its colour, its key, its name and how often it was given."""

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget
from superqt import QElidingLabel

from microcrystalnet.domain.scheme import CrystalClass
from napari_mcn.panels.button import Button
from napari_mcn.panels.panel import caption


def swatch(colour: str, size: int = 14) -> QLabel:
    """Give a small square of one colour."""
    square = QLabel()
    square.setFixedSize(size, size)
    square.setStyleSheet(f"QLabel {{ background: {colour}; border-radius: 3px; }}")
    square.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return square


class ClassButton(Button):
    """Names a class at one press; stays down while it is the answer."""

    def __init__(self, cls: CrystalClass, parent: QWidget | None = None) -> None:
        super().__init__("", f"This crystal is {cls.name} ({cls.key}).", checkable=True)
        self.setMinimumHeight(30)
        self.count = caption("")
        name = QElidingLabel(cls.name)
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.addWidget(swatch(cls.colour))
        for part in (caption(cls.key), caption(cls.code, large=True), name, self.count):
            layout.addWidget(part)
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout.setStretchFactor(name, 1)
        self.setAccessibleName(f"{cls.key} {cls.code} {cls.name}")

    def set_count(self, count: int) -> None:
        """Show how many crystals the expert gave this class."""
        self.count.setText(f"{count:,}")
