import numpy as np

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prompt import Click
from microcrystalnet.imaging.corrections import union
from microcrystalnet.segmentation.neural.obedience import obey


def square(row, col, side=10):
    return Mask.from_pixels(np.ones((side, side)), row, col)


def nothing(click):
    return None


def test_a_mask_that_obeys_stays_as_it_is():
    assert obey(square(0, 0), [Click(5, 5)], nothing) == square(0, 0)


def test_a_second_click_joins_the_crystal_it_lies_on():
    clicks = [Click(5, 5), Click(5, 15)]
    assert obey(square(0, 0), clicks, lambda click: square(0, 10)).area == 200


def test_a_negative_click_cuts_off_its_side():
    wide = union([square(0, 0), square(0, 10)])
    cut = obey(wide, [Click(5, 4), Click(5, 15, positive=False)], nothing)
    assert (cut.contains(5, 4), cut.contains(5, 15)) == (True, False)


def test_a_negative_click_elsewhere_changes_nothing():
    clicks = [Click(5, 5), Click(50, 50, positive=False)]
    assert obey(square(0, 0), clicks, nothing) == square(0, 0)


def test_in_a_box_a_negative_click_takes_out_a_disc():
    cut = obey(square(0, 0, 100), [Click(50, 50, positive=False)], nothing)
    assert not cut.contains(50, 50)
    assert cut.contains(5, 5)
