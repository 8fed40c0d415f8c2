"""Three experts, their disputes, and the keys that settle them in the real window."""

import numpy as np
import pytest
from napari.layers import Image, Labels, Points, Shapes
from qtpy.QtCore import Qt
from user import CTRL, SHIFT, at_work, make_project
from window_material import square

from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.verdict import State

Key = Qt.Key
# by expert, for the first three crystals: three classes, two against one, agreed
SAID = {"RS": ("AA", "RES", "SA"), "MK": ("PES", "RES", "SA"), "AY": ("RES", "PES", "SA")}


@pytest.fixture(scope="module")
def desk(window, tmp_path_factory):
    """One workbench for all these tests, on two micrographs."""
    home = tmp_path_factory.mktemp("disputes")
    with at_work(window, home) as open_one:
        made = open_one(make_project(home / "project", micrographs=2))
        say(made, "RS"), say(made, "MK")
        yield made


def say(desk, expert):
    """Label the first crystals as an expert."""
    desk.session.become(expert)
    order = desk.dock.labelling.label._order
    for crystal_id, cls in zip(order, SAID[expert], strict=False):
        desk.session.project.label(crystal_id, Answer(cls))


@pytest.fixture
def user(desk):
    """AY before the Disputes page, with MK beside; everything is as after labelling."""
    store = desk.session.project
    desk.session.show(next(iter(store.state.micrographs)))
    desk.session.become("MK")
    say(desk, "AY")
    desk.session.crystal_id = None
    step = desk.dock.experts
    desk.go_to("Consensus")
    desk.click(step.disputes.reveal_button)
    desk.click(step.disputes.sitting.buttons["MK"])
    desk.click(step.disputes.sitting.begin_button)
    step.disputes.go_on.setChecked(True)
    desk.canvas.setFocus()
    yield desk
    while store.undo() is not None:
        pass


def first(user, number=0):
    return user.dock.labelling.label._order[number]


def state(user, number=0):
    return user.dock.experts.consensus._disputes.state(first(user, number))


def test_g_and_a_class_key_decide_and_go_on(user):
    user.press(Key.Key_G, Key.Key_2)
    assert (state(user), user.session.crystal_id) == (State.ADJUDICATED, first(user, 1))


def test_the_class_keys_leave_the_own_answer_as_it_is(user):
    user.press(Key.Key_G, Key.Key_2)
    assert user.session.project.state.label(first(user)).answer.cls == "RES"


@pytest.mark.parametrize(
    ("key", "expected"), [(Key.Key_5, State.UNDECIDABLE), (Key.Key_X, State.EXCLUDED)]
)
def test_5_and_x_decide_too(user, key, expected):
    user.press(Key.Key_G, key)
    assert state(user) is expected


@pytest.mark.parametrize(
    "layer",
    [
        lambda: Image(np.zeros((9, 9))),
        lambda: Labels(np.zeros((9, 9), int)),
        lambda: Points([[1, 1]]),
        lambda: Shapes([[[0, 0], [3, 3]]]),
    ],
)
def test_keys_decide_whatever_layer_is_selected(user, layer):
    viewer = user.dock.canvas.viewer
    added = viewer.add_layer(layer())
    viewer.layers.selection.active = added
    user.press(Key.Key_G, Key.Key_4)
    viewer.layers.remove(added)
    assert state(user) is State.ADJUDICATED


def test_on_another_page_the_same_key_labels(user):
    user.press(Key.Key_G)
    user.go_to("Label")
    user.press(Key.Key_4)
    assert user.session.project.state.label(first(user)).answer.cls == "SA"


def test_what_the_keys_do_is_written_over_the_micrograph(user):
    overlay = user.dock.canvas.viewer.text_overlay
    shown = overlay.text, overlay.visible
    user.go_to("Label")
    assert (shown, overlay.visible) == (("Deciding: AY and MK", True), False)


def test_v_shows_the_names(user):
    user.press(Key.Key_G)
    hidden = user.dock.experts.disputes.card.votes.text()
    user.press(Key.Key_V)
    assert ("RS" in hidden, "RS" in user.dock.experts.disputes.card.votes.text()) == (False, True)


def test_against_a_majority_a_reason_is_typed_into_the_page(user):
    user.press(Key.Key_G, Key.Key_K, Key.Key_3)
    user.type("12 x, no faces")
    user.press(Key.Key_Return)
    decision = user.session.project.adjudication.case(first(user, 1)).decisions[0]
    assert (decision.ruling.cls, decision.rationale) == ("AA", "12 x, no faces")


def test_keys_decide_again_after_a_reason(user):
    user.press(Key.Key_G, Key.Key_K, Key.Key_3)
    user.press(Key.Key_Escape, Key.Key_1)
    assert state(user, 1) is State.ADJUDICATED


def test_decide_sign_object_reopen_and_undo_it_all(user):
    user.dock.experts.disputes.go_on.setChecked(False)
    store = user.session.project
    user.press(Key.Key_G, Key.Key_1, Key.Key_Y, Key.Key_Q)
    assert state(user) is State.DISPUTED
    user.press(Key.Key_2)
    user.press(Key.Key_Q, modifier=SHIFT)
    assert (state(user), len(store.adjudication.case(first(user)).acts)) == (State.DISPUTED, 5)
    user.press(Key.Key_Z, modifier=CTRL)
    assert state(user) is State.ADJUDICATED
    user.press(*[Key.Key_Z] * 4, modifier=CTRL)
    assert (state(user), store.adjudication.case(first(user)).acts) == (State.DISPUTED, ())
    user.press(Key.Key_Z, modifier=CTRL | SHIFT)
    assert state(user) is State.ADJUDICATED


def test_q_sends_an_agreed_crystal_to_adjudication(user):
    user.session.crystal_id = first(user, 2)
    user.press(Key.Key_Q)
    assert state(user, 2) is State.DISPUTED


def test_a_correction_of_the_outline_makes_a_decision_fall(user):
    user.dock.experts.disputes.go_on.setChecked(False)
    user.press(Key.Key_G, Key.Key_1)
    user.dock.canvas.brushed.emit(first(user), square(8, 10, 12))
    assert state(user) is State.DISPUTED


def test_a_new_label_makes_a_decision_fall(user):
    user.dock.experts.disputes.go_on.setChecked(False)
    user.press(Key.Key_G, Key.Key_1)
    user.go_to("Label")
    user.press(Key.Key_4)
    assert state(user) is State.DISPUTED


def test_the_zoom_stays_on_the_way_to_another_micrograph(user):
    store, session = user.session.project, user.session
    other = list(store.state.micrographs)[1]
    there = next(iter(store.state.crystals(other)))
    store.adjudication.object_to(there)
    camera = user.dock.canvas.viewer.scene.camera
    user.press(Key.Key_G)
    camera.zoom = zoom = camera.zoom * 1.3
    user.dock.experts.consensus.go_to(there)
    assert (session.image_id, camera.zoom) == (other, pytest.approx(zoom))
