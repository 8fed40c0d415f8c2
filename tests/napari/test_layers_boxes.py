"""Boxes around misclassified crystals."""

import pytest

from napari_mcn.layers.boxes import BoxesLayer
from napari_mcn.layers.roles import Role, find


@pytest.fixture
def viewer(windowless):
    return windowless


@pytest.fixture
def boxes(viewer, shown):
    layer = BoxesLayer(viewer, shown)
    yield layer
    layer.close()


def test_a_box_encloses_its_crystal(boxes, viewer, square):
    boxes.set_masks([square("a", 10, 20, 5).mask])
    _, corners = find(viewer, Role.BOXES).data
    assert corners.min(0).tolist() == [7.5, 17.5]
    assert corners.max(0).tolist() == [16.5, 26.5]


def test_a_box_stands_out_from_any_class_colour_by_its_dark_ground(boxes, viewer, square):
    boxes.set_masks([square("a", 10, 20).mask, square("b", 12, 22).mask])
    layer = find(viewer, Role.BOXES)
    assert [tuple(each[:3]) for each in layer.edge_color[:2]] == [(0, 0, 0)] * 2
    assert min(layer.edge_width[:2]) > 2 * max(layer.edge_width[2:])


def test_setting_masks_replaces_the_boxes(boxes, viewer, square):
    boxes.set_masks([square("a", 10, 20).mask, square("b", 40, 40).mask])
    boxes.set_masks([square("b", 40, 40).mask])
    assert find(viewer, Role.BOXES).nshapes == 2


def test_no_masks_no_boxes(boxes, viewer, square):
    boxes.set_masks([square("a", 10, 20).mask])
    boxes.set_masks([])
    assert find(viewer, Role.BOXES).nshapes == 0


def test_lines_keep_their_thickness_on_screen(boxes, viewer, square):
    boxes.set_masks([square("a", 10, 20).mask])
    before = find(viewer, Role.BOXES).edge_width[0]
    viewer.scene.camera.zoom *= 2
    assert find(viewer, Role.BOXES).edge_width[0] == pytest.approx(before / 2)


def test_missed_and_invented_crystals_have_boxes_of_their_own(viewer, shown, square):
    missed = BoxesLayer(viewer, shown, Role.MISSED, "Missed", "#ff9f1c")
    invented = BoxesLayer(viewer, shown, Role.INVENTED, "Invented", "#ff4fd8")
    missed.set_masks([square("a", 10, 20).mask])
    invented.set_masks([square("b", 40, 40).mask])
    colours = [find(viewer, role).edge_color[1].tolist() for role in (Role.MISSED, Role.INVENTED)]
    missed.close()
    invented.close()
    assert (colours[0] != colours[1], len(viewer.layers)) == (True, 1)
