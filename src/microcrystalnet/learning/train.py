"""Train a classifier on settled labels and write it as a model folder."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.learning import model_folder
from microcrystalnet.learning.attempt import Attempt, attempt, held_out
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.dataset import CropRecipe, Example
from microcrystalnet.learning.evaluate import Metrics
from microcrystalnet.learning.familiar import seen_of, tiny
from microcrystalnet.learning.folds import cross_validate, metrics_of, stage
from microcrystalnet.learning.material import (
    LabelledCrops,
    Teaching,
    check_taught,
    cut_material,
    judged,
    stand_ins,
)
from microcrystalnet.learning.networks.build import get_weights
from microcrystalnet.learning.overlap import crop_digests, twins
from microcrystalnet.learning.records import (
    FORMAT,
    Contested,
    HeldOut,
    ModelCard,
    Seen,
    TrainingRecord,
)
from microcrystalnet.learning.split import LEAK, Split, split
from microcrystalnet.progress import Report, ignore_progress

NO_TEST = (
    "No test part was set aside: the crystals judged on also ended the training, so the figures "
    "are too kind; label more crystals on more micrographs, or train in folds."
)

__all__ = ["LabelledCrops", "TrainingSummary", "train", "train_crops"]


@dataclass(frozen=True, slots=True)
class TrainingSummary:
    """What a training came to; everything is also in the model folder."""

    model_id: str
    folder: Path
    classes: tuple[str, ...]
    record: TrainingRecord

    @property
    def metrics(self) -> Metrics:
        """Figures on crystals the network had not seen."""
        return self.record.metrics

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences the user must know to judge the figures."""
        return self.record.notes


def train(  # noqa: PLR0917  the material in the order a reader asks for it
    examples: Sequence[Example],
    labels: Sequence[str],
    scheme: Scheme,
    config: TrainConfig,
    folder: Path,
    report: Report = ignore_progress,
    *,
    recipe: CropRecipe | None = None,
    teaching: Teaching | None = None,
) -> TrainingSummary:
    """Train on crystals and their class codes; ``folder`` must not exist yet.

    ``teaching`` says how far each is taught; without it, the classes are taught as they are.

    Raises
    ------
    TrainingError
        If there is too little to learn from, or the training goes astray; nothing is written.
    UnreadableFileError
        If a micrograph cannot be read.
    """
    check_taught(labels, teaching, scheme)
    config.check()
    recipe = recipe or CropRecipe(size=config.crop_size)
    material = cut_material(examples, labels, teaching, recipe, report)
    return train_crops(material, scheme, recipe, config, folder, report)


def train_crops(  # noqa: PLR0917  as `train`
    material: LabelledCrops,
    scheme: Scheme,
    recipe: CropRecipe,
    config: TrainConfig,
    folder: Path,
    report: Report = ignore_progress,
) -> TrainingSummary:
    """Train on crops that are cut already; see `train`."""
    started = time.monotonic()
    notes = check_taught(material.labels, material.teaching, scheme)
    config.check()
    material.check()
    if material.teaching is None:
        config = replace(config, targets="paper")
    record, done = _learn(material, scheme, config, report)
    seconds = round(time.monotonic() - started, 2)
    record = replace(record, notes=(*record.notes, *notes, *tiny(material.sides)), seconds=seconds)
    card = _card(done, scheme, recipe, record, seen_of(material))
    model_folder.save(folder, card, get_weights(done.fitted.model))
    return TrainingSummary(folder.name, folder, scheme.codes, record)


def _learn(
    material: LabelledCrops, scheme: Scheme, config: TrainConfig, report: Report
) -> tuple[TrainingRecord, Attempt]:
    """Train the model, after a cross-validation where one is asked for."""
    truth = material.truth(scheme)
    if not config.folds:
        parts = split(truth, material.fields, config, np.random.default_rng(config.seed))
        done = attempt(material, scheme, parts, config, report)
        said = held_out(material, judged(material, parts.judged), done.probabilities)
        told = replace(parts, notes=(*parts.notes, *_doubts(material, parts)))
        return _record(material, told, done, said, scheme), done
    folds, said, doubtful = cross_validate(material, scheme, config, report)
    everyone = replace(config, test_share=0.0)
    parts = split(truth, material.fields, everyone, np.random.default_rng(config.seed))
    last = stage(report, config.folds, config.folds + 1, "")
    done = attempt(material, scheme, parts, everyone, last)
    leaks = (LEAK,) if config.split == "crystal" else ()
    record = _record(material, replace(parts, notes=(*leaks, *doubtful)), done, said, scheme)
    # No test part is set aside beside folds; what was chosen stays, to train again with it.
    used = replace(done.config, test_share=config.test_share)
    return replace(record, config=used, judged_on="folds", folds=folds), done


def _doubts(material: LabelledCrops, parts: Split) -> tuple[str, ...]:
    """Say what flatters the figures of the part that is judged on."""
    return (
        *(() if parts.test.size else (NO_TEST,)),
        *stand_ins(material, parts.judged, "to judge the network"),
        *twins(material.crops[parts.train], material.crops[parts.judged]),
    )


def _record(
    material: LabelledCrops,
    parts: Split,
    done: Attempt,
    said: tuple[HeldOut, ...],
    scheme: Scheme,
) -> TrainingRecord:
    fitted, learnt = done.fitted, np.sort([*parts.train, *parts.validation])
    return TrainingRecord(
        config=done.config,
        data_digest=material.digest,
        trained=len(parts.train),
        validated=len(parts.validation),
        tested=len(parts.test),
        history=fitted.history,
        best_epoch=fitted.best.epoch,
        judged_on="test" if parts.test.size else "validation",
        metrics=metrics_of(said, scheme.codes),
        held_out=said,
        notes=(*parts.notes, *done.notes),
        selected=fitted.selected,
        components=fitted.components,
        explained_variance=fitted.explained_variance,
        contested=_contested(material, said, scheme),
        learnt_from=tuple(material.names[int(at)] for at in learnt),
        learnt_crops=tuple(crop_digests(material.crops[learnt])),
    )


def _contested(
    material: LabelledCrops, said: tuple[HeldOut, ...], scheme: Scheme
) -> Contested | None:
    """Judge the harder crystals apart: those whose experts did not agree at once."""
    if material.teaching is None or material.teaching.disagreed is None:
        return None
    pairs = zip(material.names, material.teaching.disagreed, strict=True)
    names = {name for name, disagreed in pairs if disagreed}
    hard = [each for each in said if each.crystal_id in names]
    right = [scheme.codes[int(np.argmax(each.probabilities))] == each.truth for each in hard]
    return Contested(len(hard), sum(right))


def _card(
    done: Attempt, scheme: Scheme, recipe: CropRecipe, record: TrainingRecord, seen: Seen
) -> ModelCard:
    return ModelCard(
        format=FORMAT,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        network=done.fitted.network,
        classes=scheme.codes,
        scheme=scheme,
        recipe=recipe,
        temperature=done.temperature,
        source="trained",
        training=record,
        seen=seen,
    )
