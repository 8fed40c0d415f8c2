"""Tables of experts' answers coming in: LABELS.csv, and the table that `mcn export` writes."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from microcrystalnet.cli.crop_table import Row, read_rows, require_columns
from microcrystalnet.errors import AgreementError
from microcrystalnet.labelling.answers import GivenAnswer
from microcrystalnet.moments import LATEST_MS

COLUMNS = ("image", "crystal", "expert", "label")
# Columns whose "no" takes a row out of the comparison.
CONDITIONS = ("blind", "planned")
NO = frozenset({"no", "false", "0", "n"})


# What `mcn export --format csv` calls the column of an expert's answers.
WIDE = "expert "
BLIND, YES = "blind ", "yes"  # and the column that says whether the answer may be compared
_FLAGS = re.compile(r"\s*\([^)]*\)$")


def read_answers(path: Path) -> list[GivenAnswer]:
    """Read columns image, crystal, expert and label; pass, time, blind and planned if present.

    Rows without any text are passed over, and so are answers that were not blind or not planned.
    The names of the columns may be in any case. A table with a column ``expert <name>`` for every
    expert in place of expert and label, as `mcn export` writes it, is read as well; there,
    answers count whose column ``blind <name>`` says yes, is empty or missing.

    Raises
    ------
    UnreadableFileError
        If the table cannot be read, or lacks a column.
    AgreementError
        If a pass or a time is not one, or no row is left.
    """
    written = read_rows(path)
    rows = [{(name or "").casefold(): row[name] for name in row} for row in written]
    if rows and COLUMNS[2] not in rows[0] and any(name.startswith(WIDE) for name in rows[0]):
        require_columns(path, rows, *COLUMNS[:2])
        return list(_wide(written))
    require_columns(path, rows, *COLUMNS)
    counted = [row for row in rows if not any(_says_no(row, column) for column in CONDITIONS)]
    if not counted:
        raise AgreementError(
            f"Every row of {path} is marked as not blind or not planned; only answers given "
            "before the experts saw each other's can be compared."
        )
    return [_given(row, path) for row in counted if any(_texts(row))]


def _wide(rows: Sequence[Row]) -> Iterator[GivenAnswer]:
    experts = [name for name in rows[0] if name and name.casefold().startswith(WIDE)]
    image, crystal = (
        next(name for name in rows[0] if name and name.casefold() == column)
        for column in COLUMNS[:2]
    )
    for row in rows:
        for expert in experts:
            if (row.get(f"{BLIND}{expert[len(WIDE) :]}") or YES).strip().casefold() != YES:
                continue
            said = _FLAGS.sub("", row[expert].strip())
            yield GivenAnswer(row[image], row[crystal], expert[len(WIDE) :], said)


def _given(row: Row, path: Path) -> GivenAnswer:
    image, crystal, expert, label = (row[column] for column in COLUMNS)
    turn, time = (row.get("pass") or "").strip(), (row.get("time") or "").strip()
    try:
        return GivenAnswer(
            image, crystal, expert, label, int(float(turn or 0)), _milliseconds(time)
        )
    except (ValueError, OverflowError) as problem:
        raise AgreementError(
            f"In {path}, crystal {crystal} of image {image} has “{turn}” as its pass and “{time}” "
            "as its time; a pass is a whole number, a time looks like 2026-11-20T14:05:00."
        ) from problem


def _milliseconds(text: str) -> int | None:
    """Read ISO 8601 (without a zone: UTC) or milliseconds since 1970, up to the year 9999."""
    if not text:
        return None
    if text.isdecimal():
        if int(text) > LATEST_MS:
            raise ValueError(text)
        return int(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)


def _says_no(row: Row, column: str) -> bool:
    return (row.get(column) or "").strip().casefold() in NO


def _texts(row: Row) -> Sequence[str]:
    return [row[column].strip() for column in COLUMNS]
