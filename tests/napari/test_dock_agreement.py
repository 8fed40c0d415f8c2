"""From the figures of the Agreement page to the crystals on the real canvas, by clicks."""

import pytest
from qtpy.QtCore import Qt
from user import at_work, make_project

from microcrystalnet.domain.label import Answer

LEFT = Qt.MouseButton.LeftButton
# AY and MK agree on the first ten of a micrograph's twelve crystals, and differ alike on the rest.
SAID = {"AY": ["RES"] * 12, "MK": ["RES"] * 10 + ["SA"] * 2}


@pytest.fixture(scope="module")
def user(window, tmp_path_factory):
    """RS, who has not labelled, on two micrographs that AY and MK have."""
    home = tmp_path_factory.mktemp("agreement")
    with at_work(window, home) as open_one:
        someone = open_one(make_project(home / "project", micrographs=2))
        label_all(someone.session)
        someone.session.become("RS")
        yield someone


def label_all(session):
    state = session.project.state
    for expert, words in SAID.items():
        session.become(expert)
        for image_id in state.micrographs:
            for crystal_id, word in zip(state.crystals(image_id), words, strict=True):
                session.project.label(crystal_id, Answer(word))


@pytest.fixture
def page(user, qtbot):
    """The Agreement page with a comparison on it."""
    user.go_to("Consensus")
    user.click(user.dock.experts.panel.buttons["Agreement"])
    controller = user.dock.experts.agreement
    if not user.session.answers_open:
        user.click(controller.panel.reveal_button)
    qtbot.waitUntil(controller.panel.matrix.isVisible)
    return controller.panel


def click_cell(qtbot, panel, row, column):
    where = panel.matrix.visualItemRect(panel.matrix.item(row, column)).center()
    qtbot.mouseClick(panel.matrix.viewport(), LEFT, pos=where)


def test_a_cell_opens_the_crystals_behind_it_from_all_micrographs(user, page, qtbot):
    click_cell(qtbot, page, 0, 1)
    shown = {each.key for each in user.dock.reviewing.page.plate.items}
    images = {user.session.project.state.image_of(each) for each in shown}
    assert (user.dock.step, len(shown)) == ("Review", 4)
    assert images == set(user.session.project.state.micrographs)


def test_a_row_of_the_micrographs_leads_there(user, page, qtbot):
    user.click(page.image_fold.heading)
    last = page.images.visualRect(page.images.model().index(1, 0)).center()
    qtbot.mouseClick(page.images.viewport(), LEFT, pos=last)
    assert user.session.micrograph.file_name == "chip_1.tif"
