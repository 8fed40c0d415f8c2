"""Integrated gradients on the micrograph sum to the change of the score."""

import numpy as np
import pytest
import tifffile
from explain_material import two_sided

from microcrystalnet.domain.mask import Mask
from microcrystalnet.explain.explain import explain_all
from microcrystalnet.explain.gradient import class_numbers, slopes
from microcrystalnet.explain.mosaic import mosaic
from microcrystalnet.learning.dataset import Example, cut_examples


def crystal(row, col, side):
    rounded = np.hypot(*np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]) <= 1.01
    return Mask.from_pixels(rounded, row, col)


@pytest.mark.parametrize(
    "mask",
    [crystal(40, 40, 9), crystal(10, 10, 70), crystal(0, 98, 22)],
    ids=["small", "large", "edge"],
)
def test_integrated_gradients_on_the_micrograph_sum_to_the_change_of_the_score(tmp_path, mask):
    classifier, path = two_sided(), tmp_path / "chip.tif"
    tifffile.imwrite(path, np.random.default_rng(0).integers(0, 255, (90, 120), np.uint8))
    asked = [Example("c", "i", path, mask)]
    (found,) = explain_all(classifier, asked, "A", "integrated")
    crop = cut_examples(asked, classifier.card.recipe)
    black, seen = slopes(
        classifier, np.concatenate([crop * 0, crop]), class_numbers(classifier, "A", 2)
    )[0]
    sheet = mosaic(90, 120, [(found, mask)])
    assert abs(seen - black) > 0.02
    assert np.nansum(sheet) == pytest.approx(seen - black, rel=0.015)
