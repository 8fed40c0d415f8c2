"""Reads the table of clicks and boxes that `mcn prompt` takes (DESIGN.md 7)."""

import csv
import math
from collections.abc import Mapping
from pathlib import Path

from microcrystalnet.cli.crop_table import why_no_table
from microcrystalnet.domain.prompt import Box, Click, Prompt
from microcrystalnet.errors import SegmentationError, UnreadableFileError

NEEDED = ("object", "kind", "row", "col")
YES, NO = {"1", "true", "yes", "+", "1.0", ""}, {"0", "false", "no", "-", "0.0", "-1"}


def read(path: Path) -> list[tuple[str, Prompt]]:
    """Give each object's name and prompt, in order of first appearance.

    Raises
    ------
    UnreadableFileError
        If the file is no such table.
    SegmentationError
        If a line says nothing one could point at.
    """
    prompts: dict[str, Prompt] = {}
    for number, line in enumerate(_lines(path), 2):
        name = line["object"]
        try:
            prompts[name] = _extended(prompts.get(name, Prompt()), line)
        except ValueError as problem:
            raise SegmentationError(f"{path.name}, line {number}: {problem}") from problem
    if not prompts:
        raise SegmentationError(f"{path.name} has no line below its header; add prompts.")
    return list(prompts.items())


def _lines(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            table = csv.DictReader(file)
            names = [name.strip().casefold() for name in table.fieldnames or ()]
            table.fieldnames = names
            lines = [{key: (value or "").strip() for key, value in _cells(row)} for row in table]
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise UnreadableFileError(
            f"{path} cannot be read as a CSV table ({why_no_table(problem)}); check the file."
        ) from problem
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise UnreadableFileError(
            f"{path.name} lacks the column {missing[0]}; it needs object, kind (point or box), "
            "row, col, positive, row1 and col1."
        )
    return lines


def _cells(row: Mapping[str, str | None]) -> list[tuple[str, str | None]]:
    """Leave out what lies beyond the last named column."""
    return [(key, value) for key, value in row.items() if isinstance(key, str)]


def _extended(prompt: Prompt, line: Mapping[str, str]) -> Prompt:
    kind = line["kind"].casefold()
    if kind == "point":
        row, col = _number(line, "row"), _number(line, "col")
        return prompt.with_click(Click(row, col, _sign(line.get("positive", ""))))
    if kind == "box":
        if prompt.box is not None:
            raise ValueError(f"object {line['object']} has a second box; keep one.")
        corners = (_number(line, name) for name in ("row", "col", "row1", "col1"))
        return prompt.with_box(Box(*corners))
    raise ValueError(f"the kind {line['kind']!r} is neither point nor box.")


def _number(line: Mapping[str, str], name: str) -> float:
    text = line.get(name, "")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{name} is {text!r}, which is no number.")
    return value


def _sign(text: str) -> bool:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise ValueError(f"positive is {text!r}; write 1 or 0.")
