"""The row of pages inside one step."""

import pytest
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QLabel, QLineEdit

from napari_mcn.panels.pages import Pages, scrolled


@pytest.fixture
def pages(qtbot):
    shown = Pages()
    qtbot.addWidget(shown)
    shown.add_page("Train", QLabel("first"))
    shown.add_page("Results", QLabel("second"))
    return shown


def test_the_first_page_is_in_front(pages):
    assert pages.page == "Train"


def test_only_the_page_in_front_takes_room(pages):
    tall = QLabel("third")
    tall.setMinimumSize(700, 900)
    before = pages.minimumSizeHint()
    pages.add_page("Tall", tall)
    assert pages.minimumSizeHint().height() == before.height()


def test_a_click_brings_a_page_to_the_front_and_tells(pages, qtbot):
    with qtbot.waitSignal(pages.page_chosen) as told:
        qtbot.mouseClick(pages.buttons["Results"], Qt.MouseButton.LeftButton)
    assert (pages.page, told.args) == ("Results", ["Results"])


def test_a_page_that_scrolls_does_not_make_the_column_scroll_as_well(pages):
    tall = QLabel("third")
    tall.setMinimumSize(100, 900)
    pages.add_page("Tall", scrolled(tall))
    pages.show_page("Tall")
    assert pages.sizeHint().height() < 300


def test_a_button_says_what_its_page_is_for(pages):
    pages.add_page("Atlas", QLabel("third"), "Examples of each class.")
    assert pages.buttons["Atlas"].toolTip() == "Examples of each class."


def test_tab_goes_over_the_buttons_before_it_enters_the_page(qtbot):
    pages = Pages()
    qtbot.addWidget(pages)
    pages.add_page("Train", QLineEdit())
    pages.add_page("Results", QLineEdit())
    pages.add_page("Predict", QLineEdit())
    names = list(pages.buttons.values())
    assert [each.nextInFocusChain() for each in names[:2]] == names[1:]
