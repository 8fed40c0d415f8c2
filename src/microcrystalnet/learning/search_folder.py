"""A search on disk: trials.json to go on from, trials.csv to read, best.json to train with."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from microcrystalnet.errors import ModelError, TrainingError
from microcrystalnet.learning.codec import from_json, to_json
from microcrystalnet.learning.config import TrainConfig

SEARCH, TABLE, BEST = "trials.json", "trials.csv", "best.json"
DONE, STOPPED, FAILED = "done", "stopped", "failed"
LARGEST = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Trial:
    """One training of a search.

    ``state`` is ``done``, ``stopped`` where it fell behind the others, or ``failed`` for the reason
    in ``note``. ``batch`` is the size used, which is smaller than the one asked for where crystals
    are few. ``loss`` and ``accuracy`` are those of the validation part.
    """

    state: str
    batch_asked: int
    batch: int
    crop_size: int
    dropout: float
    optimizer: str
    learning_rate: float
    epochs: int = 0
    loss: float | None = None
    accuracy: float | None = None
    seconds: float = 0.0
    note: str = ""

    @property
    def params(self) -> Mapping[str, Any]:
        """The choices that were searched, by their name in `TrainConfig`."""
        return {
            "batch": self.batch_asked,
            "crop_size": self.crop_size,
            "dropout": self.dropout,
            "optimizer": self.optimizer,
            "learning_rate": self.learning_rate,
        }


@dataclass(frozen=True, slots=True)
class Search:
    """All trials so far, and what they were tried on."""

    data_digest: str
    classes: tuple[str, ...]
    config: TrainConfig
    trials: tuple[Trial, ...] = ()

    @property
    def best(self) -> Trial | None:
        """The finished trial with the least validation loss."""
        done = [trial for trial in self.trials if trial.state == DONE and trial.loss is not None]
        return min(done, key=lambda trial: trial.loss or 0.0, default=None)

    @property
    def best_config(self) -> TrainConfig:
        """The configuration to train with; the starting one while nothing is finished."""
        return replace(self.config, **self.best.params) if self.best else self.config


def read(folder: Path) -> Search | None:
    """Read a search; None where none was begun.

    Raises
    ------
    TrainingError
        If it is damaged, cannot be read, or the folder holds something else.
    """
    path = folder / SEARCH
    try:
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            return None
    except OSError as problem:
        raise TrainingError(
            f"{folder} cannot be read ({problem.strerror}); check that the drive is connected."
        ) from problem
    try:
        return from_json(Search, _json(path), str(path))
    except (OSError, ValueError, RecursionError, ModelError) as problem:
        raise TrainingError(
            f"{folder} holds no search that can go on ({SEARCH} is missing or damaged); choose a "
            "new folder."
        ) from problem


def read_config(path: Path) -> TrainConfig:
    """Read a configuration such as ``best.json``.

    Raises
    ------
    TrainingError
        If it cannot be read.
    """
    try:
        config = from_json(TrainConfig, _json(path), str(path))
    except (OSError, ValueError, RecursionError, ModelError) as problem:
        raise TrainingError(
            f"{path} cannot be read as choices of a training; choose the {BEST} of a search."
        ) from problem
    config.check()
    return config


def write(folder: Path, found: Search) -> None:
    """Keep a search; each file is whole at any time.

    Raises
    ------
    TrainingError
        If it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(folder / SEARCH, json.dumps(to_json(found), indent=1, allow_nan=False))
        _replace(folder / TABLE, _table(found))
        _replace(folder / BEST, json.dumps(to_json(found.best_config), indent=1))
    except OSError as problem:
        raise TrainingError(
            f"The search cannot be written to {folder} ({problem.strerror}); check the disk."
        ) from problem


def _json(path: Path) -> object:
    if path.stat().st_size > LARGEST:
        raise ValueError("too large")
    return json.loads(path.read_bytes())


def _table(found: Search) -> str:
    text = io.StringIO()
    names = [each.name for each in fields(Trial)]
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["trial", *names])
    for number, trial in enumerate(found.trials, 1):
        values = (getattr(trial, name) for name in names)
        table.writerow([number, *("" if value is None else value for value in values)])
    return text.getvalue()


def _replace(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
