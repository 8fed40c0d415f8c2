"""Keys in the real window, wherever the keyboard is: page by page, and after clicks in the dock."""

import numpy as np
import pytest
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication
from user import CTRL, PLACES, SHIFT, SIDE, STEPS, at_work, make_project
from window_material import square

from microcrystalnet.domain.label import NOT_A_CRYSTAL, Answer, Flag
from microcrystalnet.domain.scheme import CrystalClass
from microcrystalnet.domain.scheme_rules import with_class, with_moved, with_retired
from napari_mcn.layers.roles import Role, find

Key = Qt.Key
TEN = [Key.Key_1, Key.Key_2, Key.Key_3, Key.Key_4, Key.Key_5] * 2
SAID = ["RES", "PES", "AA", "SA", None] * 2


@pytest.fixture(scope="module")
def desk(window, tmp_path_factory):
    """One workbench for all these tests, on two micrographs of twelve crystals."""
    home = tmp_path_factory.mktemp("desk")
    with at_work(window, home) as open_one:
        yield open_one(make_project(home / "project", micrographs=2))


@pytest.fixture
def user(desk, request):
    """An expert who has labelled nothing yet, with the keyboard on the canvas."""
    return desk.start_over(f"expert {abs(hash(request.node.name))}")


def label(user, number=0):
    return user.session.project.state.label(user.dock.labelling.label._order[number])


@pytest.mark.parametrize("step", STEPS)
def test_ten_crystals_are_labelled_by_keys_whatever_page_is_in_front(user, step):
    user.go_to(step)
    user.press(Key.Key_K, *TEN)
    assert user.answers == SAID


@pytest.mark.parametrize(
    ("step", "button"),
    [
        ("Project", lambda dock: dock.projects.overview.set_button),
        ("Segment", lambda dock: dock.outlining.panel.tools["look"]),
        ("Label", lambda dock: dock.labelling.naming.previous_button),
        ("Label", lambda dock: dock.labelling.naming.unlabelled_button),
        ("Measure", lambda dock: dock.measuring.table.pixels_button),
        ("Model", lambda dock: dock.models.panel.train_button),
    ],
)
def test_after_a_button_of_the_dock_was_clicked_keys_still_label(user, step, button):
    user.press(Key.Key_K)
    user.go_to(step)
    user.click(button(user.dock))
    user.press(Key.Key_1)
    assert user.answers == ["RES"]


def test_after_a_number_was_typed_keys_label_again(user):
    user.press(Key.Key_K)
    user.go_to("Segment")
    section = user.dock.outlining.panel.everything
    section.set_proposed("12 crystals are proposed.", 12)
    section.smallest.field.setFocus()
    section.smallest.field.selectAll()
    user.type("2")
    user.press(Key.Key_Return)
    user.press(Key.Key_1)
    assert user.answers == ["RES"]


def test_after_a_row_of_the_table_was_clicked_keys_label_its_crystal(user):
    user.go_to("Measure")
    table = user.dock.measuring.table.table
    table.row_chosen.emit(user.dock.labelling.label._order[5])
    table.setFocus()
    user.press(Key.Key_3)
    assert label(user, 5).answer.cls == "AA"


def test_the_pad_of_digits_labels_too(user):
    user.press(Key.Key_K)
    user.press(Key.Key_2, modifier=Qt.KeyboardModifier.KeypadModifier)
    assert user.answers == ["PES"]


def test_typing_a_name_labels_nothing(user):
    user.press(Key.Key_K)
    user.go_to("Label")
    user.click(user.dock.labelling.naming.new_button)
    user.type("X1 2u")
    assert (user.answers, user.dock.labelling.naming.new_expert.text()) == ([], "X1 2u")


def test_enter_ends_the_name_and_gives_the_keys_back(user):
    user.go_to("Label")
    user.click(user.dock.labelling.naming.new_button)
    user.type("X1 2u")
    user.press(Key.Key_Return)
    user.press(Key.Key_K, Key.Key_1)
    assert (user.session.expert, user.answers) == ("X1 2u", ["RES"])


def test_typing_a_pixel_size_labels_nothing(user):
    user.press(Key.Key_K)
    user.go_to("Project")
    field = user.dock.projects.overview.pixel_size
    field.setFocus()
    field.selectAll()
    user.type("12.5")
    assert (user.answers, field.value()) == ([], 12.5)


