"""The crystals of a comparison of networks, and how they are divided for all alike."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import TrainingError
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.material import LabelledCrops
from microcrystalnet.learning.overlap import check_apart
from microcrystalnet.learning.split import split

DIVISION_SEED = 0
STOPPED_BY_NEIGHBOURS: Mapping[str, tuple[str, ...]] = {
    "micrograph": (),
    "crystal": (
        "The crystals that end the trainings lie on micrographs that are learnt from; those judged "
        "on are apart, so the figures are not too kind.",
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class Crystals:
    """Crops (n, size, size, 1) with their names, micrographs and class numbers (n,).

    ``fields`` are their fields of view, ``files`` the file names of the micrographs by a digest of
    their content, where both are known.
    """

    crops: NDArray[np.float32]
    names: Sequence[str]
    images: Sequence[str]
    truth: NDArray[np.int64]
    fields: Sequence[str]
    files: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, material: LabelledCrops, scheme: Scheme, files: Mapping[str, str] | None = None
    ) -> "Crystals":
        """Give settled crystals as they are taught and judged here, without the experts' doubt."""
        settled = np.flatnonzero(material.settled)
        truth = material.truth(scheme)
        crops, names, images = material.crops, material.names, material.images
        everyone = cls(crops, names, images, truth, material.fields, files or {})
        return _part(everyone, settled)


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What everyone is trained, stopped and judged on; ``digest`` changes with any of it.

    ``notes`` are sentences that the figures cannot be judged without.
    """

    classes: tuple[str, ...]
    train: Crystals
    validation: Crystals
    test: Crystals
    digest: str
    notes: tuple[str, ...] = ()


def lay_out(
    crystals: Crystals, classes: tuple[str, ...], config: TrainConfig, test: Crystals | None = None
) -> Course:
    """Divide crystals once for all entrants, whole micrographs together.

    With crystals to ``test`` on, all of the others are for training and validation.

    Raises
    ------
    TrainingError
        If the division leaves nothing to be judged on, some of ``test`` is learnt from as well, or
        folds are asked for.
    """
    if config.folds:
        raise TrainingError(
            f"A comparison divides the crystals once, not in {config.folds} folds; leave folds out."
        )
    if test is not None:
        check_apart((crystals.crops, crystals.files), (test.crops, test.files))
        validation = config.validation_share + config.test_share
        config = replace(config, validation_share=validation, test_share=0.0)
    generator = np.random.default_rng(DIVISION_SEED)
    parts = split(crystals.truth, crystals.fields, config, generator)
    notes = parts.notes if test is None else STOPPED_BY_NEIGHBOURS[parts.by]
    test = _part(crystals, parts.test) if test is None else test
    if not len(test.truth):
        raise TrainingError(
            f"{len(crystals.truth)} crystals on {len(set(crystals.images))} micrographs are too "
            "few to compare networks; give more, or a second table to test on."
        )
    train, validation_part = (_part(crystals, each) for each in (parts.train, parts.validation))
    course = Course(classes, train, validation_part, test, "", notes)
    return replace(course, digest=_digest(course))


def _part(crystals: Crystals, chosen: NDArray[np.intp]) -> Crystals:
    return Crystals(
        crystals.crops[chosen],
        [crystals.names[index] for index in chosen],
        [crystals.images[index] for index in chosen],
        crystals.truth[chosen],
        [crystals.fields[index] for index in chosen],
        crystals.files,
    )


def _digest(course: Course) -> str:
    told = hashlib.sha256()
    for part in (course.train, course.validation, course.test):
        told.update(part.crops.tobytes() + part.truth.tobytes())
    return told.hexdigest()
