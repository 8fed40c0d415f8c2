"""The colours of maps, their ends, and files of maps."""

import numpy as np
import pytest
import tifffile
from PIL import Image

from microcrystalnet.domain.micrograph import PixelSize
from microcrystalnet.imaging.colour_scales import BLUE_ORANGE, CIVIDIS, INFERNO, strength
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.report.map_file import write_picture, write_tiff

SPIKED = np.concatenate([np.ones(999), [1000.0]]).astype(np.float32)


@pytest.mark.parametrize("scale", [INFERNO, CIVIDIS])
def test_a_scale_grows_steadily_brighter(scale):
    brightness = scale.table(9)[:, :3] @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(brightness) > 0).all()


def test_what_is_near_zero_lets_the_crystal_through():
    assert INFERNO.table(3, fading=True)[:, 3].tolist() == [0, 1, 1]
    assert BLUE_ORANGE.table(3, fading=True)[:, 3].tolist() == [1, 0, 1]


def test_the_middle_of_a_signed_scale_is_zero():
    low, high = BLUE_ORANGE.limits(np.array([-1.0, 4.0]))
    assert low == -high


def test_a_single_spike_does_not_darken_all_others():
    assert strength(SPIKED) == pytest.approx(1)
    assert INFERNO.limits(SPIKED) == pytest.approx((0, 1))


def test_a_map_of_one_pixel_still_has_a_strength():
    assert strength(np.where(SPIKED > 1, SPIKED, 0)) == 1000


def test_an_empty_map_has_a_scale():
    assert INFERNO.limits(np.full((2, 2), np.nan)) == (0.0, 1.0)
    assert BLUE_ORANGE.limits(np.zeros((2, 2))) == (-1.0, 1.0)


def test_paint_runs_from_the_first_colour_to_the_last():
    painted = INFERNO.paint(np.array([[0.0, 5.0, np.nan]]), (0.0, 5.0))
    assert painted.tolist() == [[[0, 0, 4], [252, 255, 164], [0, 0, 0]]]


def test_a_float_tiff_keeps_values_nothing_and_scale(tmp_path):
    values = np.array([[0.25, np.nan, 3.0], [1.0, 2.0, -4.0]], np.float32)
    write_tiff(tmp_path / "map.tif", values, PixelSize(0.02, 0.05))
    size = describe(tmp_path / "map.tif").pixel_size
    assert np.array_equal(tifffile.imread(tmp_path / "map.tif"), values, equal_nan=True)
    assert (size.row_um, size.col_um) == pytest.approx((0.02, 0.05))


def test_a_tiff_without_a_scale_claims_none(tmp_path):
    write_tiff(tmp_path / "map.tif", np.zeros((4, 4), np.float32))
    assert describe(tmp_path / "map.tif").pixel_size is None


def test_a_picture_shows_crop_and_map_side_by_side(tmp_path):
    write_picture(tmp_path / "map.png", np.ones((64, 64)), np.eye(64, dtype=np.float32), INFERNO)
    assert Image.open(tmp_path / "map.png").size == (512, 256)
