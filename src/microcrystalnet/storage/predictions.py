"""Predictions of a classifier: one file per model and micrograph, written once."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.errors import ProjectError
from microcrystalnet.storage import files
from microcrystalnet.storage.layout import copy_path
from microcrystalnet.storage.records import Details, number, text

_ROUNDING = 1e-6  # of numbers of 32 bits that add up to 1


def _first(folder: Path, model_id: str, image_id: str) -> Path:
    return folder / "predictions" / model_id / f"{image_id}.jsonl"


def _paths(first: Path) -> list[Path]:
    """Give the files there are, oldest first: a later run writes ``~1``, ``~2`` and so on."""
    found, copy = [], 0
    path = first
    while path.exists():
        found.append(path)
        copy += 1
        path = copy_path(first, copy)
    return found


def write(folder: Path, model_id: str, image_id: str, predictions: Sequence[Prediction]) -> None:
    """Write what a model says about the crystals of a micrograph.

    Raises
    ------
    ProjectError
        If the project folder cannot be written.
    """
    lines = [_details(each) for each in predictions]
    content = "".join(json.dumps(line, allow_nan=False) + "\n" for line in lines).encode()
    first = _first(folder, model_id, image_id)
    try:
        written = _paths(first)
        if written and written[-1].read_bytes() == content:
            return
        files.create_whole(copy_path(first, len(written)) if written else first, content)
    except OSError as error:
        raise ProjectError(
            f"The predictions cannot be written ({error.strerror or error}); make room in the "
            "project folder or check its rights, then predict again."
        ) from error


def read(folder: Path, model_id: str, image_id: str) -> dict[str, Prediction]:
    """Read what a model says, by crystal id; the latest run counts; damaged lines are left out.

    Raises
    ------
    ProjectError
        If a file cannot be read.
    """
    first = _first(folder, model_id, image_id)
    try:
        contents = [each.read_bytes() for each in _paths(first)]
    except OSError as error:
        raise ProjectError(
            f"The predictions {first} cannot be read ({error.strerror or error}); check the "
            "project folder, or predict again with another model."
        ) from error
    lines = (line for content in contents for line in content.splitlines())
    said = (_parse(line, model_id) for line in lines)
    return {each.crystal_id: each for each in said if each is not None}


def _details(said: Prediction) -> dict[str, object]:
    details: dict[str, object] = {
        "crystal": said.crystal_id,
        "classes": said.classes,
        "p": said.probabilities,
    }
    return details | {"mask": said.outline} if said.outline else details


def _parse(line: bytes, model_id: str) -> Prediction | None:
    try:
        value: Details = json.loads(line)
        classes = tuple(text(each) for each in cast(Sequence[object], value["classes"]))
        shares = tuple(number(each) for each in cast(Sequence[object], value["p"]))
        outline = text(value.get("mask", ""))
        if not shares or len(shares) != len(classes) or min(shares) < -_ROUNDING:
            return None
        return Prediction(text(value["crystal"]), model_id, classes, shares, outline)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
