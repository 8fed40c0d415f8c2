"""What stands of each model in a table that compares several."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from microcrystalnet.learning import model_folder
from microcrystalnet.learning.records import HeldOut


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model; figures are None where it was never judged.

    ``precision`` and ``area`` are means over classes of average precision and area under the ROC
    curve. ``digest`` changes with what was learnt from, ``judged_digest`` with the crystals judged
    on and their classes, None where they are not known. ``split`` is what was divided in fact. Only
    figures of one ``judged_digest``, ``judged_on`` and ``split`` can be compared.
    ``validation_accuracy`` has a value per epoch of the training.
    """

    model_id: str
    network: str
    source: str
    parameters: int
    judged: int
    accuracy: float | None = None
    interval: tuple[float, float] | None = None
    macro_f1: float | None = None
    precision: float | None = None
    area: float | None = None
    calibration_error: float | None = None
    trained: int | None = None
    split: str | None = None
    digest: str | None = None
    seed: int | None = None
    seconds: float | None = None
    judged_on: str | None = None
    judged_digest: str | None = None
    notes: tuple[str, ...] = ()
    validation_accuracy: tuple[float, ...] = ()


def row_of(folder: Path) -> ModelRow:
    """Read what is known of the model in a folder.

    Raises
    ------
    ModelError
        If it is missing or damaged.
    """
    card = model_folder.load(folder)
    parameters = model_folder.count_parameters(folder)
    name = card.network.name
    if card.training is None:
        return ModelRow(folder.name, name, card.source, parameters, 0)
    record, found = card.training, card.training.metrics
    return ModelRow(
        folder.name,
        name,
        card.source,
        parameters,
        found.n,
        found.accuracy,
        (found.intervals or {}).get("accuracy"),
        found.macro.f1,
        _mean(list(found.average_precision.values())),
        _mean(list(found.roc_auc.values())),
        found.calibration_error,
        record.trained,
        record.divided_by,
        record.data_digest,
        record.config.seed,
        record.seconds,
        record.judged_on,
        judged_digest(record.held_out),
        record.notes,
        tuple(epoch.val_accuracy for epoch in record.history),
    )


def judged_digest(held_out: Sequence[HeldOut]) -> str | None:
    """Give 64 hexadecimal digits that change with any judged crystal or its class; None for none.

    Micrographs are part of it: crystals of a table are only named by their place.
    """
    lines = sorted(f"{each.image_id}\t{each.crystal_id}\t{each.truth}" for each in held_out)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest() if lines else None


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None
