"""Open a project, bring micrographs in, and see where their scale comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qtpy.QtCore import Signal
from qtpy.QtGui import QDragEnterEvent, QDropEvent
from qtpy.QtWidgets import QDoubleSpinBox, QHeaderView, QVBoxLayout, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.panel import Badge, Panel, row, sentence
from napari_mcn.panels.row_table import RowTable, TableRow

COLUMNS = ("Micrograph", "Crystals", "Labelled", "Scale")


@dataclass(frozen=True, slots=True)
class MicrographRow:
    """One micrograph in the list; ``scale`` is a short text such as ``10 nm/px``."""

    image_id: str
    name: str
    crystals: int
    labelled: int
    scale: str
    scale_known: bool


class ProjectPanel(Panel):
    """The project, its micrographs and the scale of the one in view.

    Signals: ``new_requested()``, ``open_requested()``, ``sample_requested()``,
    ``micrographs_requested()``, ``files_dropped(list[Path])``, ``micrograph_chosen(str)`` with an
    image id, ``pixel_size_typed(float)`` in nanometres.
    """

    new_requested = Signal()
    open_requested = Signal()
    sample_requested = Signal()
    micrographs_requested = Signal()
    files_dropped = Signal(list)
    micrograph_chosen = Signal(str)
    pixel_size_typed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Open the sample project to look around, or start your own.", parent)
        self.setAcceptDrops(True)
        self._build_project()
        self._build_contents()
        self._add(self._contents, 1)
        self._fill()
        self.set_project(None, "")
        self.set_health("")

    def set_project(self, name: str | None, folder: str) -> None:
        """Show the open project's name and folder; None when no project is open."""
        self._name.setText(name or "No project is open")
        self._folder.setText(folder)
        self._folder.setVisible(bool(folder))
        self._contents.setVisible(name is not None)

    def set_micrographs(self, rows: Sequence[MicrographRow]) -> None:
        """Show the project's micrographs in the order given."""
        self.micrographs.set_rows(COLUMNS, [_table_row(each) for each in rows])
        self.micrographs.setVisible(bool(rows))
        self._empty.setVisible(not rows)

    def set_current(self, image_id: str | None) -> None:
        """Highlight the micrograph in view; None when there is none."""
        self.micrographs.select(image_id)
        self._scale_part.setVisible(image_id is not None)

    def set_scale(self, text: str, source: str, known: bool) -> None:
        """Show the scale of the micrograph in view and where it came from; red when unknown."""
        said = f"{text}  ({source})" if source else text
        self._scale.set_text(said if known else "Scale unknown", not known)

    def set_health(self, text: str) -> None:
        """Show what is odd about the project's files; empty when all is well."""
        self._health.set_text(text, trouble=False)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files from the desktop."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell which files and folders were dropped."""
        urls = event.mimeData().urls()
        self.files_dropped.emit([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])
        event.acceptProposedAction()

    def _build_project(self) -> None:
        self._name = sentence()
        self._name.setStyleSheet("QLabel { font-size: 13pt; font-weight: bold; }")
        self._folder = sentence()
        self._health = Badge()
        self.new_button = Button("New…", "Start an empty project in a folder of your choice.")
        self.open_button = Button("Open…", "Open the folder of an existing project.")
        self.sample_button = Button("Sample", "Open a rendered sample project to try things out.")
        self.new_button.clicked.connect(self.new_requested)
        self.open_button.clicked.connect(self.open_requested)
        self.sample_button.clicked.connect(self.sample_requested)
        self._add(self._name)
        self._add(self._folder)
        self._add(row(self.new_button, self.open_button, self.sample_button))
        self._add(self._health)

    def _build_contents(self) -> None:
        self._contents = QWidget()
        column = QVBoxLayout(self._contents)
        column.setContentsMargins(0, 8, 0, 0)
        self._empty = sentence("Drop micrographs here, or add them by the button below.")
        self.micrographs = RowTable(COLUMNS)
        self.micrographs.setMinimumHeight(180)
        self.micrographs.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.micrographs.row_chosen.connect(self.micrograph_chosen)
        self.add_button = Button("Add micrographs…", "TIFF, PNG, JPEG or BMP; or drop them here.")
        self.add_button.clicked.connect(self.micrographs_requested)
        column.addWidget(self._empty)
        column.addWidget(self.micrographs, 1)
        column.addWidget(self.add_button)
        column.addWidget(self._build_scale())

    def _build_scale(self) -> QWidget:
        self._scale = Badge()
        self.pixel_size = QDoubleSpinBox()
        self.pixel_size.setRange(0.01, 1_000_000)
        self.pixel_size.setDecimals(3)
        self.pixel_size.setValue(10)
        self.pixel_size.setSuffix(" nm per pixel")
        self.pixel_size.setToolTip("Side of one pixel of this micrograph, in nanometres.")
        self.set_button = Button("Set scale", "Use the number at the left for this micrograph.")
        self.set_button.clicked.connect(lambda: self.pixel_size_typed.emit(self.pixel_size.value()))
        self._scale_part = QWidget()
        column = QVBoxLayout(self._scale_part)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self._scale)
        column.addLayout(row(self.pixel_size, self.set_button))
        return self._scale_part


def _table_row(micrograph: MicrographRow) -> TableRow:
    values = (micrograph.name, micrograph.crystals, micrograph.labelled, micrograph.scale)
    troubled = frozenset() if micrograph.scale_known else frozenset({COLUMNS.index("Scale")})
    return TableRow(micrograph.image_id, values, troubled)