def test_deleting_a_digit_of_a_field_deletes_no_crystal(user):
    user.press(Key.Key_K)
    user.go_to("Segment")
    section = user.dock.outlining.panel.everything
    section.set_proposed("12 crystals are proposed.", 12)
    section.smallest.field.setFocus()
    user.press(Key.Key_Home, Key.Key_Delete)
    assert len(user.session.crystals) == len(PLACES)


def test_k_and_j_go_to_the_next_crystal_and_back(user):
    order = user.dock.labelling.label._order
    user.press(Key.Key_K, Key.Key_K, Key.Key_K, Key.Key_J)
    assert user.session.crystal_id == order[1]


def test_shift_k_goes_to_the_next_without_an_answer(user):
    order = user.dock.labelling.label._order
    user.press(Key.Key_K, Key.Key_1, Key.Key_J)
    user.press(Key.Key_K, modifier=SHIFT)
    assert user.session.crystal_id == order[1]


def test_x_discards(user):
    user.press(Key.Key_K, Key.Key_X)
    assert label(user).answer.discards


def test_0_withdraws_the_answer(user):
    user.press(Key.Key_K, Key.Key_1, Key.Key_J, Key.Key_0)
    assert user.answers == []


def test_u_flags_the_answer_as_unsure(user):
    user.press(Key.Key_K, Key.Key_1, Key.Key_J, Key.Key_U)
    assert label(user).answer.flags == {Flag.UNSURE}


def test_remarks_by_keys_come_before_the_class(user):
    user.press(Key.Key_K, Key.Key_U, Key.Key_O)
    user.press(Key.Key_2, modifier=CTRL)
    user.press(Key.Key_E, Key.Key_P, modifier=SHIFT)
    user.press(Key.Key_1)
    assert label(user).answer == Answer(
        "RES",
        frozenset({Flag.UNSURE, Flag.OCCLUDED}),
        second="PES",
        marks=frozenset({"edges", "pitted"}),
    )


def test_the_form_is_recorded_by_keys(user):
    user.press(Key.Key_K, Key.Key_A, Key.Key_D, Key.Key_D, Key.Key_1)
    assert label(user).answer == Answer("RES", shape="rhombic", definition="subhedral")


def test_changed_classes_are_undone_by_ctrl_z(user):
    scheme = user.session.project.state.scheme
    user.session.project.set_scheme(with_class(scheme, CrystalClass("ARA", "Ara", "#56b4e9", "6")))
    assert "ARA" in user.dock.labelling.naming.buttons
    user.press(Key.Key_Z, modifier=CTRL)
    assert "ARA" not in user.dock.labelling.naming.buttons


def test_a_note_is_written_by_keys_and_the_keys_come_back(user):
    user.press(Key.Key_K, Key.Key_M)
    user.type("1 crack")
    user.press(Key.Key_Return, Key.Key_3, Key.Key_4)
    assert (label(user).answer, label(user, 1).answer) == (
        Answer("AA", note="1 crack"),
        Answer("SA"),
    )


def test_escape_leaves_the_note_and_gives_the_keys_back(user):
    user.press(Key.Key_K, Key.Key_M)
    user.type("nonsense")
    user.press(Key.Key_Escape, Key.Key_2)
    assert label(user).answer == Answer("PES")


@pytest.fixture(params=["image", "labels", "points", "shapes", "vectors", "surface", "tracks"])
def someone_elses_layer(user, request):
    viewer = user.dock.canvas.viewer
    material = {
        "image": np.zeros((4, 4), np.uint8),
        "labels": np.zeros((4, 4), np.uint8),
        "vectors": np.zeros((1, 2, 2)),
        "surface": (np.eye(3, 2), np.array([[0, 1, 2]])),
        "tracks": np.array([[0, 0, 1, 1], [0, 1, 2, 2]]),
    }
    layer = getattr(viewer, f"add_{request.param}")(material.get(request.param))
    viewer.layers.selection.active = layer
    yield layer
    viewer.layers.remove(layer)


def test_keys_work_whatever_layer_is_selected(user, someone_elses_layer):
    user.press(Key.Key_K, Key.Key_M)
    user.type("n")
    user.press(Key.Key_Return)
    user.press(Key.Key_4, modifier=CTRL)
    user.press(Key.Key_E, Key.Key_R, Key.Key_P, Key.Key_L, modifier=SHIFT)
    user.press(Key.Key_A, Key.Key_D, Key.Key_1, Key.Key_I)
    marks = frozenset({"edges", "corners", "pitted", "ledges"})
    form = {"shape": "rhombic", "definition": "euhedral"}
    first = Answer("RES", note="n", second="SA", marks=marks, **form)
    assert (label(user).answer, label(user, 1).answer) == (first, Answer(None))


