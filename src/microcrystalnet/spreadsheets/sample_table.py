"""Which sample, depth and locality a table gives to which micrograph, joined by file name."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from microcrystalnet.decimals import is_unclear, number
from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.domain.sample import Sample
from microcrystalnet.errors import LabelTableError
from microcrystalnet.spreadsheets.limits import listed, short
from microcrystalnet.spreadsheets.matching import MicrographNames
from microcrystalnet.spreadsheets.table import Row, Table, read_table

_FILE = ("file", "file name", "filename", "image", "image name", "micrograph")
_SAMPLE = ("sample", "sample id", "sample name", "sample no", "specimen")
_LOCALITY = ("locality", "location", "site", "outcrop", "well")
_DEPTHS = {"depth": 1.0, "depth m": 1.0, "depth ft": 0.3048, "depth feet": 0.3048}


@dataclass(frozen=True, slots=True)
class Joined:
    """Samples by image id, and what of either side found no partner, by name."""

    samples: Mapping[str, Sample]
    unknown_files: tuple[str, ...]
    without_sample: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Places of the columns; None: the table has none of this kind. Depths times ``metres``."""

    file: int
    sample: int
    depth: int | None
    metres: float
    locality: int | None


def join_samples(path: Path, micrographs: Mapping[str, Micrograph]) -> Joined:
    """Read a table with a row per micrograph.

    Its columns are ``file``, ``sample``, and where known ``depth`` (in metres, or ``depth ft``)
    and ``locality``; a file may be named with or without its folder and ending.

    Raises
    ------
    LabelTableError
        If it cannot be read, a column is missing, a depth is no number, or two rows name one
        micrograph differently.
    """
    table = read_table(path)
    columns = _columns(table)
    known = MicrographNames(micrographs)
    samples: dict[str, Sample] = {}
    unknown: list[str] = []
    for row in table.rows:
        name, sample = row.cells[columns.file].strip(), _sample(table, row, columns)
        found = known.find([name])
        if not found:
            unknown.append(name)
        for each in found if sample else ():
            _keep(samples, each, sample, row)
    alone = (each.file_name for each in micrographs.values() if each.image_id not in samples)
    return Joined(samples, tuple(unknown), tuple(alone))


def _keep(samples: dict[str, Sample], each: Micrograph, sample: Sample | None, row: Row) -> None:
    if sample is None:
        return
    if samples.setdefault(each.image_id, sample) != sample:
        raise LabelTableError(
            f"Line {row.line} gives {each.file_name} the sample “{sample.name}”, but an earlier "
            f"line says otherwise (“{samples[each.image_id].name}”); keep one line of the two."
        )


def _columns(table: Table) -> _Columns:
    plain = [_plain(name) for name in table.columns]
    depth = next((at for at, name in enumerate(plain) if name in _DEPTHS), None)
    return _Columns(
        _required(table, plain, _FILE, "the micrograph's file"),
        _required(table, plain, _SAMPLE, "the sample"),
        depth,
        1.0 if depth is None else _DEPTHS[plain[depth]],
        _find(plain, _LOCALITY),
    )


def _plain(name: str) -> str:
    """Give a column's name without case, brackets, points and underscores."""
    return " ".join("".join(c if c.isalnum() else " " for c in name.casefold()).split())


def _find(plain: list[str], wanted: tuple[str, ...]) -> int | None:
    return next((at for at, name in enumerate(plain) if name in wanted), None)


def _required(table: Table, plain: list[str], wanted: tuple[str, ...], what: str) -> int:
    at = _find(plain, wanted)
    if at is None:
        raise LabelTableError(
            f"{table.path.name} has no column for {what}; call one “{wanted[0]}”. Its columns are "
            f"{listed(map(short, table.columns))}."
        )
    return at


def _sample(table: Table, row: Row, columns: _Columns) -> Sample | None:
    """Read a row; None where its sample is empty."""
    name = row.cells[columns.sample].strip()
    if not name:
        return None
    locality = "" if columns.locality is None else row.cells[columns.locality].strip()
    depth = "" if columns.depth is None else row.cells[columns.depth].strip()
    return Sample(name, _depth(table, row, depth, columns.metres), locality)


def _depth(table: Table, row: Row, written: str, metres: float) -> float | None:
    if not written:
        return None
    found = number(written)
    if found is None:
        unclear = "whose comma may be decimal or part thousands"
        raise LabelTableError(
            f"Line {row.line} of {table.path.name} gives the depth “{written}”, "
            f"{unclear if is_unclear(written) else 'which is no number'}; write it in metres, such "
            "as 1520.5, or leave it empty."
        )
    return found * metres
