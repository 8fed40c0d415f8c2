"""Reads what `mcn synth` wrote as crystals of known class."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from microcrystalnet.cli.crop_table import Row, read_rows
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.scheme import FOUR_CLASSES, Scheme
from microcrystalnet.errors import UnreadableFileError
from microcrystalnet.learning.dataset import CropRecipe, Example
from microcrystalnet.learning.material import LabelledCrops, cut_material
from microcrystalnet.micrographs.label_image import read_labels
from microcrystalnet.micrographs.reader import image_id
from microcrystalnet.progress import Report

TRUTH = "truth.csv"


def is_scene_folder(folder: Path) -> bool:
    """Say whether a folder looks like one of `mcn synth`."""
    return (folder / TRUTH).is_file()


def material_of_scenes(
    folder: Path, recipe: CropRecipe, report: Report
) -> tuple[LabelledCrops, Scheme]:
    """Cut every crystal of rendered scenes; its class is the truth.

    Raises
    ------
    UnreadableFileError
        If a file is missing, or the truth names a crystal that its label image does not hold.
    """
    rows = read_rows(folder / TRUTH, "image", "crystal", "class")
    by_image: dict[str, list[Row]] = {}
    for row in rows:
        by_image.setdefault(row["image"], []).append(row)
    examples = [
        example for image, each in by_image.items() for example in _examples(folder, image, each)
    ]
    labels = [row["class"] for each in by_image.values() for row in each]
    return cut_material(examples, labels, None, recipe, report), FOUR_CLASSES


def files_of_scenes(folder: Path) -> dict[str, str]:
    """Give the file name of every scene by a digest of its content, as projects name micrographs.

    Raises
    ------
    UnreadableFileError
        If a file is missing.
    """
    rows = read_rows(folder / TRUTH, "image", "crystal", "class")
    return {image_id(folder / image): image for image in {row["image"] for row in rows}}


def _examples(folder: Path, image: str, rows: list[Row]) -> list[Example]:
    path = folder / f"{Path(image).stem}_labels.tif"
    labels = read_labels(path)
    windows = ndimage.find_objects(labels.astype(np.int32))
    return [
        Example(
            f"{image} {row['crystal']}",
            image,
            folder / image,
            _mask(labels, windows, row["crystal"], path),
        )
        for row in rows
    ]


def _mask(
    labels: NDArray[np.generic],
    windows: list[tuple[slice, slice] | None],
    crystal: str,
    path: Path,
) -> Mask:
    number = int(crystal) if crystal.isdecimal() else 0
    window = windows[number - 1] if 1 <= number <= len(windows) else None
    if window is None:
        raise UnreadableFileError(f"{path} holds no crystal “{crystal}”; render the scenes again.")
    return Mask.from_pixels(labels[window] == number, window[0].start, window[1].start)
