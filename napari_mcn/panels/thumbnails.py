"""A strip of small pictures of crystals, one click away."""

from collections.abc import Sequence
from dataclasses import dataclass

from qtpy.QtCore import QSize, Qt, Signal
from qtpy.QtGui import QMouseEvent
from qtpy.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from napari_mcn.panels.crop_picture import CropPicture, CropView

SIDE = 62


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnail:
    """A small picture; ``key`` is told when it is clicked, ``colour`` that of its outline."""

    key: str
    crop: CropView
    colour: str | None = None


class _Small(CropPicture):
    def __init__(self, side: int) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(side, side)

    def sizeHint(self) -> QSize:
        return self.minimumSize()


class Thumbnails(QWidget):
    """Up to ``count`` pictures of ``side`` screen pixels side by side, all at one scale.

    Signals: ``chosen(str)`` with the key of the clicked one.
    """

    chosen = Signal(str)

    def __init__(self, count: int = 5, side: int = SIDE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures = [_Small(side) for _ in range(count)]
        self.keys: list[str] = []
        strip = QHBoxLayout(self)
        strip.setContentsMargins(0, 0, 0, 0)
        strip.setSpacing(4)
        for picture in self.pictures:
            strip.addWidget(picture)
        strip.addStretch(1)
        self.set_pictures(())

    def set_pictures(self, shown: Sequence[Thumbnail]) -> None:
        """Show other pictures; those beyond the room there is are left out."""
        shown = shown[: len(self.pictures)]
        self.keys = [each.key for each in shown]
        for picture in self.pictures[len(shown) :]:
            picture.hide()
        for picture, each in zip(self.pictures, shown, strict=False):
            picture.set_crop(each.crop, each.colour)
            picture.setToolTip(each.crop.title)
            picture.show()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell which picture was clicked."""
        super().mouseReleaseEvent(event)
        child = self.childAt(event.pos())
        if event.button() == Qt.MouseButton.LeftButton and child in self.pictures:
            at = self.pictures.index(child)
            if at < len(self.keys):
                self.chosen.emit(self.keys[at])
