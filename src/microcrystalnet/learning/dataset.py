"""Crops of crystals, as a classifier sees them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Region
from microcrystalnet.errors import UnreadableFileError
from microcrystalnet.imaging.contrast import to_uint8
from microcrystalnet.imaging.crops import CropFrame, cut
from microcrystalnet.micrographs.page_path import name_of
from microcrystalnet.micrographs.reader import read_pixels
from microcrystalnet.progress import Progress, Report, ignore_progress

SMALLEST_SIDE = 8  # pixels across; a smaller crystal is little more than blur
SMALLEST_FILE = 4


@dataclass(frozen=True, slots=True)
class Example:
    """One crystal and the micrograph it lies on."""

    crystal_id: str
    image_id: str
    image_path: Path
    mask: Mask
    pixel_size_um: float | None = None

    @property
    def side(self) -> int:
        """The longer side of the crystal's box in pixels."""
        region = self.mask.region
        return max(region.row1 - region.row0, region.col1 - region.col0)

    @property
    def side_um(self) -> float | None:
        """The longer side of the crystal's box in micrometres, where the scale is known."""
        return None if self.pixel_size_um is None else self.side * self.pixel_size_um

    @property
    def area_um2(self) -> float | None:
        """The crystal's area in square micrometres, where the scale is known."""
        return None if self.pixel_size_um is None else self.mask.area * self.pixel_size_um**2


@dataclass(frozen=True, slots=True)
class CropRecipe:
    """How a crystal becomes a square of ``size`` pixels; stored with every model.

    ``margin`` widens the window by that share of the crystal's side, ``masked`` blackens what is
    not the crystal, ``order`` is the interpolation (0 nearest, 1 linear), ``stretch`` sets the
    contrast of the whole micrograph by percentiles first, otherwise grey is only divided by its
    type's maximum; ``squash`` fits the crystal's box, or a crop file, to the square without keeping
    its proportions.
    """

    size: int = 64
    margin: float = 0.0
    masked: bool = True
    order: int = 1
    stretch: bool = True
    squash: bool = False

    def frame(self, region: Region) -> CropFrame:
        """Give the window around a crystal's bounding box."""
        return CropFrame.around(region, self.size, self.margin, squash=self.squash)


def cut_examples(
    examples: Sequence[Example], recipe: CropRecipe, report: Report = ignore_progress
) -> NDArray[np.float32]:
    """Cut every crystal from its micrograph, reading each micrograph once.

    Returns
    -------
    (n, size, size, 1) float32
        Grey from 0 to 1, in the order of ``examples``; always finite.

    Raises
    ------
    UnreadableFileError
        If a micrograph cannot be read.
    """
    crops = np.zeros((len(examples), recipe.size, recipe.size, 1), np.float32)
    done = 0
    for path, indices in _by_micrograph(examples):
        report(Progress(done, len(examples), f"Cutting crystals from {name_of(path)}"))
        grey = to_grey(read_pixels(path), recipe)
        for index in indices:
            crops[index, :, :, 0] = cut_one(grey, examples[index].mask, recipe)
        done += len(indices)
    report(Progress(done, len(examples), "Crystals cut"))
    return crops


def cut_one(grey: NDArray[np.float32], mask: Mask, recipe: CropRecipe) -> NDArray[np.float32]:
    """Cut one crystal from a (height, width) micrograph that `to_grey` made."""
    shown = mask if recipe.masked else None
    return cut(grey, recipe.frame(mask.region), mask=shown, order=recipe.order)


def read_crops(
    paths: Sequence[Path], recipe: CropRecipe, report: Report = ignore_progress
) -> NDArray[np.float32]:
    """Read crystals that were already cut, one file each, as (n, size, size, 1) float32.

    Raises
    ------
    UnreadableFileError
        If a file cannot be read, or is too small to show a crystal.
    """
    crops = np.zeros((len(paths), recipe.size, recipe.size, 1), np.float32)
    for index, path in enumerate(paths):
        report(Progress(index, len(paths), f"Reading {path.name}"))
        grey = to_grey(read_pixels(path), recipe)
        if max(grey.shape) < SMALLEST_FILE:
            raise UnreadableFileError(
                f"{path} is a crop of {grey.shape[0]} x {grey.shape[1]} pixels, which shows no "
                f"crystal; use crops of {SMALLEST_SIDE} pixels or more, or remove its row."
            )
        crops[index, :, :, 0] = fit_square(grey, recipe)
    return crops


def fit_square(grey: NDArray[np.float32], recipe: CropRecipe) -> NDArray[np.float32]:
    """Bring a (height, width) crop to the recipe's square."""
    height, width = grey.shape
    return cut(grey, recipe.frame(Region(0, 0, height, width)), order=recipe.order)


def to_grey(pixels: NDArray[np.generic], recipe: CropRecipe) -> NDArray[np.float32]:
    """Give the grey values of a (height, width) image as float32 from 0 to 1."""
    whole = not recipe.stretch and pixels.dtype in (np.uint8, np.uint16)
    levels = pixels if whole else to_uint8(pixels)
    return levels.astype(np.float32) / np.float32(256**levels.dtype.itemsize - 1)


def _by_micrograph(examples: Sequence[Example]) -> Iterator[tuple[Path, list[int]]]:
    order = sorted(range(len(examples)), key=lambda index: examples[index].image_path)
    for path, indices in groupby(order, key=lambda index: examples[index].image_path):
        yield path, list(indices)
