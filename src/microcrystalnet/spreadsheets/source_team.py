"""The source team's label files: ``<name>_<expert>.csv`` in a folder for each micrograph.

Columns (DOMAIN.md 1): Label No., Class, Sec-class, Ter-class, Edges, Corners, Pitted, Ledges,
Comments, in some files Form. What Class 0 and 1 and Ter-class mean is not documented.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from microcrystalnet.domain.label import MARKS
from microcrystalnet.errors import LabelTableError
from microcrystalnet.spreadsheets.limits import listed, short
from microcrystalnet.spreadsheets.statements import SOURCE_TEAM, Source, Statement
from microcrystalnet.spreadsheets.table import Row, Table

NUMBER, KEPT, FORM, SECOND, COMMENTS = "labelno", "class", "form", "secclass", "comments"
CROPS = "non-uniform"  # how the name of the folder of crops ends
_UNTICKED = frozenset({"", "0", "0.0", "no", "n", "false", "-"})
_CRYSTAL = frozenset({"0", "1", "0.0", "1.0"})  # all else in Class is a discarded crystal


def plain(name: str) -> str:
    """Give the name of a column without case, blanks, points and hyphens."""
    return re.sub(r"[\W_]+", "", name.casefold())


@dataclass(frozen=True, slots=True)
class SourceColumns:
    """Where the source team's columns stand in a file; a missing one is not in ``places``."""

    places: dict[str, int]

    @classmethod
    def of(cls, columns: Sequence[str]) -> "SourceColumns":
        """Find the columns by name; of two of one name the first counts."""
        return cls({plain(name): at for at, name in reversed([*enumerate(columns)])})

    @property
    def complete(self) -> bool:
        """Whether these are the columns of a label file."""
        return NUMBER in self.places and (FORM in self.places or SECOND in self.places)

    def cell(self, cells: Sequence[str], name: str) -> str:
        """Give a cell, stripped; empty where the file has no such column."""
        at = self.places.get(name)
        return "" if at is None or at >= len(cells) else cells[at].strip()

    def label_column(self, cells: Sequence[str]) -> str:
        """Say which column a row's label stands in: Form if filled, else Sec-class."""
        return FORM if self.cell(cells, FORM) or SECOND not in self.places else SECOND

    def discarded(self, cells: Sequence[str]) -> bool:
        """Say whether a row is a discarded crystal: its Class is neither 0 nor 1."""
        return KEPT in self.places and self.cell(cells, KEPT) not in _CRYSTAL

    def marks(self, cells: Sequence[str]) -> frozenset[str]:
        """Give the ticks of a row."""
        return frozenset(m for m in MARKS if self.cell(cells, m).casefold() not in _UNTICKED)


def is_source_file(table: Table) -> bool:
    """Say whether a table has the columns of the source team's label files."""
    return SourceColumns.of(table.columns).complete


def read_source(table: Table, expert: str | None = None) -> Source:
    """Read a label file of the source team.

    Parameters
    ----------
    expert
        Who gave the answers; by default what follows the folder's name in the file's.

    Raises
    ------
    LabelTableError
        If a column is missing, or no expert is named.
    """
    columns = SourceColumns.of(table.columns)
    if not columns.complete:
        raise LabelTableError(
            f"{table.path.name} needs the columns “Label No.” and “Form” or “Sec-class”; it has "
            f"{listed(map(short, table.columns))}."
        )
    folder = table.path.resolve().parent.name
    name, named = split_name(table.path.stem, folder)
    who = (expert or named).strip()
    if not who:
        raise LabelTableError(
            f"{table.path.name} does not say whose labels it holds; name it <name>_<expert>.csv, "
            "or give the expert's name with the import."
        )
    said = [_statement(columns, row, name, who) for row in table.rows]
    kept, twice = without_doubles([each for each in said if each.text or each.discarded])
    return Source(
        table.path,
        table.digest,
        SOURCE_TEAM,
        folder,
        tuple(kept),
        _named(columns, table.columns),
        tuple(_remarks(table, twice)),
        table.encoding,
        table.delimiter,
        sum(not (each.text or each.discarded) for each in said),
    )


