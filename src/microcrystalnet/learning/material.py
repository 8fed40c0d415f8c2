"""What a classifier is trained on: crops, their classes, and how much each counts."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import TrainingError
from microcrystalnet.learning.augment import pose, rotations
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.dataset import CropRecipe, Example, cut_examples
from microcrystalnet.learning.fit import Part
from microcrystalnet.learning.labels import check_labels, class_weights
from microcrystalnet.learning.split import Split
from microcrystalnet.micrographs.page_path import file_and_page
from microcrystalnet.progress import Report, ignore_progress

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Teaching:
    """How far each of n crystals is taught: shares (n, classes) of the classes, weights (n,).

    A crystal of weight 1 is settled; one that counts less is learnt from, but never judged on.
    ``disagreed`` (n,) tells where the experts' first, blind answers were not the same.
    """

    shares: NDArray[np.float64]
    weights: NDArray[np.float64]
    disagreed: NDArray[np.bool_] | None = None

    @property
    def settled(self) -> NDArray[np.bool_]:
        """Which crystals are settled, (n,)."""
        return self.weights >= 1


@dataclass(frozen=True, slots=True, eq=False)
class LabelledCrops:
    """Crops (n, size, size, 1) with names, micrographs and class codes, one per crystal.

    ``teaching`` is None where the classes are taught as they are. ``sides_um`` are the longer sides
    of the crystals' boxes in micrometres, where the scale is known, ``sides`` those in pixels.
    ``files`` are the image files, where they are known: its pages show one field of view.
    """

    crops: NDArray[np.float32]
    names: Sequence[str]
    images: Sequence[str]
    labels: Sequence[str]
    digest: str
    teaching: Teaching | None = None
    sides_um: Sequence[float | None] = ()
    sides: Sequence[int] = ()
    files: Sequence[str] = ()

    @property
    def fields(self) -> Sequence[str]:
        """The field of view of each crystal: what is divided, as its detectors show it alike."""
        return self.files or self.images

    def truth(self, scheme: Scheme) -> NDArray[np.int64]:
        """Give class numbers (n,)."""
        return np.array([scheme.index(label) for label in self.labels], np.int64)

    @property
    def settled(self) -> NDArray[np.bool_]:
        """Which crystals have a settled class, (n,)."""
        everyone = np.ones(len(self.labels), np.bool_)
        return self.teaching.settled if self.teaching else everyone

    def check(self) -> None:
        """Refuse crops that nothing can be learnt from.

        Raises
        ------
        TrainingError
            If a crop holds values that are not numbers.
        """
        for name, image, crop in zip(self.names, self.images, self.crops, strict=True):
            if not np.isfinite(crop).all():
                raise TrainingError(
                    f"The crop of crystal {name} ({image}) holds pixels that are not numbers; read "
                    "its image again, or discard the crystal."
                )


def check_taught(
    labels: Sequence[str], teaching: Teaching | None, scheme: Scheme
) -> tuple[str, ...]:
    """Check the labels of settled crystals as `check_labels` does: others cannot carry a training.

    Raises
    ------
    TrainingError
        If nothing can be learnt from them.
    """
    if teaching is None:
        return check_labels(labels, scheme)
    settled = zip(labels, teaching.settled, strict=True)
    return check_labels([label for label, counts in settled if counts], scheme)


def digest(
    examples: Sequence[Example], labels: Sequence[str], teaching: Teaching | None = None
) -> str:
    """Give 64 hexadecimal digits that change with any crystal, mask, label or taught share."""
    lines = [
        f"{example.crystal_id} {example.mask.digest} {label}"
        for example, label in zip(examples, labels, strict=True)
    ]
    if teaching is not None:
        taught = zip(lines, teaching.shares, teaching.weights, strict=True)
        lines = [f"{line} {shares.tolist()} {weight}" for line, shares, weight in taught]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def cut_material(
    examples: Sequence[Example],
    labels: Sequence[str],
    teaching: Teaching | None,
    recipe: CropRecipe,
    report: Report = ignore_progress,
) -> LabelledCrops:
    """Cut the crystals of a training from their micrographs.

    Raises
    ------
    UnreadableFileError
        If a micrograph cannot be read.
    """
    return LabelledCrops(
        cut_examples(examples, recipe, report),
        [example.crystal_id for example in examples],
        [example.image_id for example in examples],
        labels,
        digest(examples, labels, teaching),
        teaching,
        [example.side_um for example in examples],
        [example.side for example in examples],
        [str(file_and_page(example.image_path)[0]) for example in examples],
    )


def parts_of(
    material: LabelledCrops, truth: NDArray[np.int64], parts: Split, config: TrainConfig
) -> tuple[Part, Part]:
    """Give what is learnt from and what training stops by, with classes balanced as chosen."""
    weights = np.ones(len(truth), np.float32)
    if config.balance == "weights":
        weights = class_weights(truth, parts.train)
    if material.teaching is not None:
        weights = weights * material.teaching.weights.astype(np.float32)
    train, validation = (
        _part(material, truth, weights, chosen) for chosen in (parts.train, parts.validation)
    )
    return (rotated(train) if config.balance == "rotations" else train), validation


def judged(material: LabelledCrops, chosen: Indices) -> Indices:
    """Leave out what is not settled, unless nothing would be left; `stand_ins` then says so."""
    settled = chosen[material.settled[chosen]]
    return settled if settled.size else chosen


def stand_ins(material: LabelledCrops, chosen: Indices, purpose: str) -> tuple[str, ...]:
    """Say where single experts' answers stand in for settled classes, as nothing is settled.

    ``purpose`` is what the crystals ``chosen`` were set aside for, such as “to judge the network”.
    """
    if material.settled[chosen].any() or not chosen.size:
        return ()
    return (
        f"None of the {chosen.size} crystals set aside {purpose} has a settled class, so what one "
        "expert alone said stands in for it; settle some of them, then train again.",
    )


def _part(
    material: LabelledCrops, truth: NDArray[np.int64], weights: NDArray[np.float32], chosen: Indices
) -> Part:
    shares = material.teaching.shares[chosen] if material.teaching else None
    taught = None if shares is None else shares.astype(np.float32)
    return Part(material.crops[chosen], truth[chosen], weights[chosen], taught)


def rotated(part: Part) -> Part:
    """Add turned crystals of the rarer classes until the classes count alike."""
    crystals, poses = rotations(part.truth)
    crops = np.stack([pose(part.crops[at], each) for at, each in zip(crystals, poses, strict=True)])
    shares = None if part.shares is None else part.shares[crystals]
    return replace(
        part,
        crops=crops,
        truth=part.truth[crystals],
        weights=part.weights[crystals],
        shares=shares,
    )
