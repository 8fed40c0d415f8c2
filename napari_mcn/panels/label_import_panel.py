"""Bring in labels from spreadsheets: what was read, what words mean, which crystals were found."""

from collections.abc import Sequence
from dataclasses import dataclass

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QCheckBox, QLineEdit, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.label_import_columns import ColumnChoosers
from napari_mcn.panels.label_import_words import WordChoosers
from napari_mcn.panels.panel import Panel, caption, heading, row, sentence, stacked
from napari_mcn.panels.row_table import RowTable, TableRow

COLUMNS = ("Micrograph", "Answers", "Found", "By")
START = (
    "Choose a spreadsheet of labels, or the folder with the source team's files. "
    "Nothing is imported before you have seen what it says."
)
WAYS = (
    ("auto", "as it fits"),
    ("crop", "the crops beside the file"),
    ("label image", "the label image beside it"),
    ("number", "their number"),
    ("id", "the id of this program"),
)


@dataclass(frozen=True, slots=True)
class MicrographRow:
    """One micrograph of a table; ``hint`` names the rows without a crystal."""

    name: str
    answers: int
    found: int
    by: str
    hint: str = ""


class LabelImportPanel(Panel):
    """A table or folder, its columns, words and micrographs, and the button that imports it.

    Signals: ``table_requested()``, ``folder_requested()``, ``column_chosen(str, str)`` with role
    and column (empty: none), ``expert_typed(str)``, ``word_mapped(str, str)`` with word and class,
    ``way_chosen(str)`` with a key of `WAYS`, ``blind_chosen(bool)``, ``import_requested()``,
    ``take_back_requested()``, ``write_back_requested()``.
    """

    table_requested = Signal()
    folder_requested = Signal()
    column_chosen = Signal(str, str)
    expert_typed = Signal(str)
    word_mapped = Signal(str, str)
    way_chosen = Signal(str)
    blind_chosen = Signal(bool)
    import_requested = Signal()
    take_back_requested = Signal()
    write_back_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(START, parent)
        self._build_choice()
        self._build_reading()
        self._build_found()
        self._build_import()
        self._fill()
        self.set_file("")
        self.set_found(None)
        self.set_take_back("")

    def set_file(self, text: str) -> None:
        """Say what was chosen; empty when nothing is."""
        self._file.setText(text)
        self._file.setVisible(bool(text))

    def set_columns(
        self, columns: Sequence[str], chosen: Sequence[tuple[str, str]], *, open_: bool
    ) -> None:
        """Show which column is which; ``open_`` False where the layout is known."""
        self.columns.set_columns(columns, chosen)
        self._columns_part.setVisible(open_)

    def set_expert(self, name: str, *, asked: bool) -> None:
        """Show whose labels they are; ``asked`` where no column says it."""
        if self.expert.text() != name:
            self.expert.setText(name)
        self._expert_part.setVisible(asked)

    def set_words(
        self, words: Sequence[tuple[str, int, str | None]], choices: Sequence[tuple[str, str]]
    ) -> None:
        """Show words with how often they stand there and what they mean; None: unknown."""
        self.words.set_words(words, choices)
        self._words_part.setVisible(bool(words))

    def set_found(self, text: str | None, rows: Sequence[MicrographRow] = ()) -> None:
        """Say how many rows found their crystal; None where nothing was read."""
        self._found.setText(text or "")
        self._found_part.setVisible(text is not None)
        self._import_part.setVisible(text is not None)
        self.micrographs.set_rows(COLUMNS, [_table_row(each) for each in rows])
        self.micrographs.setFixedHeight(min(30 + 24 * len(rows), 150))
        if text is None:
            self.set_words((), ())
            self._columns_part.setVisible(False)
            self._expert_part.setVisible(False)
            self.set_remarks("")

    def set_remarks(self, text: str) -> None:
        """Say what is odd about the files; empty when nothing is."""
        self.remarks.setText(text)
        self.remarks.setVisible(bool(text))

    def set_blind(self, blind: bool) -> None:
        """Show whether the experts count as not having seen each other's answers."""
        self.blind.setChecked(blind)

    def set_import(self, text: str, available: bool, reason: str = "") -> None:
        """Name the button, and allow or forbid it for a reason."""
        self.import_button.setText(text)
        self.import_button.set_available(available, reason)

    def set_take_back(self, name: str) -> None:
        """Offer to take the labels of a file back; empty where there is none."""
        self.take_back_button.setVisible(bool(name))
        text = f"Take the labels of {name} back"
        self.take_back_button.setText(text if len(text) < 46 else "Take these labels back")

    def _build_choice(self) -> None:
        self.table_button = Button("Table…", "A CSV, TSV or Excel (.xlsx) file.")
        self.folder_button = Button(
            "Folder…", "A folder with files named <name>_<expert>.csv, or of such folders."
        )
        self.table_button.clicked.connect(self.table_requested)
        self.folder_button.clicked.connect(self.folder_requested)
        self._file = sentence()
        self._add(row(self.table_button, self.folder_button))
        self._add(self._file)

    def _build_reading(self) -> None:
        self.columns = ColumnChoosers()
        self.columns.column_chosen.connect(self.column_chosen)
        self._columns_part = stacked(heading("Columns"), self.columns)
        self.expert = QLineEdit()
        self.expert.setPlaceholderText("name or initials")
        self.expert.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.expert.editingFinished.connect(self._on_expert)
        self._expert_part = stacked(row(caption("Labels of"), self.expert))
        self.words = WordChoosers()
        self.words.word_mapped.connect(self.word_mapped)
        self._words_part = stacked(heading("Words and what they mean"), self.words)
        for part in (self._columns_part, self._expert_part, self._words_part):
            self._add(part)

    def _build_found(self) -> None:
        self._found = sentence()
        self.way = Chooser("How a row of the table finds its crystal.")
        self.way.set_choices(WAYS, "auto")
        self.way.activated.connect(lambda: self.way_chosen.emit(self.way.currentData()))
        self.micrographs = RowTable(COLUMNS)
        self.micrographs.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.micrographs.set_stretched(0)
        self.remarks = sentence()
        self._found_part = stacked(
            heading("Crystals"), self._found, row(caption("Found by"), self.way), self.micrographs
        )
        self._add(self._found_part)
        self._add(self.remarks)

    def _build_import(self) -> None:
        self.blind = QCheckBox("The experts did not see each other's answers")
        self.blind.setToolTip("Only such labels count in the agreement between experts.")
        self.blind.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.blind.clicked.connect(self.blind_chosen)
        self.import_button = Button("Import", "Take these labels into the project.", primary=True)
        self.import_button.clicked.connect(self.import_requested)
        self.take_back_button = Button(
            "Take back",
            "Take the labels away that came from this table; those changed since stay.",
        )
        self.take_back_button.clicked.connect(self.take_back_requested)
        self._import_part = stacked(self.blind, self.import_button)
        self._add(self._import_part)
        self._add(row(None, self.take_back_button))
        self.write_back_button = Button(
            "Write the source team's files again…",
            "Every label file that was imported, as it was but for what was edited since.",
        )
        self.write_back_button.clicked.connect(self.write_back_requested)
        self._back_part = stacked(heading("Back into the files"), self.write_back_button)
        self._add(self._back_part)

    def _on_expert(self) -> None:
        self.expert.clearFocus()
        self.expert_typed.emit(self.expert.text().strip())


def _table_row(each: MicrographRow) -> TableRow:
    troubled = frozenset() if each.found == each.answers else frozenset({2})
    values = (each.name, each.answers, each.found, each.by)
    hints = dict.fromkeys(range(len(values)), each.hint) if each.hint else {}
    return TableRow(each.name, values, troubled, hints)