def split_name(stem: str, folder: str) -> tuple[str, str]:
    """Part ``<name>_<expert>`` into both; a name that is the folder's may hold underscores."""
    if stem.casefold().startswith(f"{folder}_".casefold()):
        return folder, stem[len(folder) + 1 :]
    name, _, expert = stem.rpartition("_")
    return (name, expert) if name else (folder, "")


def number(text: str) -> str:
    """Write a number without the decimals that spreadsheets add; other text stays."""
    whole = re.fullmatch(r"(\d+)(?:\.0+)?", text.strip())
    return str(int(whole[1])) if whole else text.strip()


def _statement(columns: SourceColumns, row: Row, image: str, expert: str) -> Statement:
    cells = row.cells
    column = columns.label_column(cells)
    return Statement(
        row.line,
        column,
        image,
        number(columns.cell(cells, NUMBER)),
        expert,
        columns.cell(cells, column),
        columns.cell(cells, COMMENTS),
        columns.marks(cells),
        columns.discarded(cells),
    )


def without_doubles(said: Iterable[Statement]) -> tuple[list[Statement], list[Statement]]:
    """Part statements into those that count and those that stand there twice.

    Where an expert says the same of a crystal twice the first counts; where they say different
    things none does.
    """
    by_crystal: dict[tuple[str, str, str], list[Statement]] = {}
    for each in said:
        key = (each.image.casefold(), each.crystal, each.expert.casefold())
        by_crystal.setdefault(key, []).append(each)
    kept, twice = [], []
    for group in by_crystal.values():
        same = len({(each.text.casefold(), each.discarded) for each in group}) == 1
        kept += group[:1] if same else []
        twice += group[1:] if same else group
    return kept, twice


def _remarks(table: Table, twice: Sequence[Statement]) -> Iterable[str]:
    yield from double_remarks(table.path.name, twice)
    yield from ragged_remarks(table)


def double_remarks(name: str, twice: Sequence[Statement]) -> Iterable[str]:
    """Say in a sentence which crystals stand there twice."""
    if twice:
        numbers = ", ".join(dict.fromkeys(each.crystal for each in twice[:10]))
        yield (
            f"{name} holds some crystals more than once (number {numbers}): equal answers count "
            "once, different ones were left out. Correct the file and import it again."
        )


def ragged_remarks(table: Table) -> Iterable[str]:
    """Say in a sentence which lines have more cells than the header."""
    if table.ragged:
        lines = ", ".join(map(str, table.ragged[:10]))
        yield (
            f"{table.path.name} has lines with more cells than its header (line {lines}); what is "
            "too much was left out."
        )


def _named(columns: SourceColumns, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    roles = (("crystal", NUMBER), ("label", FORM), ("label", SECOND), ("note", COMMENTS))
    return tuple((role, names[columns.places[c]]) for role, c in roles if c in columns.places)


def crop_files(path: Path) -> dict[str, Path]:
    """Give the crops beside a label file, by the crystal's number.

    They lie in a folder whose name ends in ``Non-uniform``, beside the file or one level up, and
    are called ``<folder>_<Label No.>.tif``.
    """
    folder = path.resolve().parent
    found: dict[str, Path] = {}
    for crops in (*_crop_folders(folder.parent), *_crop_folders(folder)):
        for crop in beside(crops):
            if not crop.suffix.casefold().startswith(".tif"):
                continue
            name, _, last = crop.stem.rpartition("_")
            if name.casefold() == folder.name.casefold():
                found[number(last)] = crop
    return found


def _crop_folders(folder: Path) -> list[Path]:
    return [each for each in beside(folder) if each.name.casefold().endswith(CROPS)]


def beside(folder: Path) -> list[Path]:
    """List what lies in a folder; nothing where it may not be looked into."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
