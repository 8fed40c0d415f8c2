"""What is drawn on the screen of a real window, pixel for pixel."""

import numpy as np
import pytest

from microcrystalnet.domain.micrograph import Region
from microcrystalnet.imaging.crops import CropFrame
from napari_mcn.layers.crystals import CrystalsLayer
from napari_mcn.layers.overlay import OverlayLayer
from napari_mcn.layers.preview import PreviewLayer


@pytest.fixture
def picture(viewer):
    """Take the canvas as (height, width, 3) integers."""

    def take():
        return viewer.screenshot(canvas_only=True, flash=False)[..., :3].astype(int)

    return take


def test_a_proposed_mask_is_seen_in_cyan(viewer, shown, hand, picture, square):
    preview = PreviewLayer(viewer, shown)
    preview.set_mask(square("a", 10, 10, 20).mask)
    x, y = (round(value) for value in hand.screen(20, 20))
    red, green, blue = picture()[y, x]
    assert green > red + 40 and blue > red + 40
    preview.close()


def test_a_painted_crop_pixel_is_seen_where_the_crop_was_cut(viewer, shown, hand, picture):
    overlay, frame = OverlayLayer(viewer, shown), CropFrame.around(Region(20, 30, 52, 54), 64)
    values = np.zeros((64, 64), np.float32)
    values[10, 50] = 1
    bare = picture()
    overlay.show_map(values, frame)
    rows, cols = np.nonzero(np.abs(picture() - bare).sum(-1) > 60)
    x, y = hand.screen(*(value.item() for value in frame.to_image(10, 50)))
    assert (rows.mean(), cols.mean()) == pytest.approx((y, x), abs=1.5)
    overlay.close()


def test_a_new_crystal_is_seen_at_its_edge_and_nowhere_else(viewer, shown, hand, picture, square):
    crystals = CrystalsLayer(viewer, shown)
    crystals.put(square("a", 10, 10, 20))
    bare = picture()
    crystals.put(square("b", 50, 50, 20))
    rows, cols = np.nonzero(np.abs(picture() - bare).sum(-1))
    (left, top), (right, bottom) = hand.screen(49.5, 49.5), hand.screen(69.5, 69.5)
    assert (rows.min(), rows.max() + 1) == pytest.approx((top, bottom), abs=1.5)
    assert (cols.min(), cols.max() + 1) == pytest.approx((left, right), abs=1.5)
    crystals.close()
