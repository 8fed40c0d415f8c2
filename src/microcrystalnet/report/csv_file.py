"""Writing tables as CSV files that a spreadsheet opens without running anything in them."""

import csv
import io
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from microcrystalnet.report.files import write_atomically
from microcrystalnet.report.plain_text import encoded

# The last are the wide forms, which a spreadsheet in Japanese or Chinese takes for the narrow ones.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def write(path: Path, columns: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a table; text that a spreadsheet would run as a formula gets an apostrophe.

    Numbers are not rounded; None and NaN become empty cells; file names are made `readable`.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_cell(each) for each in columns])
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    write_atomically(path, encoded(text.getvalue()))


def is_dangerous(text: str) -> bool:
    """Say whether a spreadsheet would run a text as a formula."""
    return text.startswith(_DANGEROUS)


def _cell(cell: object) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return repr(float(cell))  # numpy's own floats would add their type
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and is_dangerous(text) else text
