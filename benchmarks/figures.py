"""One measured figure, and the table it is written into."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DOCUMENT = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- measured by make bench: begin -->", "<!-- measured by make bench: end -->"


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the table; ``aim`` is empty where nothing was promised."""

    what: str
    measured: str
    aim: str = ""
    beside: str = ""  # the peer or the naive way, in the same run


def seconds(work: Callable[[], object], times: int) -> list[float]:
    """Time a piece of work several times, after once for warming up."""
    work()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return spent


def ms(spent: Sequence[float]) -> str:
    """Write median and 95th percentile in milliseconds."""
    median, p95 = np.percentile(spent, [50, 95]) * 1000
    return f"median {median:.1f} ms, p95 {p95:.1f} ms (n = {len(spent)})"


def write(figures: Sequence[Figure], machine: str) -> None:
    """Replace the measured part of docs/benchmarks.md."""
    lines = [f"Machine: {machine}", "", "| what | measured | aim | beside it |"]
    lines += ["| --- | --- | --- | --- |"]
    lines += [f"| {f.what} | {f.measured} | {f.aim} | {f.beside} |" for f in figures]
    replace_between(BEGIN, END, lines)


def replace_between(begin: str, end: str, lines: Sequence[str], document: Path = DOCUMENT) -> None:
    """Replace what stands between two marks of a document, an empty line at either end."""
    text = document.read_text(encoding="utf-8")
    before, after = text.split(begin)[0], text.split(end)[1]
    body = "\n".join([begin, "", *lines, "", end])
    document.write_text(before + body + after, encoding="utf-8")
