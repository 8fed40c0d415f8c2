"""Keys in the real window, wherever the keyboard is: page by page, and after clicks in the dock."""

import numpy as np
import pytest
from key_desk import label
from qtpy.QtCore import Qt
from user import CTRL, PLACES, SHIFT, STEPS

from microcrystalnet.domain.label import NOT_A_CRYSTAL, Answer, Flag

Key = Qt.Key
TEN = [Key.Key_1, Key.Key_2, Key.Key_3, Key.Key_4, Key.Key_5] * 2
SAID = ["RES", "PES", "AA", "SA", None] * 2


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
