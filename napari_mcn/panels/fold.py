"""A part of a panel that is folded away until it is wanted."""

from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_mcn.panels.button import Button, squeezed


class Fold(QWidget):
    """A heading that shows and hides what lies below it."""

    def __init__(self, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._content = title, content
        self.heading = squeezed(Button("", checkable=True))
        self.heading.setFlat(True)
        self.heading.setStyleSheet("QPushButton { background: none; text-align: left; }")
        self.heading.setToolTip("Show or hide this part.")
        self.heading.toggled.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.heading)
        column.addWidget(content)
        self._show(False)

    def set_title(self, title: str) -> None:
        """Give the heading another text."""
        if title != self._title:
            self._title = title
            self._show(self.heading.isChecked())

    def _show(self, unfolded: bool) -> None:
        self.heading.setText(f"{'▾' if unfolded else '▸'}  {self._title}")
        self._content.setVisible(unfolded)
