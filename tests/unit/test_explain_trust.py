"""Outline and interior, likeness of maps, and what is said about the checks."""

import numpy as np
import pytest

from microcrystalnet.domain.mask import Mask
from microcrystalnet.explain import words
from microcrystalnet.explain.explanation import Explanation
from microcrystalnet.explain.likeness import rank_correlation, structure
from microcrystalnet.explain.outline import (
    ClassOutline,
    OutlineShare,
    by_class,
    mask_in_crop,
    outline_share,
)
from microcrystalnet.explain.pixel_curves import PixelCurves
from microcrystalnet.explain.sanity import Cascade, Forgotten
from microcrystalnet.imaging.crops import CropFrame

WHOLE = np.ones((64, 64), bool)


def ring(width=3):
    values = np.ones((64, 64), np.float32)
    values[width:-width, width:-width] = 0
    return values


def test_a_map_along_the_outline_lies_wholly_there():
    assert outline_share(ring(), WHOLE)[0] == 1


def test_a_map_inside_has_nothing_along_the_outline():
    assert outline_share(1 - ring(4), WHOLE)[0] == 0


def test_an_even_map_lies_where_its_area_lies():
    attribution, area = outline_share(np.ones((64, 64), np.float32), WHOLE)
    assert attribution == pytest.approx(area)


def test_the_sign_of_a_map_does_not_matter():
    assert outline_share(-ring(), WHOLE) == outline_share(ring(), WHOLE)


def test_the_band_reaches_to_both_sides_of_the_outline():
    inside = np.zeros((64, 64), bool)
    inside[16:48, 16:48] = True
    beyond = np.zeros((64, 64), np.float32)
    beyond[14, 16:48] = 1
    assert outline_share(beyond, inside)[0] == 1


def test_a_crystal_too_thin_for_an_interior_is_left_out():
    inside = np.zeros((64, 64), bool)
    inside[30:33] = True
    assert outline_share(np.ones((64, 64), np.float32), inside) is None


def test_an_empty_map_is_left_out():
    assert outline_share(np.zeros((64, 64), np.float32), WHOLE) is None


def test_a_mask_is_found_in_its_crop():
    mask = Mask.from_pixels(np.ones((10, 20)), 100, 200)
    inside = mask_in_crop(mask, CropFrame.around(mask.region, 64))
    assert inside.any(axis=0).all()
    assert inside.mean() == pytest.approx(0.5)


def test_shares_are_averaged_by_class_and_empty_classes_left_out():
    shares = [OutlineShare("c1", "i1", "SA", 0.4, 0.2), OutlineShare("c2", "i2", "SA", 0.6, 0.4)]
    (found,) = by_class(shares, ("RES", "SA"))
    assert (found.cls, found.crystals, found.micrographs) == ("SA", 2, 2)
    assert (found.attribution, found.area) == pytest.approx((0.5, 0.3))


def test_equal_maps_are_wholly_alike():
    values = np.random.default_rng(0).random((16, 16))
    assert rank_correlation(values, values) == pytest.approx(1)
    assert structure(values, values) == pytest.approx(1)


def test_an_empty_map_is_unlike_any_other():
    nothing, something = np.zeros((8, 8)), np.eye(8)
    assert rank_correlation(nothing, something) == 0
    assert structure(nothing, something) == 0


def test_two_empty_maps_are_alike():
    nothing = np.zeros((8, 8))
    assert (rank_correlation(nothing, nothing), structure(nothing, nothing)) == (1, 1)


def curves(deletion, insertion):
    return PixelCurves("RES", "saliency", (0, 1), deletion, insertion, (1, 0.5), (0.5, 1))


def test_a_good_map_is_called_one():
    assert words.on_curves(curves((1, 0), (1, 1))).startswith("The pixels it marks do carry")


def test_a_map_no_better_than_chance_is_warned_of():
    said = words.on_curves(curves((1, 1), (0, 1)))
    assert "do not rely on this map" in said
    assert "RES is 0.25 larger when pixels are taken away and 0.25 smaller" in said


def test_areas_that_do_not_differ_are_called_the_same():
    said = words.on_gains(0.004, -0.03)
    assert "is the same when pixels are taken away and 0.03 smaller when they return." in said


def explained(method, values):
    frame = CropFrame(0, 0, 8, 8)
    maps = np.asarray(values, np.float32)
    return Explanation("c", "m", "RES", ("RES",), (1.0,), frame, maps, method)


def test_an_empty_grad_cam_speaks_of_its_block_only():
    said = words.on_map(explained("gradcam", np.zeros((8, 8))), 2)
    assert said == "Convolution block 2 finds no sign of RES in this crystal."


def test_a_crystal_that_is_not_in_its_crop_is_not_called_empty():
    said = words.on_map(explained("saliency", np.full((8, 8), np.nan)))
    assert said.startswith("No pixel of this crystal is in the crop")


def test_a_map_without_anything_on_the_crystal_is_empty():
    values = np.zeros((8, 8))
    values[0] = np.nan
    assert words.on_map(explained("saliency", values)).startswith("Nothing in this crystal moves")


def test_integrated_gradients_are_said_to_sum_to_the_change_from_black():
    said = words.on_map(explained("integrated", np.ones((8, 8))))
    assert "they sum to the change of its score from a black crop" in said


def test_a_map_that_outlives_the_network_is_warned_of():
    assert "use another method" in words.on_cascade(
        Cascade("edges", (Forgotten("block1", 0.9, 0.8),))
    )


def test_a_map_that_forgets_with_the_network_is_said_to_tell_of_it():
    said = words.on_cascade(Cascade("saliency", (Forgotten("block1", 0.1, 0.4),)))
    assert "tells about the network" in said
    assert "rank correlation 0.10" in said


@pytest.mark.parametrize(
    ("attribution", "expected"),
    [(0.8, "2.0 times as much"), (0.2, "the interior counts more"), (0.4, "about as much")],
)
def test_the_paper_s_remark_is_judged_per_class(attribution, expected):
    assert expected in words.on_outline(ClassOutline("PES", 7, 2, attribution, 0.4))
