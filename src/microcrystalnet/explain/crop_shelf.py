"""Keeps the micrographs read last, so that their next crystal is cut within milliseconds."""

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.learning.dataset import CropRecipe, Example, cut_one, to_grey
from microcrystalnet.micrographs.reader import read_pixels
from microcrystalnet.progress import Progress, Report, ignore_progress

KEPT = 2


class CropShelf:
    """Cuts crystals like `microcrystalnet.learning.dataset.cut_examples`, but reads less often.

    A project's micrographs never change, so that what was read once stays right.
    """

    def __init__(self) -> None:
        self._grey: OrderedDict[tuple[Path, bool], NDArray[np.float32]] = OrderedDict()

    def cut(
        self, examples: Sequence[Example], recipe: CropRecipe, report: Report = ignore_progress
    ) -> NDArray[np.float32]:
        """Cut every crystal, (n, size, size, 1) float32 from 0 to 1.

        Raises
        ------
        UnreadableFileError
            If a micrograph cannot be read.
        """
        crops = np.zeros((len(examples), recipe.size, recipe.size, 1), np.float32)
        order = sorted(range(len(examples)), key=lambda index: examples[index].image_path)
        for done, index in enumerate(order):
            report(Progress(done, len(examples), "Cutting crystals"))
            grey = self._read(examples[index].image_path, recipe)
            crops[index, :, :, 0] = cut_one(grey, examples[index].mask, recipe)
        return crops

    def _read(self, path: Path, recipe: CropRecipe) -> NDArray[np.float32]:
        key = path, recipe.stretch
        if key not in self._grey:
            self._grey[key] = to_grey(read_pixels(path), recipe)
            if len(self._grey) > KEPT:
                self._grey.popitem(last=False)
        self._grey.move_to_end(key)
        return self._grey[key]
