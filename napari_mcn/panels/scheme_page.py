"""The classes experts choose from, to look at and to change."""

from collections.abc import Sequence
from dataclasses import replace

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from microcrystalnet.domain.scheme import (
    CrystalClass,
    Scheme,
    description_of,
    look_alikes_of,
)
from napari_mcn.panels.button import Button, squeezed
from napari_mcn.panels.class_button import swatch
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.panel import Panel, caption, heading, row, sentence, stacked
from napari_mcn.panels.row_table import RowTable, TableRow

COLUMNS = ("Key", "Code", "Name")
# Okabe and Ito (2008), then Tol's muted scheme (2021): told apart with colour-vision deficiency.
PALETTE = (
    "#0072b2", "#e69f00", "#cc79a7", "#009e73", "#56b4e9", "#d55e00", "#f0e442", "#332288",
    "#882255", "#999933", "#44aa99", "#aa4499",
)  # fmt: skip
NO_KEY = ("", "none")


class SchemePage(Panel):
    """A table of the classes, the fields of one of them, and what can be done.

    Signals: ``class_chosen(str)`` with a code, ``add_requested(CrystalClass)``,
    ``change_requested(CrystalClass)``, ``move_requested(str, int)``, ``retire_requested(str)``,
    ``restore_requested(str)``, ``forms_requested(tuple, tuple)`` with shapes and facet
    definitions, ``import_requested()``, ``export_requested()``.
    """

    class_chosen = Signal(str)
    add_requested = Signal(object)
    change_requested = Signal(object)
    move_requested = Signal(str, int)
    retire_requested = Signal(str)
    restore_requested = Signal(str)
    forms_requested = Signal(object, object)
    import_requested = Signal()
    export_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Labels given so far keep their class, whatever you change here. Classifiers must be "
            "trained again when classes are added, moved or retired.",
            parent,
        )
        self._scheme: Scheme | None = None
        self._title = caption("", large=True)
        self.table = RowTable(COLUMNS)
        self.table.set_stretched(2)
        self.table.row_chosen.connect(self.class_chosen)
        self._add(self._title)
        self._add(self.table)
        self._build_order()
        self._build_fields()
        self._build_retired()
        self._build_forms()
        self._build_files()
        self._fill()

    def set_scheme(self, scheme: Scheme, current: str | None) -> None:
        """Show a scheme, and one of its classes in the fields; None: empty fields for a new one."""
        self._scheme = scheme
        self._title.setText(f"{scheme.name}, version {scheme.version}")
        rows = [TableRow(each.code, (each.key, each.code, each.name)) for each in scheme.classes]
        self.table.set_rows(COLUMNS, rows)
        self.table.setFixedHeight(30 + 24 * min(max(len(rows), 3), 9))
        self.table.select(current)
        for field, words in ((self.shapes, scheme.shapes), (self.definitions, scheme.definitions)):
            field.setText(", ".join(words))
            field.setCursorPosition(0)
        retired = [(each.code, f"{each.code}  {each.name}") for each in scheme.retired]
        self.retired.set_choices(retired, retired[0][0] if retired else None)
        self._retired_part.setVisible(bool(retired))
        self._show_class(current)

    @property
    def described(self) -> CrystalClass:
        """The class that the fields describe."""
        return CrystalClass(
            self.code.text().strip(),
            self.name.text().strip(),
            self.colour.text().strip().lower(),
            str(self.key.currentData() or ""),
            _words(self.aliases.text()),
            self.description.text().strip(),
            _words(self.look_alikes.text()),
        )

    def _show_class(self, code: str | None) -> None:
        cls = self._scheme.find(code) if self._scheme else None
        known = cls is not None
        self.code.setReadOnly(known)
        self.code.setToolTip("A code is never changed." if known else "Short, such as RES.")
        cls = cls or self._blank()
        for field, text in (
            (self.code, cls.code),
            (self.name, cls.name),
            (self.colour, cls.colour),
            (self.aliases, ", ".join(cls.aliases)),
            (self.description, self._description(cls)),
            (self.look_alikes, ", ".join(self._look_alikes(cls))),
        ):
            field.setText(text)
            field.setCursorPosition(0)
        self.key.set_choices([NO_KEY, *((each, each) for each in self._free_keys(cls))], cls.key)
        self.change_button.set_available(known, "Choose a class in the table first.")
        self.add_button.set_available(not known, "Press New first, then fill in the fields.")
        for button in (self.up_button, self.down_button, self.retire_button):
            button.set_available(known, "Choose a class in the table first.")

    def _description(self, cls: CrystalClass) -> str:
        return description_of(self._scheme, cls.code) if self._scheme else cls.description

    def _look_alikes(self, cls: CrystalClass) -> Sequence[str]:
        return look_alikes_of(self._scheme, cls.code) if self._scheme else cls.look_alikes

    def _blank(self) -> CrystalClass:
        """Give what a new class begins with."""
        blank = CrystalClass("", "", self._free_colour(), "")
        free = [key for key in self._free_keys(blank) if key]
        return replace(blank, key=free[0] if free else "")

    def _free_keys(self, cls: CrystalClass) -> Sequence[str]:
        taken = {each.key for each in self._scheme.classes} if self._scheme else set()
        return [key for key in "123456789" if key == cls.key or key not in taken]

    def _free_colour(self) -> str:
        taken = {each.colour.lower() for each in self._scheme.known} if self._scheme else set()
        return next((each for each in PALETTE if each not in taken), PALETTE[0])

    def _chosen(self) -> str:
        return self.table.chosen() or ""

    def _build_order(self) -> None:
        self.new_button = Button("New", "Empty the fields for another class.")
        self.up_button = Button("▲", "Move the class up.")
        self.down_button = Button("▼", "Move the class down.")
        self.retire_button = Button(
            "Retire", "Offer it no longer; labels keep it, and its code is not used again."
        )
        self.new_button.clicked.connect(self._begin)
        self.up_button.clicked.connect(lambda: self.move_requested.emit(self._chosen(), -1))
        self.down_button.clicked.connect(lambda: self.move_requested.emit(self._chosen(), 1))
        self.retire_button.clicked.connect(lambda: self.retire_requested.emit(self._chosen()))
        buttons = (self.new_button, self.up_button, self.down_button, self.retire_button)
        self._add(row(*map(squeezed, buttons)))

    def _build_fields(self) -> None:
        self.code, self.name = _field("Short, such as RES."), _field("What it is called.")
        self.colour = _field("# and six digits, such as #0072b2.")
        self.colour.textChanged.connect(self._show_colour)
        self.key = Chooser("The digit that names this class.")
        self.key.squeeze()
        self.aliases = _field("Other names, with commas between; imports know them too.")
        self.description = _field("How to tell it; shown in the atlas.")
        self.look_alikes = _field("Codes it is mistaken for, with commas between.")
        self._sample = swatch("#000000", 20)
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        short = row(self.code, caption("Key"), self.key)
        short.setStretch(0, 2)
        short.setStretch(2, 1)
        self._place("Code", short)
        self._place("Name", row(self.name))
        self._place("Colour", row(self._sample, self.colour))
        self._place("Also called", row(self.aliases))
        self._place("Description", row(self.description))
        self._place("Mistaken for", row(self.look_alikes))
        self._add(self._grid)
        self.change_button = Button("Change this class", "Keep what the fields say.")
        self.add_button = Button("Add as a new class", "It comes last.")
        self.change_button.clicked.connect(lambda: self.change_requested.emit(self.described))
        self.add_button.clicked.connect(lambda: self.add_requested.emit(self.described))
        self._add(row(*map(squeezed, (self.change_button, self.add_button))))

    def _build_retired(self) -> None:
        self.retired = Chooser("Classes that are not offered any more.")
        self.retired.squeeze()
        self.restore_button = Button("Offer again", "Experts may choose this class again.")
        self.restore_button.clicked.connect(
            lambda: self.restore_requested.emit(str(self.retired.currentData()))
        )
        line = row(self.retired, self.restore_button)
        line.setStretch(0, 1)
        self._retired_part = stacked(heading("Retired"), line)
        self._add(self._retired_part)

    def _build_forms(self) -> None:
        self.shapes = _field("Words for the shape, with commas between.")
        self.definitions = _field("Words for how well the faces are formed, with commas between.")
        self.forms_button = Button("Change the words for the form", "Keep both lines.")
        self.forms_button.clicked.connect(
            lambda: self.forms_requested.emit(
                _words(self.shapes.text()), _words(self.definitions.text())
            )
        )
        self._add(heading("Form, beside the class"))
        self._forms = QGridLayout()
        self._forms.setColumnStretch(1, 1)
        for at, (name, field) in enumerate((("Shapes", self.shapes), ("Faces", self.definitions))):
            self._forms.addWidget(caption(name), at, 0)
            self._forms.addWidget(field, at, 1)
        self._add(self._forms)
        self._add(row(squeezed(self.forms_button)))

    def _build_files(self) -> None:
        self.import_button = Button("Use a file…", "Take the classes of another project (JSON).")
        self.export_button = Button("Write a file…", "Write these classes for another project.")
        self.import_button.clicked.connect(self.import_requested)
        self.export_button.clicked.connect(self.export_requested)
        self._add(row(*map(squeezed, (self.import_button, self.export_button))))
        self._add(sentence("Unclear and “not a crystal” are answers beside every class."))

    def _begin(self) -> None:
        self.table.select(None)
        self._show_class(None)
        self.code.setFocus()

    def _show_colour(self, text: str) -> None:
        self._sample.setStyleSheet(f"QLabel {{ background: {_drawable(text)}; }}")

    def _place(self, name: str, content: QHBoxLayout) -> None:
        at = self._grid.rowCount()
        self._grid.addWidget(caption(name), at, 0)
        self._grid.addLayout(content, at, 1)


def _field(hint: str) -> QLineEdit:
    field = QLineEdit()
    field.setToolTip(hint)
    field.setMaxLength(400)
    field.returnPressed.connect(field.clearFocus)
    return field


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for each in text.split(",") if (word := each.strip()))


def _drawable(colour: str) -> str:
    digits = colour.strip().removeprefix("#")
    drawable = len(digits) == 6 and all(each in "0123456789abcdefABCDEF" for each in digits)
    return f"#{digits}" if drawable else "transparent"
