"""One training within the memory there is, and what the trained network says of crystals."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import TrainingError
from microcrystalnet.learning.calibrate import fit_temperature, temper
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.fit import FEWEST_SHOWN, Fitted, Part, fit
from microcrystalnet.learning.material import LabelledCrops, judged, parts_of, stand_ins
from microcrystalnet.learning.networks.choose import choose
from microcrystalnet.learning.records import HeldOut
from microcrystalnet.learning.run import compile_run, in_batches
from microcrystalnet.learning.split import Split
from microcrystalnet.progress import Report, ignore_progress

SMALLEST_BATCH = 4
STEPS_WANTED = 8


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """A trained network, the configuration that fitted into memory, and what it says.

    ``probabilities`` (n, classes) are those of all crystals, calibrated by ``temperature``.
    """

    fitted: Fitted
    config: TrainConfig
    temperature: float
    probabilities: NDArray[np.float64]
    notes: tuple[str, ...]


def attempt(
    material: LabelledCrops,
    scheme: Scheme,
    parts: Split,
    config: TrainConfig,
    report: Report = ignore_progress,
) -> Attempt:
    """Train on one division of the crystals, and calibrate on its validation part.

    Raises
    ------
    TrainingError
        If the training goes astray, or there is not enough memory even for small batches.
    """
    truth = material.truth(scheme)
    train, validation = parts_of(material, truth, parts, config)
    wanted = _fit_batch(config, len(train.truth))
    fitted, used = _within_memory(train, validation, len(scheme.codes), wanted, report)
    raw = in_batches(compile_run(fitted.model), material.crops).astype(np.float64)
    settled = judged(material, parts.validation)
    temperature = fit_temperature(raw[settled], truth[settled])
    doubtful = stand_ins(material, parts.validation, "to stop by and to calibrate on")
    notes = (*doubtful, *_memory_note(wanted, used))
    return Attempt(fitted, used, temperature, temper(raw, temperature), notes)


def held_out(
    material: LabelledCrops, chosen: NDArray[np.intp], probabilities: NDArray[np.float64]
) -> tuple[HeldOut, ...]:
    """Give the crystals ``chosen`` with what is said of them."""
    return tuple(
        HeldOut(
            material.names[index],
            material.images[index],
            material.labels[index],
            tuple(float(value) for value in probabilities[index]),
        )
        for index in chosen
    )


def _fit_batch(config: TrainConfig, crystals: int) -> TrainConfig:
    """Take smaller batches of few crystals, so that an epoch is more than one step."""
    shown = max(crystals, FEWEST_SHOWN) if config.augment else crystals
    wanted = max(8, shown // STEPS_WANTED)
    return replace(config, batch=min(config.batch, wanted))


def _within_memory(
    train: Part, validation: Part, classes: int, config: TrainConfig, report: Report
) -> tuple[Fitted, TrainConfig]:
    """Train; if memory runs out, begin again with half the batch."""
    network = choose(config, train.crops.shape[1], classes, len(train.truth))
    try:
        return fit(network, train, validation, config, report), config
    except MemoryError as trouble:
        if config.batch // 2 < SMALLEST_BATCH:
            raise TrainingError(
                f"There is not enough memory to train even with batches of {config.batch}; close "
                "other programs and try again."
            ) from trouble
    smaller = replace(config, batch=config.batch // 2)
    return _within_memory(train, validation, classes, smaller, report)


def _memory_note(wanted: TrainConfig, used: TrainConfig) -> tuple[str, ...]:
    if wanted.batch == used.batch:
        return ()
    return (
        f"There was not enough memory for batches of {wanted.batch}, so batches of {used.batch} "
        "were used; close other programs to train as you chose.",
    )
