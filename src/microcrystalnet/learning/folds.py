"""Cross-validation: every crystal is judged once, by a network that did not learn from it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import TrainingError
from microcrystalnet.learning.attempt import attempt, held_out
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.evaluate import Metrics, metrics
from microcrystalnet.learning.material import LabelledCrops, judged, stand_ins
from microcrystalnet.learning.overlap import twins
from microcrystalnet.learning.records import FoldRecord, HeldOut
from microcrystalnet.learning.split import LEAK, Split, split
from microcrystalnet.progress import Progress, Report, ignore_progress

Indices = NDArray[np.intp]
ATTEMPTS = 300


def cross_validate(
    material: LabelledCrops, scheme: Scheme, config: TrainConfig, report: Report = ignore_progress
) -> tuple[tuple[FoldRecord, ...], tuple[HeldOut, ...], tuple[str, ...]]:
    """Train once per fold; give the figures of each fold, and every crystal as judged there.

    Last come sentences without which the figures cannot be judged.

    Raises
    ------
    TrainingError
        If there are too few micrographs for the folds, or a training goes astray.
    """
    generator = np.random.default_rng(config.seed)
    records: list[FoldRecord] = []
    everyone: list[HeldOut] = []
    notes: list[str] = []
    divisions = fold_splits(material.truth(scheme), material.fields, config, generator)
    for number, parts in enumerate(divisions, 1):
        heard = stage(report, number - 1, len(divisions) + 1, f"Fold {number} of {len(divisions)}")
        done = attempt(material, scheme, parts, config, heard)
        tested = held_out(material, judged(material, parts.test), done.probabilities)
        record = FoldRecord(
            trained=len(parts.train),
            tested=len(tested),
            micrographs=tuple(sorted({each.image_id for each in tested})),
            best_epoch=done.fitted.best.epoch,
            metrics=metrics_of(tested, scheme.codes),
        )
        records.append(record)
        everyone += tested
        notes += stand_ins(material, parts.test, f"to judge fold {number}")
        notes += twins(material.crops[parts.train], material.crops[parts.test])
    return tuple(records), tuple(everyone), tuple(notes)


def fold_splits(
    truth: NDArray[np.int64],
    images: Sequence[str],
    config: TrainConfig,
    generator: np.random.Generator,
) -> list[Split]:
    """Divide crystals once per fold; each is in the test part of exactly one.

    Micrographs stay whole unless the configuration divides by crystal.

    Raises
    ------
    TrainingError
        If there are fewer micrographs, or crystals, than folds.
    """
    fold = _assign(truth, images, config, generator)
    note = (LEAK,) if config.split == "crystal" else ()
    splits = []
    for number in range(config.folds):
        rest, tested = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        untested = replace(config, test_share=0.0)
        inner = split(truth[rest], [images[int(at)] for at in rest], untested, generator)
        splits.append(Split(rest[inner.train], rest[inner.validation], tested, inner.by, note))
    return splits


def stage(report: Report, number: int, stages: int, name: str) -> Report:
    """Give a report for one of several equal stages of a task; curves are kept to the last."""

    def heard(progress: Progress) -> None:
        total = max(progress.total, 1)
        done = number * total + progress.done
        values = progress.values if number == stages - 1 else {}
        message = f"{name}: {progress.message}" if name else progress.message
        report(Progress(done, stages * total, message, values))

    return heard


def metrics_of(crystals: Sequence[HeldOut], codes: tuple[str, ...]) -> Metrics:
    """Give every figure of crystals that were held out."""
    return metrics(
        [each.truth for each in crystals],
        np.array([each.probabilities for each in crystals]),
        codes,
        [each.image_id for each in crystals],
    )


def _assign(
    truth: NDArray[np.int64],
    images: Sequence[str],
    config: TrainConfig,
    generator: np.random.Generator,
) -> Indices:
    """Give each crystal its fold (n,), the classes as evenly as chance allows."""
    whole = config.split == "micrograph"
    groups = np.unique(images, return_inverse=True)[1] if whole else np.arange(len(truth))
    count = int(groups.max()) + 1
    if count < config.folds:
        unit = "micrographs" if whole else "crystals"
        raise TrainingError(
            f"{config.folds} folds need as many {unit}, but only {count} hold settled crystals; "
            f"choose {count} folds or fewer{', or divide by crystal' if whole else ''}."
        )
    if not whole:
        shuffled = generator.permutation(count)
        fold = np.empty(count, np.intp)
        fold[shuffled[np.argsort(truth[shuffled], kind="stable")]] = np.arange(count) % config.folds
        return fold
    return _even_groups(truth, groups, config.folds, generator)[groups]


def _even_groups(
    truth: NDArray[np.int64], groups: Indices, folds: int, generator: np.random.Generator
) -> Indices:
    """Try random assignments of micrographs; keep the one whose folds are most alike."""
    counts = np.zeros((int(groups.max()) + 1, int(truth.max()) + 1))
    np.add.at(counts, (groups, truth), 1)
    best, least = np.arange(len(counts)) % folds, np.inf
    for _ in range(ATTEMPTS):
        fold = generator.permutation(len(counts)) % folds
        got = np.stack([counts[fold == each].sum(0) for each in range(folds)])
        cost = float(np.abs(got - counts.sum(0) / folds).sum())
        if cost < least:
            best, least = fold, cost
    return best
