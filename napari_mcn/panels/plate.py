"""A plate of many small pictures at one scale; only those in view are ever cut out and drawn."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from qtpy.QtGui import QColor, QImage, QKeyEvent, QPainter, QPen, QPixmap
from qtpy.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from napari_mcn.panels.colours import ACCENT, ink, letters_on

Picture = NDArray[np.uint8]  # (height, width) grey or (height, width, 3) red, green, blue
PictureOf = Callable[[str], Picture | None]

SIDE, MARGIN = 70, 4  # screen pixels of a picture, and around it
FADED = 0.35  # opacity
KEPT = 800  # pictures in memory: a few screens full
_ROW, _NOTHING = Qt.ItemDataRole.UserRole, QColor("#202020")
_FLAGS = QItemSelectionModel.SelectionFlag


@dataclass(frozen=True, slots=True)
class PlateItem:
    """One picture: ``badge`` is a short mark in its corner, ``colour`` (``#rrggbb``) its frame.

    A ``faded`` one is pale: what is said of it does not hold any more.
    """

    key: str
    caption: str = ""
    badge: str = ""
    colour: str | None = None
    faded: bool = False


class _Items(QAbstractListModel):
    """The items in order, and the pictures that were looked at lately."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.items: list[PlateItem] = []
        self._at: dict[str, int] = {}
        self._picture_of: PictureOf = lambda _key: None
        self._drawn: OrderedDict[str, QPixmap] = OrderedDict()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Count the items."""
        return 0 if parent is not None and parent.isValid() else len(self.items)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give an item, or what the mouse is told about it."""
        item = self.items[index.row()]
        if role == _ROW:
            return item
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            return " ".join(part for part in (item.caption, item.badge) if part)
        return None

    def show(self, items: Sequence[PlateItem], picture_of: PictureOf | None) -> None:
        """Show other items; ``picture_of`` None keeps the pictures."""
        self.beginResetModel()
        self.items = list(items)
        self._at = {each.key: at for at, each in enumerate(items)}
        if picture_of is not None:
            self._picture_of = picture_of
            self._drawn.clear()
        self.endResetModel()

    def update(self, item: PlateItem) -> None:
        """Show another badge or frame."""
        at = self._at.get(item.key)
        if at is not None and self.items[at] != item:
            self.items[at] = item
            self.dataChanged.emit(self.index(at), self.index(at))

    def redraw(self, keys: Iterable[str]) -> None:
        """Ask for the pictures of these keys again."""
        for key in keys:
            if self._drawn.pop(key, None) is not None:
                self.dataChanged.emit(self.place(key), self.place(key))

    def place(self, key: str) -> QModelIndex:
        """Give where an item is; an invalid index where it is not."""
        at = self._at.get(key)
        return QModelIndex() if at is None else self.index(at)

    def pixmap(self, key: str) -> QPixmap:
        """Give the picture of an item; it is cut out when it first comes into view."""
        if key not in self._drawn:
            self._drawn[key] = as_pixmap(self._picture_of(key), SIDE)
            while len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)
        self._drawn.move_to_end(key)
        return self._drawn[key]


class _Painter(QStyledItemDelegate):
    """Draws one picture with its frame and badge."""

    def __init__(self, items: _Items, parent: QWidget) -> None:
        super().__init__(parent)
        self._items = items

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Give every item the same room."""
        return QSize(SIDE + 2 * MARGIN, SIDE + 2 * MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Draw the picture, the frame in its colour, the badge, and whether it is selected."""
        item = index.data(_ROW)
        room = option.rect.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        painter.save()
        painter.setOpacity(FADED if item.faded else 1)
        painter.drawPixmap(_fitted(room), self._items.pixmap(item.key))
        if item.colour is not None:
            painter.setPen(QPen(QColor(item.colour), 3))
            painter.drawRect(room.adjusted(1, 1, -1, -1))
        if item.badge:
            _paint_badge(painter, room, item.badge, QColor(item.colour or _NOTHING))
        painter.setOpacity(1)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(ACCENT), 4))
            painter.drawRect(option.rect.adjusted(2, 2, -2, -2))
        elif option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(ink(option.widget, 0.6), 1, Qt.PenStyle.DotLine))
            painter.drawRect(option.rect.adjusted(1, 1, -1, -1))
        painter.restore()


