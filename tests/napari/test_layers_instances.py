"""Crystals painted over each other, without any window."""

import numpy as np
import pytest

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Region
from microcrystalnet.errors import MaskError
from napari_mcn.layers.instances import N_COLOURS, Instances


@pytest.fixture
def instances():
    return Instances(np.zeros((40, 50), np.uint16))


def test_every_pixel_knows_its_crystal(instances, square):
    instances.replace([square("a", 0, 0), square("b", 20, 20)])
    assert instances.at(5, 5) == "a"
    assert instances.at(25, 25) == "b"


def test_between_crystals_there_is_none(instances, square):
    instances.replace([square("a", 0, 0)])
    assert instances.at(30, 30) is None


def test_outside_the_image_there_is_none(instances, square):
    instances.replace([square("a", 0, 0), square("b", 30, 40)])
    assert instances.at(-1, -1) is None
    assert instances.at(40, 50) is None


def test_the_later_crystal_lies_on_top(instances, square):
    instances.replace([square("a", 0, 0), square("b", 5, 5)])
    assert instances.at(7, 7) == "b"


def test_the_higher_crystal_lies_on_top_whatever_the_order(instances, square):
    instances.replace([square("a", 0, 0, z=1), square("b", 5, 5)])
    assert instances.at(7, 7) == "a"


def test_removing_a_crystal_bares_what_lay_beneath(instances, square):
    instances.replace([square("a", 0, 0), square("b", 5, 5)])
    assert instances.remove("b") == Region(5, 5, 15, 15)
    assert instances.at(7, 7) == "a"
    assert instances.at(12, 12) is None


def test_a_crystal_that_moves_leaves_nothing_behind(instances, square):
    instances.replace([square("a", 0, 0)])
    assert instances.put(square("a", 20, 20)) == Region(0, 0, 30, 30)
    assert instances.at(5, 5) is None
    assert instances.at(25, 25) == "a"


def test_a_mended_crystal_keeps_its_place_beneath_a_later_one(instances, square):
    instances.replace([square("a", 0, 0), square("b", 5, 5)])
    instances.put(square("a", 0, 0, side=12))
    assert instances.at(7, 7) == "b"


def test_hidden_parts_stay_part_of_the_mask(instances, square):
    instances.replace([square("a", 0, 0), square("b", 5, 5)])
    assert instances.mask("a").area == 100


def test_a_crystal_keeps_its_colour_when_others_go(square):
    crystals = [square(f"c{at}", 0, 0) for at in range(5)]
    one, other = (Instances(np.zeros((40, 50), np.uint16)) for _ in range(2))
    one.replace(crystals)
    other.replace(crystals[3:])
    assert one.value("c4") % N_COLOURS == other.value("c4") % N_COLOURS


def test_two_thousand_crystals_have_two_thousand_values(instances, square):
    instances.replace(square(f"c{at}", 0, 0) for at in range(2000))
    assert len(instances.ids) == 2000


def test_a_mask_beyond_the_image_is_refused_and_nothing_changes(instances, square):
    instances.replace([square("a", 0, 0)])
    with pytest.raises(MaskError, match="40 x 50 pixels"):
        instances.put(square("b", 35, 45))
    assert "b" not in instances


@pytest.mark.parametrize("seed", range(5))
def test_edits_one_by_one_equal_painting_anew(seed):
    rng = np.random.default_rng(seed)
    edited, anew = (Instances(np.zeros((40, 50), np.uint16)) for _ in range(2))
    crystals = [_blob(rng, f"c{at}") for at in range(30)]
    for crystal in crystals:
        edited.put(crystal)
    for at in range(0, 30, 3):
        edited.remove(f"c{at}")
    anew.replace(crystal for at, crystal in enumerate(crystals) if at % 3)
    assert _ids(edited) == _ids(anew)


def _blob(rng, crystal_id):
    from microcrystalnet.domain.crystal import Crystal, MaskSource

    height, width = rng.integers(1, 15, 2)
    pixels = rng.random((height, width)) < 0.7
    pixels[0, 0] = True
    mask = Mask.from_pixels(pixels, int(rng.integers(0, 25)), int(rng.integers(0, 35)))
    return Crystal(crystal_id, "image", mask, MaskSource.AUTO, int(rng.integers(0, 3)))


def _ids(instances):
    return [instances.ids.get(int(value)) for value in instances.values.ravel()]
