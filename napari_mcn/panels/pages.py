"""Several pages in the place of one, chosen by a row of buttons."""

from qtpy.QtCore import QSize, Qt, Signal
from qtpy.QtWidgets import (
    QFrame,
    QGridLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from napari_mcn.panels.button import Button, exclusive

LEAST = 160  # pixels of a page that scrolls


class Pages(QWidget):
    """One of several pages under a row of buttons with their names; only it takes room.

    Signals: ``page_chosen(str)`` when the user goes to a page.
    """

    page_chosen = Signal(str)

    def __init__(self, columns: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, Button] = {}
        self._pages: dict[str, QWidget] = {}
        self._columns = columns
        self._group = exclusive((), self)
        self._row = QGridLayout()
        self._row.setSpacing(3)
        self._front = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._row)

    def add_page(self, name: str, page: QWidget, hint: str = "") -> None:
        """Add a page, and say what it is for; the first one is in front."""
        button = Button(name, hint, checkable=True)
        button.clicked.connect(lambda: self._choose(name))
        self._group.addButton(button)
        at = len(self._pages)
        self._row.addWidget(button, at // self._columns, at % self._columns)
        self.buttons[name], self._pages[name] = button, page
        self._column.addWidget(page, 1)
        if at:  # Tab goes over the buttons before it enters the page
            self.setTabOrder(list(self.buttons.values())[-2], button)
        page.hide()
        if at == 0:
            self.show_page(name)

    def insert_above(self, part: QWidget) -> None:
        """Put what all pages share between the buttons and the page in front."""
        self._column.insertWidget(1, part)

    def show_page(self, name: str) -> None:
        """Bring a page to the front without telling anyone.

        Raises
        ------
        KeyError
            If no page has this name.
        """
        coming, going = self._pages[name], self._pages.get(self._front)
        if going is not None and going is not coming:
            going.hide()
        coming.show()
        self._front = name
        self.buttons[name].setChecked(True)

    @property
    def page(self) -> str:
        """Name of the page in front; empty before the first was added."""
        return self._front

    def _choose(self, name: str) -> None:
        self.show_page(name)
        self.page_chosen.emit(name)


def scrolled(page: QWidget) -> QScrollArea:
    """Let a tall page scroll by itself, so that it does not make the others as tall."""
    area = _Scrolled()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(page)
    return area


class _Scrolled(QScrollArea):
    """Takes what room there is; the column around it shall not scroll for its sake as well."""

    def sizeHint(self) -> QSize:
        """Ask for a few lines, where Qt would ask for most of the page."""
        return QSize(super().sizeHint().width(), LEAST)
