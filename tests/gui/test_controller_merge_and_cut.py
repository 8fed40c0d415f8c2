"""Crystals made one of several, and several of one, with the tools of the Segment page."""

import pytest
from qtpy.QtCore import Qt
from reshape_desk import click
from window_material import square

from microcrystalnet.domain.label import Answer
from napari_mcn.layers.stroke import Stroke

LEFT = Qt.MouseButton.LeftButton
AROUND_TWO = Stroke(((0.0, 0.0), (0.0, 70.0), (27.0, 70.0), (27.0, 0.0)))
ACROSS_FIRST = Stroke(((0.0, 14.0), (28.0, 14.0)))


@pytest.fixture
def section(correct_section):
    return correct_section


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
