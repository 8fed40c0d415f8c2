"""CSV files of crystals: crops with their labels coming in, predictions going out and in again."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.scheme import FOUR_CLASSES, CrystalClass, Scheme
from microcrystalnet.errors import UnreadableFileError
from microcrystalnet.report import csv_file

Row = Mapping[str, str]
UNANSWERED = ("", "unclear")
PREFIX = "p_"
LARGEST_FILE = 512 * 2**20
# Okabe and Ito (2008), in an order that keeps neighbours apart.
COLOURS = ("#0072b2", "#e69f00", "#cc79a7", "#009e73", "#d55e00", "#56b4e9", "#f0e442", "#000000")


@dataclass(frozen=True, slots=True)
class CropRow:
    """One line of CROPS.csv: a crop's file, its micrograph, and its label, empty if unknown."""

    path: Path
    image: str
    label: str


def read_rows(path: Path, *needed: str) -> list[Row]:
    """Read a CSV file with a header as text.

    Raises
    ------
    UnreadableFileError
        If it cannot be read, or lacks a column.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadableFileError(
                f"{path} is larger than 512 MB; it is not a table of crystals."
            )
        with path.open(newline="", encoding="utf-8-sig") as file:
            header = file.readline()
            file.seek(0)
            rows: list[Row] = [
                _named(row)
                for row in csv.DictReader(file, restval="", delimiter=_delimiter(header))
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise UnreadableFileError(
            f"{path} cannot be read as a CSV table ({why_no_table(problem)}); check the file."
        ) from problem
    require_columns(path, rows, *needed)
    return rows


def why_no_table(problem: OSError | UnicodeDecodeError | csv.Error) -> str:
    """Say in a few words why a file is no CSV table that can be read."""
    if isinstance(problem, OSError):
        return problem.strerror or "the disk does not answer"
    return (
        "it is no text in UTF-8" if isinstance(problem, UnicodeDecodeError) else "a row is broken"
    )


def require_columns(path: Path, rows: Sequence[Row], *needed: str) -> None:
    """Make sure that a table has rows and these columns.

    Raises
    ------
    UnreadableFileError
        If it has not.
    """
    missing = [name for name in needed if not rows or name not in rows[0]]
    if missing:
        raise UnreadableFileError(
            f"{path} has no rows with a column “{missing[0]}”; it needs {', '.join(needed)}."
        )


def _delimiter(header: str) -> str:
    """Give what parts the columns: spreadsheets write semicolons where commas mark decimals."""
    return ";" if ";" in header and "," not in header else ","


def _named(row: Row) -> Row:
    """Take the space off the names of the columns."""
    return {(name.strip() if isinstance(name, str) else name): row[name] for name in row}


def read_crops(path: Path, *, labelled: bool) -> list[CropRow]:
    """Read CROPS.csv (path,image,label); relative paths start from the table's folder.

    Raises
    ------
    UnreadableFileError
        If it cannot be read, or lacks a column.
    """
    rows = read_rows(path, "path", "label") if labelled else read_rows(path, "path")
    return [
        CropRow(
            path.parent / row["path"],
            row.get("image") or Path(row["path"]).parent.name,
            (row.get("label") or "").strip(),
        )
        for row in rows
    ]


def scheme_of(labels: Sequence[str]) -> Scheme:
    """Give the four classes if they cover all labels, otherwise the labels themselves."""
    if all(FOUR_CLASSES.resolve(label) for label in labels):
        return FOUR_CLASSES
    classes = tuple(
        CrystalClass(label, label, COLOURS[number % len(COLOURS)], str((number + 1) % 10))
        for number, label in enumerate(sorted(set(labels)))
    )
    return Scheme("Labels of a table", 1, classes)


def write_predictions(
    path: Path,
    rows: Sequence[Row],
    classes: Sequence[str],
    probabilities: NDArray[np.float64],
    said: Sequence[str],
) -> None:
    """Write the rows with a column of probability per class, and what is ``said`` of each crystal.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    added = (*(f"{PREFIX}{code}" for code in classes), "prediction")
    kept = tuple(name for name in (rows[0] if rows else ()) if name and name not in added)
    csv_file.write(
        path,
        (*kept, *added),
        (
            (
                *(_as_number(row[name]) for name in kept),
                *(float(value) for value in values),
                answer,
            )
            for row, values, answer in zip(rows, probabilities, said, strict=True)
        ),
    )


def read_predictions(path: Path) -> tuple[list[str], NDArray[np.float64], list[str], list[str]]:
    """Read true classes, probabilities (n, classes), classes and micrographs of predictions.

    Rows without a true class are left out.

    Raises
    ------
    UnreadableFileError
        If a column is missing or a probability is not a number.
    """
    rows = read_rows(path)
    classes = [name[len(PREFIX) :] for name in (rows[0] if rows else ()) if _is_class(name)]
    column = "truth" if rows and "truth" in rows[0] else "label"
    if not classes or column not in rows[0]:
        raise UnreadableFileError(
            f"{path} needs a column “truth” and a column “p_<class>” for every class."
        )
    known = [row for row in rows if row[column].strip().casefold() not in UNANSWERED]
    try:
        table = [[float(row[PREFIX + code]) for code in classes] for row in known]
    except ValueError as problem:
        raise UnreadableFileError(f"{path} holds a probability that is no number.") from problem
    truth = [_resolve(row[column].strip(), classes) for row in known]
    images = [row.get("image", "") for row in known]
    return truth, np.array(table, np.float64).reshape(len(known), len(classes)), classes, images


def count_learnt(path: Path) -> int:
    """Count the predictions with a true class whose crystal the model learnt from.

    Raises
    ------
    UnreadableFileError
        If it cannot be read.
    """
    rows = read_rows(path)
    column = "truth" if rows and "truth" in rows[0] else "label"
    return sum(
        row.get("learnt_from") == "yes" and row[column].strip().casefold() not in UNANSWERED
        for row in rows
    )


def _is_class(name: str | None) -> bool:
    return bool(name) and str(name).startswith(PREFIX) and len(str(name)) > len(PREFIX)


def _resolve(label: str, classes: Sequence[str]) -> str:
    return label if label in classes else FOUR_CLASSES.resolve(label) or label


def _as_number(text: str) -> str | float:
    """Keep a negative number a number, so that no apostrophe is put before it."""
    try:
        return float(text) if text.startswith(("-", "+")) else text
    except ValueError:
        return text
