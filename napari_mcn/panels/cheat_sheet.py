"""All keys on one page."""

from collections.abc import Sequence
from itertools import groupby

from qtpy.QtCore import QSize, Qt
from qtpy.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget


class CheatSheet(QWidget):
    """Keys by group, each with what it does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll)

    def sizeHint(self) -> QSize:
        """Ask for a page that fits a small screen."""
        return QSize(440, 600)

    def set_keys(self, keys: Sequence[tuple[str, str, str]]) -> None:
        """Show (group, key, text) in the order given; neighbours of one group share a heading."""
        page = QWidget()
        grid = QGridLayout(page)
        grid.setColumnStretch(1, 1)
        for group, members in groupby(keys, key=lambda each: each[0]):
            heading = QLabel(group)
            heading.setStyleSheet("QLabel { font-weight: bold; padding-top: 8px; }")
            grid.addWidget(heading, grid.rowCount(), 0, 1, 2)
            for _, key, text in members:
                self._add_key(grid, key, text)
        grid.setRowStretch(grid.rowCount(), 1)
        self._scroll.setWidget(page)

    @staticmethod
    def _add_key(grid: QGridLayout, key: str, text: str) -> None:
        at = grid.rowCount()
        cap, said = QLabel(key), QLabel(text)
        cap.setStyleSheet(
            "QLabel { border: 1px solid palette(mid); border-radius: 3px; padding: 2px 6px; }"
        )
        said.setWordWrap(True)
        grid.addWidget(cap, at, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        grid.addWidget(said, at, 1)
