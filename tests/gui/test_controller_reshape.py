"""Marking crystals with the lasso, mending them, and laying them over one another."""

import pytest
from fakes import listeners
from qtpy.QtCore import Qt
from reshape_desk import click
from window_material import square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prompt import Click, Prompt
from napari_mcn.controllers.reshape_controller import ReshapeController
from napari_mcn.layers.stroke import Stroke

LEFT = Qt.MouseButton.LeftButton
AROUND_TWO = Stroke(((0.0, 0.0), (0.0, 70.0), (27.0, 70.0), (27.0, 0.0)))


@pytest.fixture
def section(correct_section):
    return correct_section


def test_the_lasso_marks_what_it_holds(reshape, draw_with, session, crystals):
    draw_with("lasso", AROUND_TWO)
    assert session.marked == {*crystals[:2]}


def test_the_marked_crystals_are_shown(reshape, draw_with, canvas):
    draw_with("lasso", AROUND_TWO)
    assert canvas.marked.area == 800


def test_a_second_lasso_replaces_the_first(reshape, draw_with, session, crystals):
    draw_with("lasso", AROUND_TWO)
    draw_with("lasso", Stroke(((28.0, 0.0), (28.0, 30.0), (58.0, 30.0), (58.0, 0.0))))
    assert session.marked == {crystals[2]}


def test_with_shift_a_lasso_adds(reshape, draw_with, session, crystals):
    draw_with("lasso", AROUND_TWO)
    path = ((28.0, 0.0), (28.0, 30.0), (58.0, 30.0), (58.0, 0.0))
    draw_with("lasso", Stroke(path, adds=True))
    assert session.marked == {*crystals}


def test_a_click_with_the_lasso_marks_and_unmarks(reshape, draw_with, session, crystals):
    draw_with("lasso", AROUND_TWO)
    draw_with("lasso", click(10, 10))
    draw_with("lasso", click(35, 10))
    assert session.marked == {*crystals[1:]}


def test_selecting_another_crystal_ends_the_marks(reshape, draw_with, session, canvas, crystals):
    draw_with("lasso", AROUND_TWO)
    session.crystal_id = crystals[2]
    assert (session.marked, canvas.marked) == (frozenset(), None)


def test_filling_closes_the_holes_of_the_selected_crystal(
    qtbot, reshape, section, session, crystals
):
    pixels = square(4, 4).pixels.copy()
    pixels[8:12, 8:12] = False
    store, image_id = session.project, session.image_id
    mask = Mask.from_pixels(pixels, 4, 4)
    store.put_mask(image_id, mask, MaskSource.AUTO, crystal_id=crystals[0])
    qtbot.mouseClick(section.fill_button, LEFT)
    assert (session.crystal.mask, session.crystal.source) == (square(4, 4), MaskSource.MANUAL)


def test_where_nothing_changes_that_is_said(reshape, session, told):
    reshape.fill()
    assert told == [("info", "Nothing had to be changed.")]


def test_growing_moves_the_outline_of_every_marked_crystal(
    qtbot, reshape, section, session, crystals
):
    session.marked = frozenset(crystals[:2])
    qtbot.mouseClick(section.grow_button, LEFT)
    grown = [each.mask.area > 400 for each in session.crystals.values()]
    assert grown == [True, True, False]


def test_shrinking_goes_the_other_way(qtbot, reshape, section, session):
    section.pixels.setValue(3)
    qtbot.mouseClick(section.shrink_button, LEFT)
    assert session.crystal.mask == square(7, 7, 14)


def test_growing_never_runs_into_a_neighbour(reshape, session, crystals):
    reshape.grow(16)
    assert session.crystal.mask.overlap(square(4, 40)) == 0


def test_smoothing_takes_a_spike_away(qtbot, reshape, section, session, canvas, crystals):
    spike = Mask.from_pixels(square(4, 4, 28).pixels[:1], 14, 4)
    spiked = square(4, 4).to_image(60, 80) | spike.to_image(60, 80)
    mask = Mask.from_pixels(spiked)
    session.project.put_mask(session.image_id, mask, MaskSource.AUTO, crystal_id=crystals[0])
    qtbot.mouseClick(section.smooth_button, LEFT)
    assert not session.crystal.mask.contains(14, 30)


def test_a_correction_keeps_prompt_and_label(reshape, session, crystals):
    prompt = Prompt((Click(10.0, 10.0),))
    store, mask = session.project, square(4, 4)
    store.put_mask(session.image_id, mask, MaskSource.SAM, crystal_id=crystals[0], prompt=prompt)
    store.label(crystals[0], Answer("AA"))
    reshape.grow(2)
    assert (session.crystal.prompt, store.state.label(crystals[0]).answer.cls) == (prompt, "AA")


def test_what_a_correction_would_wipe_out_stays_and_that_is_said(reshape, session, told):
    reshape.grow(-15)
    assert session.crystal.mask == square(4, 4)
    assert told[0][1].startswith("Shrinking by 15 px would leave nothing of this crystal")


def test_those_too_small_for_a_correction_are_left_out_and_counted(reshape, session, told, outline):
    small = outline(places=((50, 60),))
    store = session.project
    store.put_mask(session.image_id, square(50, 60, 4), MaskSource.AUTO, crystal_id=small[0])
    session.marked = frozenset(session.crystals)
    reshape.grow(-5)
    areas = [each.mask.area for each in session.crystals.values()]
    assert (areas, told[0][1]) == (
        [100, 100, 100, 16],
        "Shrank 3 crystals; 1 crystal would be wiped out, and stayed as before.",
    )


def test_a_crystal_can_be_laid_over_those_it_overlaps(
    qtbot, reshape, section, session, crystals, outline
):
    (over,) = outline(places=((14, 14),))
    qtbot.mouseClick(section.front_button, LEFT)
    assert session.crystal.z > session.crystals[over].z
    assert session.crystal_at(16, 16).crystal_id == crystals[0]


def test_a_crystal_can_be_laid_under_those_it_overlaps(
    qtbot, reshape, section, session, crystals, outline
):
    (over,) = outline(places=((14, 14),))
    session.crystal_id = over
    qtbot.mouseClick(section.back_button, LEFT)
    assert session.crystal_at(16, 16).crystal_id == crystals[0]


def test_where_nothing_overlaps_order_means_nothing(reshape, told):
    reshape.lay(1)
    assert told == [("warning", "No other crystal overlaps the chosen ones.")]


def test_a_correction_keeps_the_order_of_overlapping_crystals(reshape, session, outline):
    outline(places=((14, 14),))
    reshape.lay(1)
    reshape.grow(1)
    assert session.crystal.z == 1


def test_without_a_chosen_crystal_the_buttons_say_what_to_do(reshape, section, session):
    session.crystal_id = None
    assert not section.grow_button.isEnabled()
    assert section.grow_button.toolTip() == (
        "Select a crystal first, or mark several with the lasso."
    )


def test_only_a_single_crystal_can_be_reopened(reshape, section, session, crystals):
    session.marked = frozenset(crystals)
    assert not section.reopen_button.isEnabled()


def test_closing_lets_go_of_session_and_canvas(section, session, canvas):
    before = listeners(session, canvas)
    ReshapeController(section, session, canvas).close()
    assert listeners(session, canvas) == before
