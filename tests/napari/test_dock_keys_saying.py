"""What an expert says by keys in the real window: answers, remarks, forms, and where to go next."""

import pytest
from key_desk import label
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QAbstractButton
from user import CTRL, SHIFT

from microcrystalnet.domain.label import Answer, Flag
from microcrystalnet.domain.scheme import CrystalClass
from microcrystalnet.domain.scheme_rules import with_class, with_moved, with_retired

Key = Qt.Key


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
    before = camera.zoom, *camera.center
    scheme = user.session.project.state.scheme
    user.session.project.set_scheme(with_moved(scheme, "RES", 1))
    assert (camera.zoom, *camera.center) == pytest.approx(before)
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


def test_every_button_says_what_it_does(user):
    buttons = user.dock.findChildren(QAbstractButton)
    assert [each.text() for each in buttons if each.text() and not each.toolTip()] == []
