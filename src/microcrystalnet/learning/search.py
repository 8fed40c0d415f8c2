"""Search for better choices of a training: many short trainings, the next one where it pays."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import MissingExtraError, TrainingError
from microcrystalnet.learning.attempt import attempt
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.material import LabelledCrops
from microcrystalnet.learning.search_folder import DONE, FAILED, STOPPED, Search, Trial, read, write
from microcrystalnet.learning.split import split
from microcrystalnet.progress import Progress, Report, ignore_progress

FIRST_EPOCHS = 5  # before them nothing is stopped for falling behind
CHOICES: dict[str, tuple[Any, ...]] = {
    "batch": (16, 32, 64, 128, 256),
    "crop_size": (16, 32, 48, 64, 96, 128),
    "dropout": (0.2, 0.5, 0.7),
    "optimizer": ("adam", "sgd", "rmsprop"),
}
LEARNING_RATES = (1e-4, 1e-2)

Cut = Callable[[int], LabelledCrops]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is searched: crops of any size, their classes, and the choices that stay as they are."""

    cut: Cut
    scheme: Scheme
    config: TrainConfig


def search(
    question: Question, folder: Path, trials: int, report: Report = ignore_progress
) -> Search:
    """Try choices until there are ``trials`` of them; ``folder`` may hold some already.

    The first trial is the configuration as it stands. All are stopped and compared by the loss on
    the same validation part; the test part, which a training with the same seed, labels and split
    is judged on, is not looked at. Searched are the choices of IEEE Access 2025, section 4.3. What
    is finished is kept after every trial, so a search that was cancelled or killed goes on where it
    was. A trial's note says where the division fell back to crystals.

    Raises
    ------
    TrainingError
        If the folder's search is of other crystals or choices, or no trial succeeded.
    MissingExtraError
        If optuna is not installed.
    """
    question.config.check()
    material = question.cut(question.config.crop_size)
    found = _begun(question, material.digest, folder)
    study = _study(found)
    cuts = {question.config.crop_size: material}
    while len(found.trials) < trials:
        number = len(found.trials) + 1
        asked = study.ask(_space()) if found.trials else None
        config = replace(question.config, **asked.params) if asked else question.config
        if config.crop_size not in cuts:
            cuts[config.crop_size] = question.cut(config.crop_size)
        heard = _Heard(asked, number, trials, config, report)
        trial = _try(cuts[config.crop_size], question.scheme, config, heard)
        found = replace(found, trials=(*found.trials, trial))
        write(folder, found)
        _tell(study, asked, trial)
    if found.best is None:
        raise TrainingError(
            f"None of {len(found.trials)} trainings succeeded; see {folder} for what each said."
        )
    return found


class _Heard:
    """Passes a trial's progress on, and stops the trial when it has fallen behind others."""

    def __init__(
        self, asked: Any, number: int, trials: int, config: TrainConfig, report: Report
    ) -> None:
        self._asked, self._number, self._trials = asked, number, trials
        self._config, self._report = config, report

    def __call__(self, progress: Progress) -> None:
        total = self._config.epochs
        done = (self._number - 1) * total + progress.done
        message = f"Trial {self._number} of {self._trials}: {progress.message}"
        self._report(Progress(done, self._trials * total, message))
        if progress.values and self._asked is not None:
            epoch = int(progress.values["epoch"])
            self._asked.report(progress.values["val_loss"], epoch)
            if epoch < total and self._asked.should_prune():
                raise _FallenBehind(epoch, progress.values["val_loss"])


class _FallenBehind(Exception):  # noqa: N818  it is no error
    def __init__(self, epoch: int, loss: float) -> None:
        super().__init__()
        self.epoch, self.loss = epoch, loss


