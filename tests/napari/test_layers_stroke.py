"""Drawing lines over crystals with a real mouse on a calibrated micrograph."""

import pytest

from napari_mcn.layers.hints import HoverLayer, MarkedLayer
from napari_mcn.layers.roles import Role, find
from napari_mcn.layers.stroke import StrokeLayer


@pytest.fixture
def stroke(viewer, shown):
    layer = StrokeLayer(viewer, shown)
    layer.active = True
    yield layer
    viewer.layers.clear()
    layer.close()


def test_a_drag_reports_where_it_went(stroke, hand, heard):
    said = heard(stroke.drawn)
    hand.drag((20, 20), (40, 30), (60, 80))
    ((line,),) = said
    assert line.path[0] == pytest.approx((20, 20), abs=0.6)
    assert line.path[-1] == pytest.approx((60, 80), abs=0.6)


def test_a_drag_does_not_pan(stroke, viewer, hand):
    before = viewer.scene.camera.center
    hand.drag((20, 20), (40, 30), (60, 80))
    assert viewer.scene.camera.center == before
    assert viewer.scene.camera.mouse_pan


def test_a_click_is_a_line_of_one_place(stroke, hand, heard):
    said = heard(stroke.drawn)
    hand.click(30, 40)
    assert said[0][0].is_click


def test_shift_is_told(stroke, hand, heard):
    said = heard(stroke.drawn)
    hand.drag((20, 20), (40, 30), (60, 80), modifiers=hand.shift)
    assert said[0][0].adds


def test_the_line_is_seen_while_it_is_drawn_and_gone_afterwards(stroke, viewer, hand):
    counts = []

    def count(event):
        counts.append(event.value.nshapes)

    viewer.layers.events.inserted.connect(count)
    hand.drag((20, 20), (40, 30), (60, 80))
    viewer.layers.events.inserted.disconnect(count)
    assert (counts, find(viewer, Role.STROKE).nshapes) == ([1], 0)


def test_two_quick_clicks_do_not_zoom(stroke, viewer, hand):
    before = viewer.scene.camera.zoom
    hand.double_click(30, 40)
    assert viewer.scene.camera.zoom == before


def test_a_double_click_zooms_again_when_the_tool_is_away(stroke, viewer, hand):
    stroke.active = False
    before = viewer.scene.camera.zoom
    hand.double_click(30, 40)
    assert viewer.scene.camera.zoom == pytest.approx(2 * before)


def test_nothing_is_drawn_while_the_tool_is_away(stroke, hand, heard):
    said = heard(stroke.drawn)
    stroke.active = False
    hand.drag((20, 20), (40, 30), (60, 80))
    assert said == []


def test_closing_gives_mouse_and_layers_back(viewer, shown):
    before = list(viewer.mouse_drag_callbacks), list(viewer.layers)
    layer = StrokeLayer(viewer, shown)
    layer.active = True
    layer.close()
    assert (list(viewer.mouse_drag_callbacks), list(viewer.layers)) == before


def test_the_hint_is_an_outline_only(viewer, shown, square):
    hover = HoverLayer(viewer, shown)
    hover.set_mask(square("a", 10, 10, 20).mask)
    codes = find(viewer, Role.HOVER).data
    assert codes[9, 20] and not codes[20, 20]
    hover.close()


def test_marked_crystals_are_filled(viewer, shown, square):
    marked = MarkedLayer(viewer, shown)
    marked.set_mask(square("a", 10, 10, 20).mask)
    codes = find(viewer, Role.MARKED).data
    assert codes[20, 20] and not codes[9, 20]
    marked.close()
