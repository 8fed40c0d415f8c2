"""Finds and reads the files of answers that a person chose: one file, or a folder of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from microcrystalnet.account import account
from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import LabelTableError
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.spreadsheets import source_team
from microcrystalnet.spreadsheets.columns import map_columns
from microcrystalnet.spreadsheets.source_team import CROPS, plain, read_source
from microcrystalnet.spreadsheets.spreadsheet import read_spreadsheet
from microcrystalnet.spreadsheets.statements import SOURCE_TEAM, Source
from microcrystalnet.spreadsheets.table import SUFFIXES, Table, read_table
from microcrystalnet.spreadsheets.vocabulary import Vocabulary

AUTO = "auto"
_OWN_COLUMNS = {"image", "micrograph", "file", "expert", "annotator"}  # not the source team's


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What a person wants imported, and what they said about it.

    Parameters
    ----------
    path
        A file, or a folder of label files of the source team.
    expert
        Whose answers they are, where neither a column nor the file's name says it.
    columns
        Column by role (`columns.ROLES`), over what is guessed.
    values
        Class by word, over what the scheme knows; ``leave-out`` leaves a word out.
    blind
        Whether the experts answered without seeing each other's answers; None: the source team's
        files, one for each expert, count as blind, other tables do not.
    match
        How rows find their crystal: ``auto``, ``crop``, ``label image``, ``number`` or ``id``.
    asked_by
        Who asks, and is told no more than they may see; empty: whose account it is.
    """

    path: Path
    expert: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    blind: bool | None = None
    match: str = AUTO
    asked_by: str = ""

    @property
    def asker(self) -> str:
        """Who asks."""
        return self.asked_by or account()


def read_sources(
    request: ImportRequest, scheme: Scheme, report: Report = ignore_progress
) -> tuple[list[Source], list[str]]:
    """Read every file of answers; gives them, and a sentence for each that is none.

    Raises
    ------
    LabelTableError
        If there is no file of answers, one that was chosen by name cannot be read, or two files
        give the answers of one expert for one micrograph.
    """
    vocabulary = Vocabulary.of(scheme, request.values)
    refused: list[str] = []
    if request.path.is_dir():
        sources, refused = _read_folder(request, vocabulary, report)
    else:
        sources = [_read(read_table(request.path), request, vocabulary)]
    sources = _one_spelling(sources)
    _require_distinct(sources)
    return sources, refused


def _read(table: Table, request: ImportRequest, vocabulary: Vocabulary) -> Source:
    ours = _OWN_COLUMNS & {plain(name) for name in table.columns}
    if source_team.is_source_file(table) and not request.columns and not ours:
        return read_source(table, request.expert)
    columns = map_columns(table, vocabulary, request.columns)
    return read_spreadsheet(table, columns, request.expert)


def _read_folder(
    request: ImportRequest, vocabulary: Vocabulary, report: Report
) -> tuple[list[Source], list[str]]:
    sources: list[Source] = []
    refused: list[str] = []
    files = list(_files(request.path))
    for done, path in enumerate(files):
        report(Progress(done, len(files), f"Reading {path.name}"))
        try:
            sources.append(_read(read_table(path), request, vocabulary))
        except LabelTableError as problem:
            refused.append(str(problem))
    if not sources:
        why = f" {refused[0]}" if refused else " It needs files named <name>_<expert>.csv."
        raise LabelTableError(f"{request.path} holds no file of labels.{why}")
    return sources, refused


def _files(folder: Path) -> Iterator[Path]:
    """Give the tables in a folder and its folders; notes in plain text are not meant."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        hidden = any(part.startswith((".", "~$")) for part in inside)
        crops = any(part.casefold().endswith(CROPS) for part in inside[:-1])
        table = path.suffix.casefold() in SUFFIXES and path.suffix.casefold() != ".txt"
        if table and not hidden and not crops and path.is_file():
            yield path


def _one_spelling(sources: Sequence[Source]) -> list[Source]:
    """Spell each expert in one way: names that differ by case only are one person's."""
    spelled: dict[str, str] = {}
    for source in sources:
        for each in source.statements:
            spelled.setdefault(each.expert.casefold(), each.expert)
    return [
        replace(
            source,
            statements=tuple(
                replace(each, expert=spelled[each.expert.casefold()]) for each in source.statements
            ),
        )
        for source in sources
    ]


def _require_distinct(sources: Sequence[Source]) -> None:
    """Refuse two files of one expert's answers for one micrograph: who is right is unknown."""
    known: dict[tuple[str, str], Path] = {}
    for source in (each for each in sources if each.layout == SOURCE_TEAM and each.statements):
        first = source.statements[0]
        key = (first.image.casefold(), first.expert.casefold())
        if (other := known.setdefault(key, source.path)) != source.path:
            raise LabelTableError(
                f"{other.name} and {source.path.name} both give the labels of {first.expert} for "
                f"{first.image}; if two people share the name, rename one file, otherwise keep "
                "one of them."
            )
