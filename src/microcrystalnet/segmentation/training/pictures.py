"""Annotated training pictures in memory: pixels, labels, distances and what to point at."""

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from microcrystalnet.errors import MicroCrystalError

COLUMNS = {"name", "modality", "source_doi"}


class TrainingPicturesError(MicroCrystalError):
    """The folder of annotated pictures cannot be used."""


@dataclass(frozen=True, slots=True)
class Particle:
    """One annotated object: its label, box (row0, col0, row1, col1) and deepest pixel."""

    label: int
    box: tuple[int, int, int, int]
    deepest: tuple[int, int]

    @property
    def side(self) -> int:
        """Longer side of the box in pixels."""
        return max(self.box[2] - self.box[0], self.box[3] - self.box[1])


@dataclass(frozen=True, slots=True)
class Picture:
    """One annotated picture.

    ``levels`` are the grey values (uint8) at scale 1, 1/2, 1/4, 1/8; ``labels`` (uint16) and
    ``depth`` (uint8, distance to the particle's own edge, 255 at its deepest pixel) are at scale 1.
    """

    name: str
    sem: bool
    levels: tuple[NDArray[np.uint8], ...]
    labels: NDArray[np.uint16]
    depth: NDArray[np.uint8]
    particles: tuple[Particle, ...]

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """Grey values (height, width) as recorded."""
        return self.levels[0]


def is_validation(source_doi: str) -> bool:
    """Say whether an article's pictures are kept for validation: one article in five, for ever."""
    return int(hashlib.sha256(source_doi.encode()).hexdigest(), 16) % 5 == 0


def load_pictures(folder: Path, *, validation: bool, sem_only: bool = False) -> list[Picture]:
    """Read the training or the validation part of an EMPS-like folder.

    The folder holds ``manifest.csv`` (name, modality, source_doi), ``images`` and ``labels``.

    Raises
    ------
    TrainingPicturesError
        If there is no manifest, or a column is missing in it.
    """
    manifest = folder / "manifest.csv"
    if not manifest.exists():
        raise TrainingPicturesError(
            f"There is no manifest.csv in {folder}; point --data at a folder of annotated pictures."
        )
    with manifest.open(newline="") as lines:
        table = csv.DictReader(lines)
        if missing := COLUMNS - set(table.fieldnames or ()):
            raise TrainingPicturesError(
                f"{manifest} has no column {', '.join(sorted(missing))}; give it one."
            )
        rows = [row for row in table if is_validation(row["source_doi"]) == validation]
    return [
        read_picture(folder, row["name"], sem=row["modality"] == "SEM-like")
        for row in rows
        if not sem_only or row["modality"] == "SEM-like"
    ]


def read_picture(folder: Path, name: str, *, sem: bool) -> Picture:
    """Read one picture and its labels."""
    pixels = np.asarray(Image.open(folder / "images" / f"{name}.png").convert("L"))
    labels = np.asarray(Image.open(folder / "labels" / f"{name}.png")).astype(np.uint16)
    return make_picture(name, pixels, labels, sem=sem)


def make_picture(
    name: str, pixels: NDArray[np.uint8], labels: NDArray[np.uint16], *, sem: bool = True
) -> Picture:
    """Measure the particles of a labelled (height, width) picture."""
    depth = np.zeros(labels.shape, np.uint8)
    particles = []
    for label, place in enumerate(ndimage.find_objects(labels.astype(np.int32)), start=1):
        if place is not None:
            particles.append(_measure(labels, depth, label, place))
    return Picture(name, sem, _levels(pixels), labels, depth, tuple(particles))


def _measure(
    labels: NDArray[np.uint16], depth: NDArray[np.uint8], label: int, place: Sequence[slice]
) -> Particle:
    """Write the particle's distances into ``depth``; the picture's own border is not an edge."""
    rows, cols = place
    row0, col0 = max(rows.start - 1, 0), max(cols.start - 1, 0)
    around = (slice(row0, rows.stop + 1), slice(col0, cols.stop + 1))
    inside = labels[around] == label
    distance = ndimage.distance_transform_edt(inside)
    deepest = np.unravel_index(int(distance.argmax()), distance.shape)
    depth[around][inside] = np.round(255 * distance[inside] / distance.max()).astype(np.uint8)
    return Particle(
        label,
        (rows.start, cols.start, rows.stop, cols.stop),
        (row0 + int(deepest[0]), col0 + int(deepest[1])),
    )


def _levels(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], ...]:
    """Halve the picture three times by averaging 2 x 2 pixels."""
    levels = [pixels]
    for _ in range(3):
        last = levels[-1].astype(np.uint16)
        height, width = (last.shape[0] // 2) * 2, (last.shape[1] // 2) * 2
        blocks = last[:height, :width].reshape(height // 2, 2, width // 2, 2)
        levels.append(((blocks.sum((1, 3)) + 2) // 4).astype(np.uint8))
    return tuple(levels)
