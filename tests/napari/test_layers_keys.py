"""Keys pressed over the canvas of a real window, whatever layer is selected."""

import numpy as np
import pytest

from napari_mcn.layers.keys import Keys

ADD = {
    "none": lambda viewer: None,
    "image": lambda viewer: viewer.add_image(np.zeros((9, 9))),
    "labels": lambda viewer: viewer.add_labels(np.zeros((9, 9), int)),
    "points": lambda viewer: viewer.add_points([[1, 1]]),
    "shapes": lambda viewer: viewer.add_shapes([[[0, 0], [5, 5]]]),
    "vectors": lambda viewer: viewer.add_vectors(np.ones((1, 2, 2))),
}
PLAIN = ["0", "1", "2", "3", "4", "5", "C", "F", "G", "J", "K", "N", "Q", "S", "T", "U", "W", "X"]

SPECIAL = ["Delete", "Tab", "Escape", "Shift-C", "Shift-N", "Control-Z", "Control-Shift-Z"]


def bind_all(keys, names, pressed):
    for name in names:
        keys.bind(name, lambda name=name: pressed.append(name))


@pytest.fixture
def keys(viewer):
    bound = Keys(viewer)
    yield bound
    bound.close()


@pytest.fixture
def pressed():
    return []


@pytest.mark.parametrize("kind", ADD)
def test_keys_work_whatever_layer_is_selected(viewer, keys, hand, pressed, kind):
    bind_all(keys, PLAIN, pressed)
    viewer.layers.selection.active = ADD[kind](viewer)
    hand.keys(*PLAIN)
    assert pressed == PLAIN


@pytest.mark.parametrize("kind", ADD)
def test_special_keys_work_whatever_layer_is_selected(viewer, keys, hand, pressed, kind):
    bind_all(keys, SPECIAL, pressed)
    viewer.layers.selection.active = ADD[kind](viewer)
    hand.keys(*SPECIAL)
    assert pressed == SPECIAL


@pytest.mark.parametrize("kind", ADD)
def test_a_layer_that_was_there_before_does_not_shadow_keys(viewer, hand, pressed, kind):
    viewer.layers.selection.active = ADD[kind](viewer)
    keys = Keys(viewer)
    bind_all(keys, PLAIN, pressed)
    hand.keys(*PLAIN)
    keys.close()
    assert pressed == PLAIN


def test_a_question_mark_is_told_by_what_it_types(keys, hand, pressed):
    keys.bind("?", lambda: pressed.append("?"))
    hand.key("Question", hand.shift, "?")
    hand.key("Exclam", hand.shift, "!")
    assert pressed == ["?"]


def test_tab_stays_on_the_canvas(viewer, keys, hand, pressed):
    keys.bind("Tab", lambda: pressed.append("Tab"))
    hand.native.setFocus()
    hand.key("Tab")
    hand.key("Tab")
    assert pressed == ["Tab", "Tab"]


def test_a_held_key_acts_on_press_and_on_release(keys, hand, pressed):
    keys.bind_hold("H", lambda: pressed.append("down"), lambda: pressed.append("up"))
    hand.press("H")
    assert pressed == ["down"]
    hand.release("H")
    assert pressed == ["down", "up"]


def test_a_held_key_is_let_go_though_another_layer_was_selected(viewer, keys, hand, pressed):
    keys.bind_hold("H", lambda: pressed.append("down"), lambda: pressed.append("up"))
    first = ADD["labels"](viewer)
    hand.press("H")
    ADD["points"](viewer)
    viewer.layers.remove(first)
    hand.release("H")
    assert pressed == ["down", "up"]


def test_binding_again_replaces_the_action(keys, hand, pressed):
    keys.bind("S", lambda: pressed.append("old"))
    keys.bind("S", lambda: pressed.append("new"))
    hand.key("S")
    assert pressed == ["new"]


def test_typing_into_a_text_box_gives_no_labels(viewer, keys, pressed, qtbot):
    from qtpy.QtWidgets import QLineEdit

    box = QLineEdit()
    dock = viewer.window.add_dock_widget(box)
    keys.bind("1", lambda: pressed.append("1"))
    keys.bind("X", lambda: pressed.append("X"))
    box.setFocus()
    qtbot.keyClicks(box, "1x?")
    assert box.text() == "1x?"
    viewer.window.remove_dock_widget(dock)
    assert pressed == []


def test_closing_gives_the_keys_back_to_napari(viewer, hand, pressed):
    labels = ADD["labels"](viewer)
    before = dict(viewer.keymap), dict(labels.keymap)
    keys = Keys(viewer)
    keys.bind("2", lambda: pressed.append("2"))
    keys.bind("?", lambda: pressed.append("?"))
    keys.close()
    hand.key("2")
    hand.key("Question", hand.shift, "?")
    assert pressed == []
    assert labels.mode == "paint"
    assert (dict(viewer.keymap), dict(labels.keymap)) == before


def test_closing_gives_back_what_the_user_had_bound(viewer, hand, pressed):
    viewer.bind_key("S", lambda _: pressed.append("user's"), overwrite=True)
    keys = Keys(viewer)
    keys.bind("S", lambda: pressed.append("ours"))
    keys.close()
    hand.key("S")
    viewer.bind_key("S", None)
    assert pressed == ["user's"]


def test_napari_need_not_spell_our_keys_at_every_press(viewer, keys, hand, pressed, monkeypatch):
    bind_all(keys, ["Shift-C"], pressed)
    ours = next(key for key in viewer.keymap if str(key) == "Shift+C")
    monkeypatch.setattr(type(ours), "__str__", lambda _key: pytest.fail("spelt again"))
    hand.keys("Shift-C")
    assert pressed == ["Shift-C"]
