"""The filtering child's side: noise filters, one of which has to learn first."""

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import Region
from microcrystalnet.imaging.preprocess import Filtered, Recipe, preprocess
from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.segmentation.blind_spot import denoise


class FilterService:
    """Filters micrographs; a process of its own, so that cancelling costs no prepared one."""

    METHODS = frozenset({"preprocess"})

    def preprocess(
        self,
        pixels: NDArray[np.generic],
        recipe: Recipe,
        region: Region | None = None,
        report: Report = ignore_progress,
    ) -> Filtered:
        """Run a (height, width) micrograph, or a window of one, through a recipe."""
        return preprocess(pixels, recipe, region=region, blind_spot=denoise, report=report)
