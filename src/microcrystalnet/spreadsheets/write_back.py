"""Writes the source team's label files again: as they were, but for what was edited since."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from microcrystalnet.domain.label import MARKS, Answer
from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import LabelTableError
from microcrystalnet.spreadsheets.csv_text import CsvText, Place
from microcrystalnet.spreadsheets.encoding import Encoding
from microcrystalnet.spreadsheets.source_team import (
    COMMENTS,
    FORM,
    KEPT,
    SECOND,
    SourceColumns,
)
from microcrystalnet.spreadsheets.table import parse_csv, read_bytes
from microcrystalnet.spreadsheets.vocabulary import UNCLEAR_WORD, Vocabulary

_DISCARDED, _TICK = "discarded", "1"


@dataclass(frozen=True, slots=True)
class RowEdit:
    """What an imported row said, and what its expert says of that crystal now."""

    line: int
    before: Answer
    now: Answer


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The bytes of a file again, how many cells differ, and sentences about what could not be."""

    content: bytes
    changed: int
    remarks: tuple[str, ...]


def rewrite(path: Path, name: str, edits: Sequence[RowEdit], scheme: Scheme) -> Rewritten:
    """Write an imported file with the edits of its rows; without one, byte for byte as it was.

    A new class is spelled as the file spells it elsewhere, else as the scheme's first alias.

    Raises
    ------
    LabelTableError
        If the copy of the file cannot be read.
    """
    content = read_bytes(path)
    parsed, encoding = parse_csv(Path(name), content)
    sheet = _Sheet(parsed, scheme)
    changes: dict[Place, str] = {}
    remarks: list[str] = []
    for edit in edits:
        for column, text in sheet.cells(edit):
            place = sheet.place(edit.line, column)
            if place is None:
                remarks.append(f"{name} has no cell for “{text}” in line {edit.line}.")
            elif not _spells(encoding, text):
                remarks.append(
                    f"{name} is {encoding.codec} text, which has no “{text}” (line {edit.line}); "
                    "that cell stays."
                )
            elif text != parsed.records[place[0]][place[1]].value:
                changes[place] = text
    remarks += sheet.chosen(name, edits)
    written = encoding.encode(parsed.edited(changes)) if changes else content
    return Rewritten(written, len(changes), tuple(remarks))


def _spells(encoding: Encoding, text: str) -> bool:
    try:
        encoding.encode(text)
    except UnicodeEncodeError:
        return False
    return True


class _Sheet:
    """One file's own way of writing things down."""

    def __init__(self, parsed: CsvText, scheme: Scheme) -> None:
        self._parsed, self._vocabulary = parsed, Vocabulary(scheme)
        self._rows = [[cell.value for cell in each] for each in parsed.records]
        header = next((n for n, each in enumerate(self._rows) if any(map(str.strip, each))), None)
        if header is None:
            raise LabelTableError("The copy of an imported file in the project is empty.")
        self._columns = SourceColumns.of(self._rows[header])
        self._body = [each for each in self._rows[header + 1 :] if any(map(str.strip, each))]
        self._manner: dict[tuple[str, str], str] = {}  # what was found in all rows, once

    def place(self, line: int, column: str) -> Place | None:
        """Give where a cell stands; None where the line is too short or the column missing."""
        at = self._columns.places.get(column)
        if at is None or not 0 < line <= len(self._rows) or at >= len(self._rows[line - 1]):
            return None
        return line - 1, at

    def cells(self, edit: RowEdit) -> Iterator[tuple[str, str]]:
        """Give column and text of what an edit changes."""
        row = self._rows[edit.line - 1] if 0 < edit.line <= len(self._rows) else []
        before, now = edit.before, edit.now
        if before.discards != now.discards:
            yield KEPT, self._discarded() if now.discards else self._crystal()
        if not now.discards and (before.cls != now.cls or before.discards):
            yield self._columns.label_column(row), self._word(now.cls)
        for mark in MARKS:
            if (mark in before.marks) != (mark in now.marks):
                yield mark, self._tick(mark, on=mark in now.marks)
        if before.note != now.note:
            yield COMMENTS, now.note

    def chosen(self, name: str, edits: Iterable[RowEdit]) -> Iterator[str]:
        """Say where a Class had to be chosen, because nobody knows what 0 and 1 mean."""
        lines = [str(e.line) for e in edits if e.before.discards and not e.now.discards]
        if lines:
            yield (
                f"{name}: discarded crystals that are crystals now got Class {self._crystal()}, "
                f"the commonest in the file (line {', '.join(lines[:10])}); check it."
            )

    def _once(self, what: str, which: str, find: Callable[[], str]) -> str:
        if (what, which) not in self._manner:
            self._manner[what, which] = find()
        return self._manner[what, which]

    def _word(self, cls: str | None) -> str:
        """Spell a class, or *unclear*, as the file does most often."""
        means = cls or UNCLEAR_WORD
        return self._once("word", means, lambda: self._spelling(means))

    def _spelling(self, means: str) -> str:
        said = (self._columns.cell(row, name) for row in self._body for name in (FORM, SECOND))
        spelled = Counter(text for text in said if text and self._vocabulary.meaning(text) == means)
        if spelled:
            return spelled.most_common(1)[0][0]
        known = self._vocabulary.scheme.find(means)
        return means if known is None else next(iter((*known.aliases, known.name)))

    def _crystal(self) -> str:
        rows = (row for row in self._body if not self._columns.discarded(row))
        return self._once("kept", "", lambda: self._commonest(KEPT, rows, "1"))

    def _discarded(self) -> str:
        rows = (row for row in self._body if self._columns.discarded(row))
        return self._once("discarded", "", lambda: self._commonest(KEPT, rows, _DISCARDED))

    def _tick(self, mark: str, *, on: bool) -> str:
        rows = (row for row in self._body if (mark in self._columns.marks(row)) == on)
        otherwise = _TICK if on else ""
        return self._once(
            mark, str(on), lambda: self._commonest(mark, rows, otherwise, blank=not on)
        )

    def _commonest(
        self, column: str, rows: Iterable[Sequence[str]], otherwise: str, *, blank: bool = False
    ) -> str:
        texts = Counter(self._columns.cell(row, column) for row in rows)
        if not blank:
            del texts[""]
        return texts.most_common(1)[0][0] if texts else otherwise


def edits_of(
    rows: Mapping[int, tuple[Answer, Answer | None]],
) -> list[RowEdit]:
    """Give the rows whose answer is another one now; a label taken back leaves its row alone."""
    return [
        RowEdit(line, before, now)
        for line, (before, now) in sorted(rows.items())
        if now is not None and now != before
    ]
