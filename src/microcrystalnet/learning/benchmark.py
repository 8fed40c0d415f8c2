"""Compare networks on the same crystals: one division, one budget, the same seeds, resumable."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import ModelError, TrainingError
from microcrystalnet.learning.codec import from_json, to_json
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.course import Course, Crystals
from microcrystalnet.learning.entrants import Entrant
from microcrystalnet.learning.fit import Fitted, Part, fit
from microcrystalnet.learning.labels import class_weights
from microcrystalnet.learning.material import rotated
from microcrystalnet.learning.networks.build import load_keras
from microcrystalnet.learning.networks.choose import choose
from microcrystalnet.learning.records import HeldOut
from microcrystalnet.learning.run import compile_run, in_batches
from microcrystalnet.progress import Progress, Report, ignore_progress


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one entrant came to with one seed; ``judged`` are the test crystals.

    ``seconds`` passed on the clock, ``cpu_seconds`` were worked by all cores together: on a machine
    shared with others only the second compares networks.
    """

    entrant: str
    seed: int
    config: TrainConfig
    digest: str
    classes: tuple[str, ...]
    parameters: int
    epochs: int
    best_epoch: int
    validation_accuracy: float
    seconds: float
    cpu_seconds: float
    selected: int | None
    components: int | None
    explained_variance: float | None
    judged: tuple[HeldOut, ...]


def run_benchmark(
    course: Course,
    entrants: Sequence[Entrant],
    seeds: Sequence[int],
    folder: Path,
    report: Report = ignore_progress,
) -> None:
    """Train and judge every entrant with every seed that ``folder`` holds no result of yet.

    Raises
    ------
    TrainingError
        If the folder cannot be written or holds results of another course or budget, or a
        training goes astray or does not fit into memory.
    ModelError
        If a result or an ImageNet file cannot be read.
    """
    _make(folder)
    todo = [(each, seed) for seed in seeds for each in entrants]
    for number, (entrant, seed) in enumerate(todo):
        path = folder / f"{entrant.name}_seed{seed}.json"
        if path.exists():
            _check_same(path, course, replace(entrant.config, seed=seed))
            continue
        where = f"{entrant.name}, seed {seed} ({number + 1} of {len(todo)})"
        outcome = _compete(course, entrant, seed, _heading(where, report))
        _write(path, outcome)


def read_outcomes(folder: Path) -> list[Outcome]:
    """Read every result of a folder.

    Raises
    ------
    ModelError
        If one is damaged.
    TrainingError
        If they were not all judged on the same crystals, and cannot be ranked.
    """
    found = [_read(path) for path in sorted(folder.glob("*_seed*.json"))]
    if len({each.digest for each in found}) > 1:
        raise TrainingError(
            f"{folder} holds results on different crystals, which cannot be ranked together; "
            "give the comparison a folder of its own."
        )
    return found


def _compete(course: Course, entrant: Entrant, seed: int, report: Report) -> Outcome:
    load_keras().utils.clear_session()
    config = replace(entrant.config, seed=seed)
    config.check()
    size, classes = course.train.crops.shape[1], len(course.classes)
    network = entrant.change(choose(config, size, classes, len(course.train.truth)))
    began, worked = time.monotonic(), time.process_time()
    train, validation = (_taught(each, config) for each in (course.train, course.validation))
    train = rotated(train) if config.balance == "rotations" else train
    try:
        fitted = fit(network, train, validation, config, report, begin=entrant.begin)
    except MemoryError as trouble:
        raise TrainingError(
            f"There is not enough memory to train {entrant.name} in batches of {config.batch}; "
            "leave it out, or give all of them smaller batches (--set batch=16) and a new folder."
        ) from trouble
    seconds, cpu_seconds = time.monotonic() - began, time.process_time() - worked
    table = in_batches(compile_run(fitted.model), course.test.crops).astype(np.float64)
    return _outcome(course, entrant, config, fitted, table, (seconds, cpu_seconds))


def _outcome(  # noqa: PLR0917  private, and called just above
    course: Course,
    entrant: Entrant,
    config: TrainConfig,
    fitted: Fitted,
    table: NDArray[np.float64],
    spent: tuple[float, float],
) -> Outcome:
    return Outcome(
        entrant=entrant.name,
        seed=config.seed,
        config=config,
        digest=course.digest,
        classes=course.classes,
        parameters=int(fitted.model.count_params()),
        epochs=len(fitted.history),
        best_epoch=fitted.best.epoch,
        validation_accuracy=fitted.best.val_accuracy,
        seconds=round(spent[0], 2),
        cpu_seconds=round(spent[1], 2),
        selected=fitted.selected,
        components=fitted.components,
        explained_variance=fitted.explained_variance,
        judged=_judged(course, table),
    )


def _judged(course: Course, table: NDArray[np.float64]) -> tuple[HeldOut, ...]:
    test = course.test
    return tuple(
        HeldOut(name, image, course.classes[truth], tuple(round(float(each), 6) for each in row))
        for name, image, truth, row in zip(test.names, test.images, test.truth, table, strict=True)
    )


def _taught(crystals: Crystals, config: TrainConfig) -> Part:
    everyone = np.arange(len(crystals.truth))
    weights = np.ones(len(everyone), np.float32)
    if config.balance == "weights":
        weights = class_weights(crystals.truth, everyone)
    return Part(crystals.crops, crystals.truth, weights)


def _heading(where: str, report: Report) -> Report:
    def told(progress: Progress) -> None:
        message = f"{where}: {progress.message}"
        report(Progress(progress.done, progress.total, message, progress.values))

    return told


def _check_same(path: Path, course: Course, config: TrainConfig) -> None:
    done = _read(path)
    if done.digest != course.digest or done.config != config:
        what = "other crystals" if done.digest != course.digest else "another budget or setting"
        raise TrainingError(
            f"{path} is a result on {what}; choose a new folder, or delete it to train again."
        )


def _read(path: Path) -> Outcome:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as problem:
        raise ModelError(f"{path} cannot be read; delete it to train it again.") from problem
    return from_json(Outcome, document, str(path))


def _write(path: Path, outcome: Outcome) -> None:
    unfinished = path.with_suffix(".unfinished")
    try:
        unfinished.write_text(json.dumps(to_json(outcome)), encoding="utf-8")
        unfinished.replace(path)
    except OSError as problem:
        raise TrainingError(
            f"{path} cannot be written ({problem.strerror}); make room and start again: what is "
            "done stays done."
        ) from problem


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise TrainingError(
            f"The folder {folder} cannot be made ({problem.strerror}); choose another place."
        ) from problem
