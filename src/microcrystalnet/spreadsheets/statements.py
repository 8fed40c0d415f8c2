"""What one row of a spreadsheet says: who answered what for which crystal of which micrograph."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Statement:
    """One expert's answer as it is written, before anything is looked up.

    ``line`` counts from 1 as a spreadsheet does, ``column`` is the one the answer stands in.
    ``discarded``: the row is marked as no crystal, whatever ``text`` says.
    """

    line: int
    column: str
    image: str
    crystal: str
    expert: str
    text: str
    note: str = ""
    marks: frozenset[str] = frozenset()
    discarded: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One file of answers: where it lies, its statements, and what is odd about it.

    ``layout`` is `SOURCE_TEAM` or `SPREADSHEET`; ``folder`` the name of the folder that stands for
    the micrograph in the source team's layout; ``columns`` say what was read from where.
    """

    path: Path
    digest: str
    layout: str
    folder: str
    statements: tuple[Statement, ...]
    columns: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    empty: int = 0  # rows without an answer


SOURCE_TEAM, SPREADSHEET = "source team", "spreadsheet"
