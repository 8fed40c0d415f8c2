"""How large a table of labels may be, and how long what is quoted of it."""

from collections.abc import Iterable, Sequence
from itertools import islice

from microcrystalnet.errors import LabelTableError

MOST_COLUMNS = 1000
MOST_CELLS = 3_000_000  # ten columns for each of 300,000 labels; some 500 MB while it is read
LONGEST_CELL = 32_767  # characters, as many as Excel takes
_QUOTED, _NAMED = 40, 20  # characters of a text and texts of a list that a sentence quotes


class OversizeError(LabelTableError):
    """What is too large about a table, to be said after its name."""

    @classmethod
    def columns(cls) -> "OversizeError":
        """Say that a line is too wide."""
        return cls(
            f"has a line with more than {MOST_COLUMNS:,} cells; this is not a table of labels."
        )

    @classmethod
    def cells(cls) -> "OversizeError":
        """Say that there are too many cells, empty ones between filled ones included."""
        return cls(
            f"has more than {MOST_CELLS:,} cells; delete the columns that are not needed, or split "
            "the file."
        )

    @classmethod
    def cell(cls, line: int) -> "OversizeError":
        """Say that one cell is too long; line 0 stands for an unknown one."""
        where = f" in line {line:,}" if line else ""
        return cls(
            f"has a cell of more than {LONGEST_CELL:,} characters{where}; a quotation mark may be "
            "missing there. Correct the file, or choose another one."
        )


def check_cells(texts: Sequence[str], line: int) -> None:
    """Refuse a line that is too wide, or holds a cell that is too long.

    Raises
    ------
    OversizeError
        If it is.
    """
    if len(texts) > MOST_COLUMNS:
        raise OversizeError.columns()
    if any(len(text) > LONGEST_CELL for text in texts):
        raise OversizeError.cell(line)


def short(text: str) -> str:
    """Give a text as a sentence quotes it: of a long one the beginning."""
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…"


def listed(texts: Iterable[str]) -> str:
    """Give texts as a sentence lists them: of many the first ones, and how many there are more."""
    every = iter(texts)
    first = ", ".join(islice(every, _NAMED))
    more = sum(1 for _ in every)
    return first + (f" and {more:,} more" if more else "")
