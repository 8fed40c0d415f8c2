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


def test_a_cell_leads_from_crystal_to_crystal_and_from_micrograph_to_micrograph(user, page, qtbot):
    seen = []
    for _ in range(5):
        click_cell(qtbot, page, 0, 1)
        seen.append((user.session.image_id, user.session.crystal_id))
    first, second = user.session.project.state.micrographs
    assert [image for image, _ in seen] == [first, first, second, second, first]
    assert (len(set(seen)), seen[4]) == (4, seen[0])


def test_the_view_flies_to_the_crystal_behind_a_cell(user, page, qtbot):
    user.dock.canvas.viewer.scene.camera.zoom *= 6
    click_cell(qtbot, page, 0, 0)
    box = user.session.crystal.mask.region
    middle = user.point((box.row0 + box.row1) / 2, (box.col0 + box.col1) / 2)
    assert user.canvas.rect().contains(middle)


def test_a_row_of_the_micrographs_leads_there(user, page, qtbot):
    user.click(page.image_fold.heading)
    last = page.images.visualRect(page.images.model().index(1, 0)).center()
    qtbot.mouseClick(page.images.viewport(), LEFT, pos=last)
    assert user.session.micrograph.file_name == "chip_1.tif"