def _try(material: LabelledCrops, scheme: Scheme, config: TrainConfig, report: Report) -> Trial:
    """Train once and give what came of it."""
    started = time.monotonic()
    trial = _described(config)
    truth = material.truth(scheme)
    parts = split(truth, material.fields, config, np.random.default_rng(config.seed))
    try:
        done = attempt(material, scheme, parts, config, report)
    except _FallenBehind as behind:
        trial = replace(trial, state=STOPPED, epochs=behind.epoch, loss=behind.loss)
    except TrainingError as problem:
        trial = replace(trial, state=FAILED, note=str(problem))
    else:
        best, history = done.fitted.best, done.fitted.history
        trial = replace(
            trial,
            batch=done.config.batch,
            epochs=len(history),
            loss=best.val_loss,
            accuracy=best.val_accuracy,
            note=" ".join((*parts.notes, *done.notes)),
        )
    return replace(trial, seconds=round(time.monotonic() - started, 2))


def _described(config: TrainConfig) -> Trial:
    return Trial(
        state=DONE,
        batch_asked=config.batch,
        batch=config.batch,
        crop_size=config.crop_size,
        dropout=config.dropout,
        optimizer=config.optimizer,
        learning_rate=config.learning_rate,
    )


def _begun(question: Question, digest: str, folder: Path) -> Search:
    """Give the search of a folder, or a new one."""
    config, codes = question.config, question.scheme.codes
    found = read(folder)
    if found is None:
        return Search(digest, codes, config)
    if (found.data_digest, found.classes, found.config) != (digest, codes, config):
        raise TrainingError(
            f"The search in {folder} was begun with other crystals, labels or choices; choose a "
            "new folder, or go back to those."
        )
    return found


def _study(found: Search) -> Any:
    """Give an optuna study that knows the trials so far."""
    try:
        import optuna
    except ImportError as missing:
        raise MissingExtraError(
            "The search needs optuna; install it with: pip install napari-mcn[mcn]"
        ) from missing
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    # The trials so far are part of the seed, so that going on repeats no choice.
    sampler = optuna.samplers.TPESampler(seed=found.config.seed + len(found.trials))
    pruner = optuna.pruners.MedianPruner(n_startup_trials=5, n_warmup_steps=FIRST_EPOCHS)
    study = optuna.create_study(sampler=sampler, pruner=pruner)
    for trial in found.trials:
        study.add_trial(_frozen(trial))
    return study


def _space() -> dict[str, Any]:
    from optuna.distributions import CategoricalDistribution, FloatDistribution

    space: dict[str, Any] = {
        name: CategoricalDistribution(values) for name, values in CHOICES.items()
    }
    return space | {"learning_rate": FloatDistribution(*LEARNING_RATES, log=True)}


def _frozen(trial: Trial) -> Any:
    """Give a finished trial as optuna keeps it."""
    from optuna.trial import TrialState, create_trial

    states = {DONE: TrialState.COMPLETE, STOPPED: TrialState.PRUNED, FAILED: TrialState.FAIL}
    space = _space()
    params = {name: value for name, value in trial.params.items() if _lies_in(space[name], value)}
    return create_trial(
        state=states[trial.state],
        params=params,
        distributions={name: space[name] for name in params},
        value=trial.loss if trial.state == DONE else None,
        intermediate_values={} if trial.loss is None else {trial.epochs: trial.loss},
    )


def _lies_in(distribution: Any, value: object) -> bool:
    """Say whether a value can be one of the search's; a user's own starting point need not."""
    choices: Sequence[object] | None = getattr(distribution, "choices", None)
    if choices is not None:
        return value in choices
    return bool(distribution.low <= value <= distribution.high)


def _tell(study: Any, asked: Any, trial: Trial) -> None:
    from optuna.trial import TrialState

    if asked is None:
        study.add_trial(_frozen(trial))
    elif trial.state == DONE:
        study.tell(asked, trial.loss)
    else:
        study.tell(asked, state=TrialState.PRUNED if trial.state == STOPPED else TrialState.FAIL)
