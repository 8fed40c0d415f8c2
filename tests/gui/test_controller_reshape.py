"""Merging, cutting and mending crystals, with the tools of the Segment page."""

import pytest
from fakes import listeners
from qtpy.QtCore import Qt
from window_material import square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prompt import Click, Prompt
from napari_mcn.controllers.reshape_controller import ReshapeController
from napari_mcn.layers.stroke import Stroke
from napari_mcn.panels.correct_section import CorrectSection

LEFT = Qt.MouseButton.LeftButton
AROUND_TWO = Stroke(((0.0, 0.0), (0.0, 70.0), (27.0, 70.0), (27.0, 0.0)))
ACROSS_FIRST = Stroke(((0.0, 14.0), (28.0, 14.0)))


@pytest.fixture
def section(qtbot):
    made = CorrectSection()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def reshape(section, session, canvas, crystals):
    """Three squares of 20 px at (4, 4), (4, 40), (30, 4); the first is selected."""
    controller = ReshapeController(section, session, canvas)
    session.crystal_id = crystals[0]
    yield controller
    controller.close()


@pytest.fixture
def draw_with(canvas):
    """Draw with a tool."""

    def draw(tool, stroke):
        canvas.use_tool(tool)
        canvas.drawn.emit(stroke)

    return draw


def click(row, col):
    return Stroke(((float(row), float(col)),))


def test_a_clicked_neighbour_joins_the_selected_crystal(reshape, draw_with, session, crystals):
    draw_with("merge", click(35, 10))
    assert (set(session.crystals), session.crystal.mask.area) == ({*crystals[:2]}, 800)


def test_the_selected_crystal_keeps_its_label_when_merged(reshape, draw_with, session, crystals):
    session.project.label(crystals[0], Answer("RES"))
    draw_with("merge", click(35, 10))
    assert (session.crystal_id, session.project.state.label(crystals[0]).answer.cls) == (
        crystals[0],
        "RES",
    )


def test_a_lasso_merges_what_it_holds(reshape, draw_with, session, crystals):
    draw_with("merge", AROUND_TWO)
    assert set(session.crystals) == {crystals[0], crystals[2]}


def test_merging_is_one_step_to_undo(reshape, draw_with, session, crystals):
    before = session.crystals
    draw_with("merge", click(35, 10))
    session.project.undo()
    assert session.crystals == before


def test_a_merged_crystal_is_reopened_with_the_clicks_of_all(reshape, draw_with, session):
    draw_with("merge", click(35, 10))
    clicks = session.crystal.prompt.clicks
    assert [session.crystal.mask.contains(round(c.row), round(c.col)) for c in clicks] == [True] * 2


def test_without_a_selection_the_first_click_chooses_what_to_keep(
    reshape, draw_with, session, crystals
):
    session.crystal_id = None
    draw_with("merge", click(35, 10))
    assert (session.crystal_id, len(session.crystals)) == (crystals[2], 3)


def test_a_click_beside_all_crystals_merges_nothing(reshape, draw_with, session):
    draw_with("merge", click(55, 75))
    assert len(session.crystals) == 3


def test_the_marked_crystals_are_merged_at_once(qtbot, reshape, section, session, crystals):
    session.marked = frozenset(crystals)
    qtbot.mouseClick(section.tools["merge"], LEFT)
    assert list(session.crystals) == crystals[:1]


def test_the_merge_tool_says_what_to_click(qtbot, reshape, section, told):
    qtbot.mouseClick(section.tools["merge"], LEFT)
    assert told == [
        ("info", "Click the neighbours that belong to the selected crystal, or lasso them.")
    ]


def test_a_line_cuts_a_crystal_in_two(reshape, draw_with, session):
    draw_with("cut", ACROSS_FIRST)
    assert len(session.crystals) == 4


def test_the_largest_part_of_a_cut_keeps_id_and_label(reshape, draw_with, session, crystals):
    session.project.label(crystals[0], Answer("SA"))
    draw_with("cut", ACROSS_FIRST)
    areas = {each.crystal_id: each.mask.area for each in session.crystals.values()}
    parts = {each: area for each, area in areas.items() if each not in crystals[1:]}
    assert max(parts, key=parts.get) == crystals[0]
    assert session.project.state.label(crystals[0]).answer.cls == "SA"


def test_a_line_across_two_crystals_cuts_the_selected_one(reshape, draw_with, session, crystals):
    session.crystal_id = crystals[1]
    draw_with("cut", Stroke(((14.0, 0.0), (14.0, 70.0))))
    assert session.crystals[crystals[0]].mask == square(4, 4)
    assert len(session.crystals) == 4


def test_without_a_selection_the_most_crossed_crystal_is_cut(reshape, draw_with, session, crystals):
    session.crystal_id = None
    draw_with("cut", ACROSS_FIRST)
    assert (session.crystal_id, len(session.crystals)) == (crystals[0], 4)


def test_cutting_is_one_step_to_undo(reshape, draw_with, session):
    before = session.crystals
    draw_with("cut", ACROSS_FIRST)
    session.project.undo()
    assert session.crystals == before


@pytest.mark.parametrize(
    ("stroke", "sentence"),
    [
        (click(14, 14), "Drag a line right across the crystal, from outside to outside."),
        (
            Stroke(((50.0, 50.0), (50.0, 70.0))),
            "The line crosses no crystal; draw it right across the one to divide.",
        ),
        (
            Stroke(((0.0, 14.0), (12.0, 14.0))),
            "This line does not divide the crystal; draw it right across, from outside to outside.",
        ),
    ],
)
def test_a_line_that_cuts_nothing_says_what_to_draw(
    reshape, draw_with, session, told, stroke, sentence
):
    draw_with("cut", stroke)
    assert (told, len(session.crystals)) == ([("warning", sentence)], 3)


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
