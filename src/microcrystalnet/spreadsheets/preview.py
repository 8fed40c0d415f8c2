"""What an import would do, before it does anything: for a person to look at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from microcrystalnet.spreadsheets.limits import listed, short
from microcrystalnet.spreadsheets.statements import Source
from microcrystalnet.spreadsheets.vocabulary import ValueUse


@dataclass(frozen=True, slots=True)
class FilePreview:
    """How one file was read: its layout, text encoding, delimiter and columns by role."""

    name: str
    layout: str
    encoding: str
    delimiter: str
    columns: tuple[tuple[str, str], ...]
    rows: int
    empty: int

    @classmethod
    def of(cls, source: Source) -> "FilePreview":
        """Describe a source."""
        return cls(
            source.path.name,
            source.layout,
            source.encoding,
            source.delimiter,
            source.columns,
            len(source.statements),
            source.empty,
        )


@dataclass(frozen=True, slots=True)
class MicrographPreview:
    """How many rows about one micrograph found their crystal, how, and which did not.

    ``image_id`` is None, and ``why`` a sentence, where the micrograph itself was not found.
    """

    name: str
    image_id: str | None
    rows: int
    matched: int
    by: str
    unmatched: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """Files, words, experts and micrographs of an import.

    ``unknown`` are the words that must be mapped, or left out, before anything is imported.
    ``remarks`` are sentences about what is odd.
    """

    files: tuple[FilePreview, ...]
    table_columns: tuple[str, ...]
    values: tuple[ValueUse, ...]
    experts: Mapping[str, int]
    micrographs: tuple[MicrographPreview, ...]
    blind: bool
    remarks: tuple[str, ...] = ()

    @property
    def unknown(self) -> tuple[ValueUse, ...]:
        """Words that nobody has mapped."""
        return tuple(each for each in self.values if each.means is None)

    @property
    def rows(self) -> int:
        """Answers read."""
        return sum(each.rows for each in self.micrographs)

    @property
    def matched(self) -> int:
        """Answers whose crystal was found."""
        return sum(each.matched for each in self.micrographs)


def unknown_words(values: Iterable[ValueUse]) -> str:
    """Write words with how often they stand there; of many the first ones."""
    return listed(f"“{short(each.text)}” ({each.count})" for each in values)
