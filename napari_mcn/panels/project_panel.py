"""Open a project, bring micrographs in, and see where their scale comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qtpy.QtCore import Qt, Signal
from qtpy.QtGui import QDragEnterEvent, QDropEvent
from qtpy.QtWidgets import QAbstractSpinBox, QBoxLayout, QSizePolicy, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.fields import DecimalNumber
from napari_mcn.panels.panel import Badge, Panel, heading, row, sentence, stacked
from napari_mcn.panels.row_table import RowTable, TableRow

COLUMNS = ("Micrograph", "Labelled", "Scale")


@dataclass(frozen=True, slots=True)
class MicrographRow:
    """One micrograph in the list; ``scale`` is a short text such as ``10 nm/px``.

    ``crystals`` and ``labelled`` are None until they are counted.
    """

    image_id: str
    name: str
    crystals: int | None
    labelled: int | None
    scale: str
    scale_known: bool
    scale_note: str = ""  # why the scale that the file declares is not used


class Nanometres(DecimalNumber):
    """A length that stays as exact as it is known, until somebody types another one."""

    def __init__(self, hint: str, unit: str) -> None:
        super().__init__(0, 0, 1_000_000, hint, unit)
        self._known = self._shown = 0.0
        self.setDecimals(6)

    def set_known(self, length_nm: float) -> None:
        """Show a length, rounded."""
        self.setValue(length_nm)
        self._known, self._shown = length_nm, self.value()

    @property
    def exact(self) -> float:
        """The length in nanometres: what is known, or what was typed in its place."""
        return self._known if self.value() == self._shown else self.value()

    def textFromValue(self, value: float) -> str:
        """Write the number without noughts at its end."""
        text, point = super().textFromValue(value), self.locale().decimalPoint()
        return text.rstrip("0").rstrip(point) if point in text else text


class ProjectPanel(Panel):
    """The project, its micrographs and the scale of the one in view.

    Signals: ``new_requested()``, ``open_requested()``, ``sample_requested()``,
    ``micrographs_requested()``, ``files_dropped(list[Path])``, ``micrograph_chosen(str)`` with an
    image id, ``pixel_size_typed(float, float)`` with the side and its standard uncertainty in
    nanometres; an uncertainty of 0 was not given.
    """

    new_requested = Signal()
    open_requested = Signal()
    sample_requested = Signal()
    micrographs_requested = Signal()
    files_dropped = Signal(list)
    micrograph_chosen = Signal(str)
    pixel_size_typed = Signal(float, float)

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
        directions = QBoxLayout.Direction
        self._ways.setDirection(directions.TopToBottom if name is None else directions.LeftToRight)

    def set_micrographs(self, rows: Sequence[MicrographRow]) -> None:
        """Show the project's micrographs in the order given."""
        self.micrographs.set_rows(COLUMNS, [_table_row(each) for each in rows])
        self.micrographs.setVisible(bool(rows))
        self._empty.setVisible(not rows)

    def set_current(self, image_id: str | None) -> None:
        """Highlight the micrograph in view; None when there is none."""
        self.micrographs.select(image_id)
        self._scale_part.setVisible(image_id is not None)

    def set_scale(
        self, text: str, source: str, known: bool, detail: str = "", doubt: str = ""
    ) -> None:
        """Show the scale of the micrograph in view and where it came from; red when unknown.

        ``detail`` says where every other number came from, ``doubt`` why the file's own scale is
        not used or is to be checked; red then as well.
        """
        said = f"{text}  ({source})" if source else text
        unknown = f"Scale unknown. {doubt}" if doubt else "Scale unknown"
        doubted = f"{said}. {doubt}" if doubt else said
        self.scale.set_text(doubted if known else unknown, not known or bool(doubt))
        self.scale.setToolTip(detail)

    def set_pixel_size(self, side_nm: float, plus_minus_nm: float) -> None:
        """Offer a side of a pixel and its uncertainty in nanometres; 0, not known, stays empty."""
        self.pixel_size.set_known(side_nm)
        self.plus_minus.set_known(plus_minus_nm)

    def set_health(self, text: str) -> None:
        """Show what is odd about the project's files; empty when all is well."""
        self.health.set_text(text, trouble=False)

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
        self.health = Badge()
        self.sample_button = Button("Open sample", "A rendered project to try everything on.")
        self.new_button = Button("New…", "Start an empty project in a folder of your choice.")
        self.open_button = Button("Open…", "Open the folder of an existing project.")
        self.sample_button.clicked.connect(self.sample_requested)
        self.new_button.clicked.connect(self.new_requested)
        self.open_button.clicked.connect(self.open_requested)
        self._ways = row(self.sample_button, self.new_button, self.open_button)
        for part in (self._name, self._folder, self._ways, self.health):
            self._add(part)

    def _build_contents(self) -> None:
        self._empty = sentence("Drop micrographs here, or add them by the button below.")
        self.micrographs = RowTable(COLUMNS)
        # As low as it must be, so that the scale below stays in view; it takes what room there is.
        self.micrographs.setMinimumHeight(110)
        self.micrographs.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.micrographs.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.micrographs.set_stretched(0)
        self.micrographs.row_chosen.connect(self.micrograph_chosen)
        self.add_button = Button("Add micrographs…", "TIFF, PNG, JPEG or BMP; or drop them here.")
        self.add_button.clicked.connect(self.micrographs_requested)
        self._contents = stacked(
            heading("Micrographs"), self._empty, self.micrographs, self.add_button
        )
        below = self._contents.layout()
        below.addWidget(self._build_scale())
        below.setStretch(below.indexOf(self.micrographs), 1)
        below.addStretch(0)

    def _build_scale(self) -> QWidget:
        self.scale = Badge()
        hint = (
            "Side of one pixel of this micrograph, in nanometres. Where pixels are higher than "
            "wide it is the geometric mean of both sides, and their ratio stays."
        )
        self.pixel_size = Nanometres(hint, " nm/px")
        self.pixel_size.setSpecialValueText(" ")  # for 0: nobody gave one yet
        hint = "Standard uncertainty of that length in nanometres, if you know it."
        self.plus_minus = Nanometres(hint, " nm")
        self.plus_minus.setPrefix("± ")
        self.plus_minus.setSpecialValueText("± not given")
        for field in (self.pixel_size, self.plus_minus):
            field.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)  # room for the numbers
        self.set_button = Button("Set scale", "Use these numbers for this micrograph.")
        self.set_button.clicked.connect(self._on_set)
        self._scale_part = stacked(
            heading("Scale of this micrograph"),
            self.scale,
            row(self.pixel_size, self.plus_minus, self.set_button),
        )
        return self._scale_part

    def _on_set(self) -> None:
        self.pixel_size_typed.emit(self.pixel_size.exact, self.plus_minus.exact)


def _table_row(micrograph: MicrographRow) -> TableRow:
    labelled, hint = "…", "Counting the crystals"
    if micrograph.crystals is not None:
        labelled = f"{micrograph.labelled:,} / {micrograph.crystals:,}"
        hint = f"{micrograph.labelled:,} of {micrograph.crystals:,} crystals labelled by you"
    troubled = frozenset() if micrograph.scale_known else frozenset({COLUMNS.index("Scale")})
    shown = (micrograph.name, labelled, micrograph.scale)
    hints = {1: hint, 2: micrograph.scale_note or micrograph.scale}
    return TableRow(micrograph.image_id, shown, troubled, hints)