class Plate(QListView):
    """Pictures side by side; arrows and the mouse select one or many, Shift and Ctrl extend.

    Signals: ``chosen(list[str])`` with the keys of the selected items, ``opened(str)`` at a double
    click or Enter.
    """

    chosen = Signal(list)
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items = _Items(self)
        self.setModel(self._items)
        self.setItemDelegate(_Painter(self._items, self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionRectVisible(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(2 * (SIDE + 2 * MARGIN) + 8)
        self.verticalScrollBar().setSingleStep(SIDE // 2)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit(self.selected))
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(_ROW).key))

    @property
    def items(self) -> Sequence[PlateItem]:
        """The items in the order shown."""
        return tuple(self._items.items)

    @property
    def selected(self) -> list[str]:
        """Keys of the selected items, in the order shown."""
        return [self._items.items[at].key for at in sorted(i.row() for i in self.selectedIndexes())]

    def set_items(self, items: Iterable[PlateItem], picture_of: PictureOf | None = None) -> None:
        """Show other items; nothing is selected then.

        ``picture_of`` gives the picture of a key, when it comes into view; None keeps the pictures.
        """
        self._items.show(tuple(items), picture_of)

    def update_items(self, items: Iterable[PlateItem]) -> None:
        """Show other badges and frames; those that are not on the plate are passed over."""
        for item in items:
            self._items.update(item)

    def redraw(self, keys: Iterable[str]) -> None:
        """Ask for pictures again, such as those that were not there at the first question."""
        self._items.redraw(keys)

    def select(self, keys: Iterable[str]) -> None:
        """Select exactly these items, and bring the first of them into view."""
        selection = QItemSelection()
        places = [place for key in keys if (place := self._items.place(key)).isValid()]
        for place in places:
            selection.select(place, place)
        if places:
            self.selectionModel().setCurrentIndex(places[0], _FLAGS.NoUpdate)
            self.scrollTo(places[0])
        self.selectionModel().select(selection, _FLAGS.ClearAndSelect)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open an item at Enter; letters and digits are left to the window's keys."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex().data(_ROW).key)
        elif event.text().isalnum() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)


def as_pixmap(picture: Picture | None, side: int) -> QPixmap:
    """Scale a picture to fit a square of screen pixels; None gives an empty one."""
    if picture is None:
        empty = QPixmap(side, side)
        empty.fill(_NOTHING)
        return empty
    pixels = np.ascontiguousarray(picture, np.uint8)
    height, width = pixels.shape[:2]
    kind = QImage.Format.Format_RGB888 if pixels.ndim == 3 else QImage.Format.Format_Grayscale8
    image = QImage(pixels.tobytes(), width, height, pixels.strides[0], kind)
    smooth = Qt.TransformationMode.SmoothTransformation
    room = QSize(side, side)
    return QPixmap.fromImage(image).scaled(room, Qt.AspectRatioMode.KeepAspectRatio, smooth)


def _fitted(room: QRect) -> QRect:
    corner = room.center() - QRect(0, 0, SIDE, SIDE).center()
    return QRect(corner, QSize(SIDE, SIDE))


def _paint_badge(painter: QPainter, room: QRect, text: str, colour: QColor) -> None:
    width = painter.fontMetrics().horizontalAdvance(text) + 6
    height = painter.fontMetrics().height()
    place = QRect(room.left(), room.top(), width, height)
    painter.fillRect(place, colour)
    painter.setPen(letters_on(colour))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
