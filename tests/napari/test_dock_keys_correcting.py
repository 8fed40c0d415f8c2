"""Keys that look, correct, undo and take tools in the real window, and strokes between them."""

import pytest
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication, QLineEdit
from user import CTRL, PLACES, SHIFT, SIDE
from window_material import square

from napari_mcn.keymap import KEYS
from napari_mcn.layers.roles import Role, find

Key = Qt.Key


def test_holding_h_bares_the_micrograph(user):
    outlines = find(user.dock.canvas.viewer, Role.CRYSTALS)
    with user.holding(Key.Key_H):
        held = outlines.visible
    assert (held, outlines.visible) == (False, True)


@pytest.fixture
def go_elsewhere(user):
    """Give a function that lets another window take the keyboard; it comes back afterwards."""
    other = QLineEdit()

    def take():
        other.show()
        other.activateWindow()
        assert QTest.qWaitForWindowActive(other)

    yield take
    other.close()
    user.window.activateWindow()
    assert QTest.qWaitForWindowActive(user.window)


def test_h_is_let_go_when_another_window_takes_the_keyboard(user, go_elsewhere):
    outlines = find(user.dock.canvas.viewer, Role.CRYSTALS)
    with user.holding(Key.Key_H):
        held = outlines.visible
        go_elsewhere()
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


def test_s_and_a_drag_with_shift_draw_a_box_and_without_it_move_the_micrograph(user):
    user.press(Key.Key_S)
    prompts, camera = user.dock.canvas.sheet.prompts, user.dock.canvas.viewer.scene.camera
    before = camera.center
    user.drag((20, 20), (40, 50), held=SHIFT)
    drawn, still = prompts.prompt.box, camera.center == before
    user.drag((20, 20), (40, 50))
    assert (drawn is not None, still) == (True, True)
    assert camera.center != before


def test_the_key_list_tells_how_s_draws_a_box():
    told = {key.key: key.text for key in KEYS if key.group == "Outline"}
    assert told["S"] == "Click a crystal; Shift and a drag draws a box"


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
