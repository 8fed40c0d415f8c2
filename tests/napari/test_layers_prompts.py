"""Pointing at crystals with a real mouse on a calibrated micrograph."""

import pytest

from microcrystalnet.domain.prompt import Box, Click, Prompt
from napari_mcn.layers.prompts import PromptsLayer, Tool


@pytest.fixture
def prompts(viewer, shown):
    layer = PromptsLayer(viewer, shown)
    layer.tool = Tool.POINT
    yield layer
    viewer.layers.clear()
    layer.close()


def test_a_click_adds_a_positive_point_where_the_mouse_is(prompts, hand):
    hand.click(30, 40)
    (click,) = prompts.prompt.clicks
    assert (click.row, click.col) == pytest.approx((30, 40), abs=0.6)
    assert click.positive


def test_a_click_with_alt_adds_a_negative_point(prompts, hand):
    hand.click(30, 40, modifiers=hand.alt)
    assert [click.positive for click in prompts.prompt.clicks] == [False]


def test_a_right_click_adds_a_negative_point(prompts, hand):
    hand.click(30, 40, button=hand.right)
    assert [click.positive for click in prompts.prompt.clicks] == [False]


def test_clicks_are_negative_while_the_sign_is_toggled(prompts, hand):
    prompts.positive = False
    hand.click(30, 40)
    assert [click.positive for click in prompts.prompt.clicks] == [False]


def test_the_changed_prompt_is_reported(prompts, hand, heard):
    said = heard(prompts.prompt_changed)
    hand.click(30, 40)
    assert said == [(prompts.prompt,)]


def test_clicks_count_whatever_layer_is_selected(prompts, viewer, hand):
    viewer.add_shapes([[[0, 0], [5, 5]]], shape_type="rectangle")
    hand.click(30, 40)
    assert len(prompts.prompt.clicks) == 1


def test_nothing_is_added_while_the_tool_is_off(prompts, hand):
    prompts.tool = Tool.OFF
    hand.click(30, 40)
    assert prompts.prompt == Prompt()


def test_a_drag_with_the_point_tool_pans_and_adds_nothing(prompts, viewer, hand):
    before = viewer.scene.camera.center
    hand.drag((30, 40), (40, 50), (45, 60))
    assert prompts.prompt == Prompt()
    assert viewer.scene.camera.center != before


def test_a_drag_with_the_box_tool_draws_a_box_and_does_not_pan(prompts, viewer, hand):
    prompts.tool = Tool.BOX
    before = viewer.scene.camera.center
    hand.drag((50, 60), (40, 50), (20, 30))
    box = prompts.prompt.box
    assert (box.row0, box.col0, box.row1, box.col1) == pytest.approx((20, 30, 50, 60), abs=0.6)
    assert viewer.scene.camera.center == before


def test_panning_works_again_after_a_box(prompts, viewer, hand):
    prompts.tool = Tool.BOX
    hand.drag((20, 30), (40, 50))
    assert viewer.scene.camera.mouse_pan


def test_shift_and_a_drag_draw_a_box_with_the_point_tool(prompts, hand):
    hand.drag((20, 30), (30, 50), (50, 60), modifiers=hand.shift)
    assert prompts.prompt.box is not None


def test_a_second_box_replaces_the_first(prompts, hand):
    prompts.tool = Tool.BOX
    hand.drag((20, 30), (50, 60))
    hand.drag((5, 5), (15, 15))
    assert prompts.prompt.box.row1 == pytest.approx(15, abs=0.6)


def test_a_click_with_the_box_tool_adds_a_point_to_the_box(prompts, hand):
    prompts.tool = Tool.BOX
    hand.drag((20, 30), (50, 60))
    hand.click(35, 45)
    assert prompts.prompt.box is not None
    assert len(prompts.prompt.clicks) == 1


def test_a_box_ends_where_the_micrograph_ends(prompts, hand):
    prompts.tool = Tool.BOX
    hand.drag((60, 80), (78, 97), (79.9, 104))
    assert prompts.prompt.box.col1 == 99.5


def test_a_click_beside_the_micrograph_is_refused_with_a_sentence(prompts, hand, heard):
    said = heard(prompts.refused)
    hand.click(30, 101)
    assert prompts.prompt == Prompt()
    assert said[0][0].startswith("That point lies outside")


def test_two_quick_clicks_are_two_points_and_do_not_zoom(prompts, viewer, hand):
    before = viewer.scene.camera.zoom
    hand.double_click(30, 40)
    assert len(prompts.prompt.clicks) == 2
    assert viewer.scene.camera.zoom == before


def test_a_double_click_zooms_again_when_the_tool_is_off(prompts, viewer, hand):
    prompts.tool = Tool.OFF
    before = viewer.scene.camera.zoom
    hand.double_click(30, 40)
    assert viewer.scene.camera.zoom == pytest.approx(2 * before)


def test_the_place_under_the_mouse_is_reported(prompts, hand, heard):
    said = heard(prompts.hover)
    hand.move(30, 40)
    assert said[-1] == pytest.approx((30, 40), abs=0.6)


def test_a_prompt_that_is_set_is_drawn_where_it_was_given(prompts, viewer):
    prompts.set_prompt(Prompt((Click(10, 20), Click(12, 22, False)), Box(5, 15, 25, 35)))
    view = prompts._view
    assert view.click_layer.data.tolist() == [[10, 20], [12, 22]]
    assert view.box_layer.data[0].max(0).tolist() == [25, 35]


def test_a_prompt_that_is_set_is_not_reported_as_the_users(prompts, heard):
    said = heard(prompts.prompt_changed)
    prompts.set_prompt(Prompt((Click(10, 20),)))
    assert said == []


def test_clearing_forgets_clicks_and_box(prompts):
    prompts.set_prompt(Prompt((Click(10, 20),), Box(5, 15, 25, 35)))
    prompts.clear()
    assert prompts.prompt == Prompt()
    assert len(prompts._view.click_layer.data) == 0
    assert prompts._view.box_layer.nshapes == 0


def test_a_removed_layer_comes_back_with_the_next_click(prompts, viewer, hand):
    hand.click(10, 10)
    viewer.layers.remove(prompts._view.click_layer)
    hand.click(30, 40)
    assert prompts._view.click_layer in viewer.layers


def test_closing_gives_mouse_and_layers_back(viewer, shown):
    before = _callbacks(viewer), list(viewer.layers)
    prompts = PromptsLayer(viewer, shown)
    prompts.tool = Tool.BOX
    prompts.close()
    assert (_callbacks(viewer), list(viewer.layers)) == before


def _callbacks(viewer):
    return [
        list(viewer.mouse_drag_callbacks),
        list(viewer.mouse_move_callbacks),
        list(viewer.mouse_double_click_callbacks),
        len(viewer.scene.camera.events.zoom.callbacks),
    ]
