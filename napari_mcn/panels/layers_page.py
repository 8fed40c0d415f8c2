"""What each convolution block of the network sees in a crystal, channel by channel."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QSize, Qt, Signal
from qtpy.QtGui import QColor, QIcon, QImage, QPainter, QPaintEvent, QPen, QPixmap
from qtpy.QtWidgets import QGridLayout, QSizePolicy, QToolButton, QWidget

from napari_mcn.panels.button import Button, exclusive
from napari_mcn.panels.colours import ACCENT
from napari_mcn.panels.fields import Chooser, WholeNumber
from napari_mcn.panels.panel import caption, row, sentence, stacked

COLUMNS, SIDE = 6, 54  # three lines of sixteen, so that the colour bar below stays in sight
MARK = 3
Picture = NDArray[np.uint8]


class _Thumbnail(QToolButton):
    """A picture with a frame around it when it is chosen."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture and the frame."""
        super().paintEvent(event)
        if self.isChecked():
            painter = QPainter(self)
            painter.setPen(QPen(QColor(ACCENT), MARK))
            inset = (MARK + 1) // 2
            painter.drawRect(self.rect().adjusted(1, 1, -inset, -inset))


class LayersPage(QWidget):
    """A block's mean, and its strongest channels as a grid of pictures.

    Signals: ``block_chosen(int)`` from 1, ``channel_chosen(object)`` with a channel from 0 or None
    for the mean of all.
    """

    block_chosen = Signal(int)
    channel_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.block = Chooser("Early blocks see edges, late blocks see shapes.")
        self.block.activated.connect(lambda at: self.block_chosen.emit(self.block.itemData(at)))
        self.mean_button = Button("Mean of all", "What the block sees on average.", checkable=True)
        self.mean_button.clicked.connect(lambda: self.channel_chosen.emit(None))
        self.number = WholeNumber(0, 0, 0, "Any channel of the block, by its number.")
        self.number.editingFinished.connect(self._on_number)
        self.thumbnails: list[QToolButton] = []
        self._group = exclusive((self.mean_button,), self)
        self._group.setExclusive(False)
        self._grid = QGridLayout()
        self._grid.setSpacing(2)
        self.words = sentence()
        channel = row(caption("Channel"), self.number)
        column = stacked(row(self.block, self.mean_button), channel, self.words, self._grid)
        column.layout().addStretch(1)
        self.setLayout(column.layout())
        self.set_blocks(0, None)

    def set_blocks(self, count: int, current: int | None) -> None:
        """Say how many convolution blocks there are, and which one is shown."""
        blocks = [(number, f"Block {number}") for number in range(1, count + 1)]
        self.block.set_choices(blocks, current)
        self.block.setEnabled(bool(count))
        if not count:
            self.set_channels((), 0)

    def set_words(self, text: str) -> None:
        """Say what is seen, or why nothing is."""
        self.words.setText(text)

    def set_channels(self, pictures: Sequence[tuple[int, Picture]], count: int) -> None:
        """Show (channel, (size, size, 3) colours), strongest first, of ``count`` channels."""
        for each in self.thumbnails:
            each.deleteLater()
        self.thumbnails = [self._thumbnail(*each) for each in pictures]
        for at, button in enumerate(self.thumbnails):
            self._grid.addWidget(button, at // COLUMNS, at % COLUMNS)
        self.number.setMaximum(max(count - 1, 0))
        for part in (self.mean_button, self.number):
            part.setEnabled(bool(pictures))

    def set_channel(self, channel: int | None) -> None:
        """Mark the channel that lies on the micrograph; None is the mean of all."""
        self.mean_button.setChecked(channel is None)
        for each in self.thumbnails:
            each.setChecked(each.property("channel") == channel)
        if channel is not None:
            self.number.blockSignals(True)
            self.number.setValue(channel)
            self.number.blockSignals(False)

    def _thumbnail(self, channel: int, picture: Picture) -> QToolButton:
        button = _Thumbnail()
        button.setProperty("channel", channel)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(f"Channel {channel}: click to lay it on the micrograph.")
        button.setIcon(_icon(picture))
        button.setIconSize(QSize(SIDE - 2 * MARK, SIDE - 2 * MARK))
        button.setMinimumSize(40, SIDE)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.channel_chosen.emit(channel))
        return button

    def _on_number(self) -> None:
        if self.number.isEnabled():
            self.channel_chosen.emit(self.number.value())


def _icon(picture: Picture) -> QIcon:
    height, width = picture.shape[:2]
    pixels = np.ascontiguousarray(picture, np.uint8).tobytes()
    image = QImage(pixels, width, height, 3 * width, QImage.Format.Format_RGB888)
    side = SIDE - 2 * MARK
    return QIcon(QPixmap.fromImage(image.scaled(side, side)))
