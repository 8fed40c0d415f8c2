"""What stands of each model in a table that compares several."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from microcrystalnet.learning import model_folder


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model; figures are None where it was never judged.

    ``precision`` and ``area`` are means over classes of average precision and area under the ROC
    curve. Figures of models with another ``digest`` or ``split`` were made on other crystals.
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
        record.config.split,
        record.data_digest,
        record.config.seed,
        record.seconds,
    )


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None
