"""Look-alike crystals on one plate, and one key for all that are selected."""

from collections.abc import Sequence

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QWidget

from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.panel import Panel, caption, row, sentence
from napari_mcn.panels.plate import PictureOf, Plate, PlateItem

OPEN, EVERYTHING = "open", "all"
ALIKE, READING = "alike", "reading"
ORDERS = ((ALIKE, "look-alikes"), (READING, "in lines"))


class PlatePage(Panel):
    """The plate, and which crystals lie on it in which order.

    Signals: ``shown_chosen(str)`` with `OPEN`, `EVERYTHING` or a class code, ``order_chosen(str)``
    with `ALIKE` or `READING`, ``chosen(list[str])`` and ``opened(str)`` of the plate.
    """

    shown_chosen = Signal(str)
    order_chosen = Signal(str)
    chosen = Signal(list)
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.shown = Chooser("Which crystals of this micrograph lie on the plate.")
        self.order = Chooser("How they are laid out.")
        self.order.set_choices(ORDERS, ALIKE)
        self.shown.squeeze()
        self.order.squeeze()
        self.shown.activated.connect(self._on_shown)
        self.order.activated.connect(self._on_order)
        self.plate = Plate()
        self.plate.chosen.connect(self.chosen)
        self.plate.opened.connect(self.opened)
        self._count = sentence()
        choice = row(caption("Show"), self.shown, caption("Order"), self.order)
        choice.setStretch(1, 1)
        choice.setStretch(3, 1)
        self._add(choice)
        self._add(self.plate, 1)
        self._add(self._count)
        self.set_choices((), EVERYTHING)

    def set_choices(self, classes: Sequence[tuple[str, str]], shown: str) -> None:
        """Offer to show only one of these (code, name) classes; ``shown`` holds now."""
        outside = ((EVERYTHING, "all crystals"), (OPEN, "without my answer"))
        self.shown.set_choices([*outside, *classes], shown)

    def set_items(self, items: Sequence[PlateItem], picture_of: PictureOf | None = None) -> None:
        """Lay other crystals on the plate."""
        self.plate.set_items(items, picture_of)
        self.set_selected(0)

    def set_selected(self, count: int) -> None:
        """Say how many of the crystals are selected."""
        total = len(self.plate.items)
        crystals = "1 crystal" if total == 1 else f"{total:,} crystals"
        self._count.setText(f"{crystals}, {count:,} selected" if total else "No crystal to show.")

    def _on_shown(self, at: int) -> None:
        self.shown_chosen.emit(str(self.shown.itemData(at)))

    def _on_order(self, at: int) -> None:
        self.order_chosen.emit(str(self.order.itemData(at)))
