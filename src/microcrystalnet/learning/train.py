"""Train a classifier on settled labels and write it as a model folder."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import TrainingError
from microcrystalnet.learning import model_folder
from microcrystalnet.learning.calibrate import fit_temperature, temper
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.dataset import CropRecipe, Example, cut_examples, digest
from microcrystalnet.learning.evaluate import Metrics, metrics
from microcrystalnet.learning.fit import FEWEST_SHOWN, Fitted, Part, fit
from microcrystalnet.learning.labels import check_labels, class_weights
from microcrystalnet.learning.networks.build import get_weights
from microcrystalnet.learning.networks.choose import choose
from microcrystalnet.learning.records import FORMAT, HeldOut, ModelCard, TrainingRecord
from microcrystalnet.learning.run import in_batches
from microcrystalnet.learning.split import Split, split
from microcrystalnet.progress import Report, ignore_progress

SMALLEST_BATCH = 4
STEPS_WANTED = 8


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


@dataclass(frozen=True, slots=True, eq=False)
class LabelledCrops:
    """Crops (n, size, size, 1) with names, micrographs and class codes, one per crystal."""

    crops: NDArray[np.float32]
    names: Sequence[str]
    images: Sequence[str]
    labels: Sequence[str]
    digest: str


def train(  # noqa: PLR0917  the material in the order a reader asks for it
    examples: Sequence[Example],
    labels: Sequence[str],
    scheme: Scheme,
    config: TrainConfig,
    folder: Path,
    report: Report = ignore_progress,
    *,
    recipe: CropRecipe | None = None,
) -> TrainingSummary:
    """Train on crystals and their class codes; ``folder`` must not exist yet.

    Raises
    ------
    TrainingError
        If there is too little to learn from, or the training goes astray; nothing is written.
    UnreadableFileError
        If a micrograph cannot be read.
    """
    check_labels(labels, scheme)
    config.check()
    recipe = recipe or CropRecipe()
    material = LabelledCrops(
        cut_examples(examples, recipe, report),
        [example.crystal_id for example in examples],
        [example.image_id for example in examples],
        labels,
        digest(examples, labels),
    )
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
    notes = check_labels(material.labels, scheme)
    config.check()
    truth = np.array([scheme.index(label) for label in material.labels], np.int64)
    parts = split(truth, material.images, config, np.random.default_rng(config.seed))
    config = _fit_batch(config, len(parts.train))
    fitted = _fit(
        crops=material.crops,
        truth=truth,
        parts=parts,
        classes=len(scheme.codes),
        config=config,
        report=report,
    )
    probabilities = in_batches(fitted.model, material.crops).astype(np.float64)
    temperature = fit_temperature(probabilities[parts.validation], truth[parts.validation])
    held_out = _held_out(material, parts.judged, temper(probabilities, temperature))
    record = _record(
        material=material,
        parts=parts,
        fitted=fitted,
        config=config,
        held_out=held_out,
        classes=scheme.codes,
    )
    seconds = round(time.monotonic() - started, 2)
    record = replace(record, notes=(*parts.notes, *notes), seconds=seconds)
    card = _card(fitted, scheme, recipe, temperature, record)
    model_folder.save(folder, card, get_weights(fitted.model))
    return TrainingSummary(folder.name, folder, scheme.codes, record)


def _fit_batch(config: TrainConfig, crystals: int) -> TrainConfig:
    """Take smaller batches of few crystals, so that an epoch is more than one step."""
    shown = max(crystals, FEWEST_SHOWN) if config.augment else crystals
    wanted = max(8, shown // STEPS_WANTED)
    return replace(config, batch=min(config.batch, wanted))


def _fit(
    *,
    crops: NDArray[np.float32],
    truth: NDArray[np.int64],
    parts: Split,
    classes: int,
    config: TrainConfig,
    report: Report,
) -> Fitted:
    """Train; if memory runs out, begin again with half the batch."""
    network = choose(config, crops.shape[1], classes, len(parts.train))
    everyone = np.ones(len(truth), np.float32)
    weights = class_weights(truth, parts.train) if config.balance else everyone
    train_part, validation = (
        Part(crops[part], truth[part], weights[part]) for part in (parts.train, parts.validation)
    )
    try:
        return fit(network, train_part, validation, config, report)
    except MemoryError as trouble:
        if config.batch // 2 < SMALLEST_BATCH:
            raise TrainingError(
                f"There is not enough memory to train even with batches of {config.batch}; close "
                "other programs and try again."
            ) from trouble
    smaller = replace(config, batch=config.batch // 2)
    return _fit(
        crops=crops, truth=truth, parts=parts, classes=classes, config=smaller, report=report
    )


def _held_out(
    material: LabelledCrops, judged: NDArray[np.intp], probabilities: NDArray[np.float64]
) -> tuple[HeldOut, ...]:
    return tuple(
        HeldOut(
            material.names[index],
            material.images[index],
            material.labels[index],
            tuple(float(value) for value in probabilities[index]),
        )
        for index in judged
    )


def _record(
    *,
    material: LabelledCrops,
    parts: Split,
    fitted: Fitted,
    config: TrainConfig,
    held_out: tuple[HeldOut, ...],
    classes: tuple[str, ...],
) -> TrainingRecord:
    return TrainingRecord(
        config=config,
        data_digest=material.digest,
        trained=len(parts.train),
        validated=len(parts.validation),
        tested=len(parts.test),
        history=fitted.history,
        best_epoch=fitted.best.epoch,
        judged_on="test" if parts.test.size else "validation",
        metrics=metrics(
            [each.truth for each in held_out],
            np.array([each.probabilities for each in held_out]),
            classes,
            [each.image_id for each in held_out],
        ),
        held_out=held_out,
        selected=fitted.selected,
        components=fitted.components,
        explained_variance=fitted.explained_variance,
    )


def _card(
    fitted: Fitted,
    scheme: Scheme,
    recipe: CropRecipe,
    temperature: float,
    record: TrainingRecord,
) -> ModelCard:
    return ModelCard(
        format=FORMAT,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        network=fitted.network,
        classes=scheme.codes,
        scheme=scheme,
        recipe=recipe,
        temperature=temperature,
        source="trained",
        training=record,
    )
