"""The plate of pictures: what is selected, and what is drawn at all."""

import numpy as np
import pytest
from qtpy.QtCore import Qt

from napari_mcn.panels.plate import Plate, PlateItem

KEYS = [str(n) for n in range(2000)]


@pytest.fixture
def cut():
    """Keys whose pictures were asked for."""
    return []


@pytest.fixture
def plate(qtbot, cut):
    made = Plate()
    qtbot.addWidget(made)
    made.resize(360, 300)

    def picture_of(key):
        cut.append(key)
        return np.full((40, 60), 90, np.uint8)

    made.set_items([PlateItem(key) for key in KEYS], picture_of)
    made.show()
    made.grab()
    return made


def centre(plate, key):
    return plate.visualRect(plate._items.place(key)).center()


def test_only_pictures_in_view_are_cut_out(plate, cut):
    assert 0 < len(set(cut)) < 40


def test_scrolling_cuts_out_what_comes_into_view(plate, cut):
    plate.verticalScrollBar().setValue(plate.verticalScrollBar().maximum())
    plate.grab()
    assert "1999" in cut


def test_pictures_stay_in_memory_only_while_they_are_near(plate):
    [plate._items.pixmap(key) for key in KEYS]
    assert len(plate._items._drawn) == 800


def test_a_click_chooses_one(qtbot, plate):
    with qtbot.waitSignal(plate.chosen) as told:
        qtbot.mouseClick(plate.viewport(), Qt.MouseButton.LeftButton, pos=centre(plate, "2"))
    assert told.args == [["2"]]


def test_shift_and_click_choose_all_between(qtbot, plate):
    left, shift = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
    qtbot.mouseClick(plate.viewport(), left, pos=centre(plate, "1"))
    qtbot.mouseClick(plate.viewport(), left, shift, pos=centre(plate, "3"))
    assert plate.selected == ["1", "2", "3"]


def test_the_arrow_goes_to_the_next_and_shift_adds_it(qtbot, plate):
    plate.select(["0"])
    qtbot.keyClick(plate, Qt.Key.Key_Right)
    qtbot.keyClick(plate, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert plate.selected == ["1", "2"]


def test_enter_opens(qtbot, plate):
    plate.select(["5"])
    with qtbot.waitSignal(plate.opened) as told:
        qtbot.keyClick(plate, Qt.Key.Key_Return)
    assert told.args == ["5"]


def test_a_letter_selects_nothing(qtbot, plate):
    plate.select(["5"])
    qtbot.keyClick(plate, Qt.Key.Key_1)
    assert plate.selected == ["5"]


def test_another_badge_keeps_the_selection(plate):
    plate.select(["5"])
    plate.update_items([PlateItem("5", badge="RES", colour="#0072b2"), PlateItem("unknown")])
    assert (plate.selected, plate.items[5].badge) == (["5"], "RES")


def test_the_frame_has_the_colour_of_the_item(plate):
    plate.update_items([PlateItem("0", colour="#ff0000")])
    image = plate.viewport().grab().toImage()
    corner = plate.visualRect(plate._items.place("0")).topLeft()
    assert image.pixelColor(corner.x() + 5, corner.y() + 40).name() == "#ff0000"


def test_an_item_without_a_picture_is_dark(qtbot):
    plate = Plate()
    qtbot.addWidget(plate)
    plate.set_items([PlateItem("a")], lambda _key: None)
    plate.show()
    assert not plate.grab().isNull()
