"""Everything of ours on one micrograph, coming and going together."""

from dataclasses import replace

import numpy as np
import pytest

from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.imaging.crops import CropFrame
from napari_mcn.layers.canvas import Canvas
from napari_mcn.layers.roles import Role, find, ours

WHY, FRAME = np.eye(4, dtype=np.float32), CropFrame(9.5, 9.5, 8.0, 4)


@pytest.fixture
def canvas(viewer, calibrated, square):
    one = Canvas(viewer)
    one.show(calibrated, np.zeros((80, 100), np.uint8), FOUR_CLASSES)
    one.set_crystals({"a": square("a", 10, 10)})
    one.sheet.class_map.set_classes({"a": "RES"})
    yield one
    one.close()


def test_class_colours_step_aside_while_an_explanation_is_shown(canvas):
    canvas.sheet.overlay.show_map(WHY, FRAME)
    assert not find(canvas.viewer, Role.CLASS_MAP).visible


def test_class_colours_come_back_after_an_explanation(canvas):
    canvas.sheet.overlay.show_map(WHY, FRAME)
    canvas.sheet.overlay.clear()
    assert find(canvas.viewer, Role.CLASS_MAP).visible


def test_an_explanation_counts_as_seen_while_a_held_key_bares_the_micrograph(canvas):
    canvas.sheet.overlay.show_map(WHY, FRAME)
    canvas.hide_overlays()
    assert canvas.assist == "saliency"


def test_an_explanation_of_the_last_micrograph_does_not_come_back_when_the_key_is_let_go(
    canvas, calibrated
):
    canvas.sheet.overlay.show_map(WHY, FRAME)
    canvas.hide_overlays()
    canvas.show(replace(calibrated, image_id="other"), np.zeros((80, 100), np.uint8), FOUR_CLASSES)
    canvas.show_overlays()
    assert not canvas.sheet.overlay.layer.visible


def test_clearing_leaves_no_layer_of_ours(canvas):
    canvas.clear()
    assert ours(canvas.viewer) == ()
