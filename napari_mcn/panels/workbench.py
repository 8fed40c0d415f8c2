"""The one column that holds every step, from the project to the measurements."""

from qtpy.QtCore import QSize, Qt, Signal
from qtpy.QtWidgets import (
    QFrame,
    QGridLayout,
    QProgressBar,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from microcrystalnet.progress import Progress
from napari_mcn.panels.button import Button, exclusive
from napari_mcn.panels.panel import Badge, row, sentence

COLUMNS = 4


class Workbench(QWidget):
    """Tabs for the steps, the panel of the chosen one, running work and the save state.

    Signals: ``step_chosen(str)`` when the user goes to a step, ``cancel_requested()`` for the
    running work, ``keys_requested()`` for the cheat sheet.
    """

    step_chosen = Signal(str)
    cancel_requested = Signal()
    keys_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(340)
        self.buttons: dict[str, Button] = {}
        self._pages: dict[str, QScrollArea] = {}
        self._group = exclusive((), self)
        self._tabs = QGridLayout()
        self._tabs.setSpacing(3)
        self.keys_button = Button("?", "Show what every key does.")
        self.keys_button.setFixedWidth(28)
        self.keys_button.clicked.connect(self.keys_requested)
        self._stack = QStackedWidget()
        self.saved = Badge()
        column = QVBoxLayout(self)
        # napari's dock title is painted 7 pixels over what lies below it.
        column.setContentsMargins(4, 12, 4, 4)
        column.setSpacing(4)
        column.addLayout(self._tabs)
        column.addWidget(self._stack, 1)
        column.addWidget(self._build_progress())
        column.addLayout(self._build_footer())
        self.set_progress(None)
        self.set_saved("", trouble=False)

    def sizeHint(self) -> QSize:
        """Ask for a column that leaves the micrograph most of a small screen."""
        return QSize(380, 600)

    def add_step(self, name: str, widget: QWidget, hint: str = "") -> None:
        """Add a tab, and what it is for, with its panel in a scroll area."""
        page = QScrollArea()
        page.setFrameShape(QFrame.Shape.NoFrame)
        page.setWidgetResizable(True)
        page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page.setWidget(widget)
        button = Button(name, hint, checkable=True)
        button.clicked.connect(lambda: self._choose(name))
        self._group.addButton(button)
        self.buttons[name], self._pages[name] = button, page
        self._stack.addWidget(page)
        self._place_tabs()
        if len(self.buttons) > 1:  # Tab goes over the tabs before it enters the page
            self.setTabOrder(list(self.buttons.values())[-2], button)
        if len(self._pages) == 1:
            self.show_step(name)

    def show_step(self, name: str) -> None:
        """Bring a step to the front without telling anyone.

        Raises
        ------
        KeyError
            If no step has this name.
        """
        self._stack.setCurrentWidget(self._pages[name])
        self.buttons[name].setChecked(True)

    @property
    def step(self) -> str:
        """Name of the step in front; empty before the first was added."""
        front = self._stack.currentWidget()
        return next((name for name, page in self._pages.items() if page is front), "")

    def set_saved(self, text: str, trouble: bool, *, in_folder: bool = True) -> None:
        """Say where the work is: a tick in the project folder, a dot on this computer only.

        Parameters
        ----------
        text : str
            A short sentence; empty hides the line.
        trouble : bool
            Whether saving fails; the line is then a red banner.
        in_folder : bool
            Whether everything has reached the project folder.
        """
        mark = "⚠" if trouble else "✓" if in_folder else "●"
        self.saved.set_text(f"{mark}  {text}" if text else "", trouble)

    def set_progress(self, progress: Progress | None) -> None:
        """Show how far the running work is; None when nothing runs."""
        self._progress_row.setVisible(progress is not None)
        if progress is None:
            return
        self.bar.setRange(0, progress.total)
        self.bar.setValue(min(progress.done, progress.total))
        self._message.setText(progress.message)
        self._message.setVisible(bool(progress.message))

    def _build_progress(self) -> QWidget:
        self._message = sentence()
        self.bar = QProgressBar()
        self.cancel_button = Button("Cancel", "Stop the running work; what is saved stays.")
        self.cancel_button.clicked.connect(self.cancel_requested)
        self._progress_row = QWidget()
        column = QVBoxLayout(self._progress_row)
        column.setContentsMargins(12, 0, 12, 0)
        column.setSpacing(2)
        column.addWidget(self._message)
        column.addLayout(row(self.bar, self.cancel_button))
        return self._progress_row

    def _build_footer(self) -> QVBoxLayout:
        footer = QVBoxLayout()
        footer.setContentsMargins(12, 2, 12, 4)
        line = row(self.saved, self.keys_button)
        line.setStretch(0, 1)
        footer.addLayout(line)
        return footer

    def _place_tabs(self) -> None:
        for at, button in enumerate(self.buttons.values()):
            self._tabs.addWidget(button, at // COLUMNS, at % COLUMNS)

    def _choose(self, name: str) -> None:
        self.show_step(name)
        self.step_chosen.emit(name)