def test_a_fifth_class_has_the_5_and_unclear_its_letter(user):
    scheme = user.session.project.state.scheme
    user.session.project.set_scheme(with_class(scheme, CrystalClass("DOL", "Dol", "#56b4e9", "5")))
    user.press(Key.Key_K, Key.Key_5, Key.Key_I)
    said = user.answers
    user.session.project.set_scheme(with_retired(user.session.project.state.scheme, "DOL"))
    user.press(Key.Key_5)
    assert (said, user.answers) == (["DOL", None], ["DOL", None, None])


def test_a_changed_scheme_keeps_the_view(user):
    camera = user.dock.canvas.viewer.scene.camera
    camera.zoom *= 3
    before = camera.zoom, tuple(camera.center)
    scheme = user.session.project.state.scheme
    user.session.project.set_scheme(with_moved(scheme, "RES", 1))
    assert (camera.zoom, tuple(camera.center)) == before
    user.session.project.set_scheme(with_moved(user.session.project.state.scheme, "RES", -1))


def test_n_and_shift_n_go_from_micrograph_to_micrograph(user):
    first, second = user.session.project.state.micrographs
    user.press(Key.Key_N)
    there = user.session.image_id
    user.press(Key.Key_N, modifier=SHIFT)
    assert (there, user.session.image_id) == (second, first)


def test_g_does_not_open_the_other_experts_answers(user, told):
    user.press(Key.Key_G)
    assert (user.dock.experts.consensus._disputes.opened, told[0][0]) == (False, "warning")


def test_g_goes_to_the_first_disagreement_once_they_are_open(user):
    user.press(Key.Key_K, Key.Key_1, Key.Key_1)
    user.session.become("a dissenter")
    user.session.crystal_id = None
    user.press(Key.Key_K, Key.Key_1, Key.Key_2)
    user.go_to("Consensus")
    user.click(user.dock.experts.disputes.reveal_button)
    user.press(Key.Key_G)
    assert user.session.crystal_id == user.dock.labelling.label._order[1]


def test_a_question_mark_shows_the_keys_and_puts_them_away(user):
    user.press(Key.Key_Question, modifier=SHIFT)
    shown = user.dock._sheet.isVisible()
    user.dock.show_keys()
    assert (shown, user.dock._sheet.isVisible()) == (True, False)


def test_holding_h_bares_the_micrograph(user):
    outlines = find(user.dock.canvas.viewer, Role.CRYSTALS)
    with user.holding(Key.Key_H):
        held = outlines.visible
    assert (held, outlines.visible) == (False, True)


def test_delete_takes_the_selected_crystal_and_selects_nothing(user):
    user.press(Key.Key_K, Key.Key_Delete)
    assert (len(user.session.crystals), user.session.crystal_id) == (11, None)


def test_undo_on_the_canvas_goes_over_label_mask_and_deletion(user):
    user.press(Key.Key_K)
    crystal_id = user.session.crystal_id
    user.press(Key.Key_1, Key.Key_J)
    user.dock.canvas.brushed.emit(crystal_id, square(8, 10, 12))
    user.press(Key.Key_Delete)
    user.click_at(130, 5)
    user.press(Key.Key_Z, Key.Key_Z, Key.Key_Z, modifier=CTRL)
    assert (user.session.crystal.mask, user.answers) == (square(8, 10, SIDE), [])


def test_redo_in_the_dock_does_it_all_again(user):
    user.press(Key.Key_K, Key.Key_1, Key.Key_J, Key.Key_Delete)
    user.press(Key.Key_Z, Key.Key_Z, modifier=CTRL)
    user.go_to("Segment")
    user.click(user.dock.outlining.panel.redo_button)
    user.press(Key.Key_Z, modifier=CTRL | SHIFT)
    assert len(user.session.crystals) == 11


def test_undo_in_the_dock_takes_a_label_back_and_returns_to_its_crystal(user):
    user.press(Key.Key_K, Key.Key_1)
    user.go_to("Label")
    user.click(user.dock.labelling.naming.next_button)
    user.press(Key.Key_Z, modifier=CTRL)
    assert (user.answers, user.session.crystal_id) == ([], user.dock.labelling.label._order[0])


def test_undo_while_a_name_is_typed_concerns_the_name(user):
    user.press(Key.Key_K, Key.Key_1)
    user.go_to("Label")
    user.click(user.dock.labelling.naming.new_button)
    user.type("MK")
    user.press(Key.Key_Z, modifier=CTRL)
    assert user.answers == ["RES"]


def test_escape_puts_the_tool_away(user):
    user.press(Key.Key_S, Key.Key_Escape)
    assert user.dock.outlining.panel.tools["look"].isChecked()


def test_tab_in_the_dock_goes_to_the_next_field(user):
    user.go_to("Segment")
    section = user.dock.outlining.panel.everything
    section.set_proposed("12 crystals are proposed.", 12)
    field = section.smallest.field
    field.setFocus()
    user.press(Key.Key_Tab)
    assert QApplication.focusWidget() is not field


def test_a_click_on_a_crystal_selects_it(user):
    user.click_at(PLACES[5][0] + 10, PLACES[5][1] + 10)
    assert user.session.crystal.mask == square(*PLACES[5], SIDE)


def test_b_and_a_stroke_add_to_the_crystal(user):
    user.press(Key.Key_K, Key.Key_B)
    user.drag((20, 20), (20, 36))
    assert user.session.crystal.mask.area > SIDE**2


def test_t_lets_the_brush_cut_away(user):
    user.press(Key.Key_K, Key.Key_B, Key.Key_T)
    user.drag((20, 20), (20, 36))
    assert user.session.crystal.mask.area < SIDE**2


def test_holding_e_lets_the_brush_cut_away(user):
    user.press(Key.Key_K, Key.Key_B)
    with user.holding(Key.Key_E):
        user.drag((20, 20), (20, 36))
    assert (user.session.crystal.mask.area < SIDE**2, user.dock.canvas.positive) == (
        True,
        True,
    )


def test_look_alikes_on_the_plate_are_labelled_by_one_key(user):
    user.go_to("Label")
    user.click(user.dock.labelling.panel.buttons["Plate"])
    plate = user.dock.labelling.many.plate
    plate.setFocus()
    plate.select([plate.items[0].key])
    user.press(Key.Key_Right, Key.Key_Right, modifier=SHIFT)
    first_three = [each.key for each in plate.items[:3]]
    user.press(Key.Key_2)
    state = user.session.project.state
    said = [state.label(each).answer.cls for each in first_three]
    assert (said, plate.selected) == (["PES"] * 3, [plate.items[3].key])


def test_ten_crystals_in_a_row_with_all_that_can_be_said_and_two_more_on_the_plate(user):
    user.press(Key.Key_K, Key.Key_1, Key.Key_2, Key.Key_3)
    user.press(Key.Key_U, Key.Key_4, Key.Key_X, Key.Key_5, Key.Key_M)
    user.type("at the edge")
    user.press(Key.Key_Return)
    user.press(Key.Key_3, modifier=CTRL)
    user.press(Key.Key_L, modifier=SHIFT)
    user.press(Key.Key_1, Key.Key_O, Key.Key_2, Key.Key_3, Key.Key_4)
    user.go_to("Label")
    user.click(user.dock.labelling.panel.buttons["Plate"])
    user.dock.labelling.many.plate.select(user.dock.labelling.label._order[10:])
    user.press(Key.Key_1)
    assert [label(user, number).answer for number in range(12)] == [
        *(Answer(code) for code in ("RES", "PES", "AA")),
        Answer("SA", frozenset({Flag.UNSURE})),
        NOT_A_CRYSTAL,
        Answer(None),
        Answer("RES", note="at the edge", second="AA", marks=frozenset({"ledges"})),
        Answer("PES", frozenset({Flag.OCCLUDED})),
        *(Answer(code) for code in ("AA", "SA", "RES", "RES")),
    ]


def test_a_key_over_the_viewer_names_what_is_selected_on_the_plate(user):
    user.go_to("Label")
    user.click(user.dock.labelling.panel.buttons["Plate"])
    plate = user.dock.labelling.many.plate
    plate.select([each.key for each in plate.items[:4]])
    user.canvas.setFocus()
    user.press(Key.Key_4)
    user.press(Key.Key_Z, modifier=CTRL)
    undone = list(user.answers)
    user.press(Key.Key_Z, modifier=CTRL | SHIFT)
    assert (undone, user.answers) == ([], ["SA"] * 4)
