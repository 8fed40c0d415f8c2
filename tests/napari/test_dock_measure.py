"""The Measure page on the real canvas: rows, dots and crystals lead to each other; a filter."""

import pytest
from qtpy.QtCore import Qt
from user import PLACES, SIDE, at_work, make_project

from microcrystalnet.domain.label import Answer

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def user(window, tmp_path_factory):
    """AY on two micrographs; on the first the first crystal is RES."""
    home = tmp_path_factory.mktemp("measure")
    with at_work(window, home) as open_one:
        someone = open_one(make_project(home / "project", micrographs=2))
        state = someone.session.project.state
        first = next(iter(state.micrographs))
        someone.session.project.label(next(iter(state.crystals(first))), Answer("RES"))
        someone.session.show(first)
        someone.go_to("Measure")
        yield someone


@pytest.fixture
def page(user, qtbot):
    measuring = user.dock.measuring
    if measuring.pages.page != "Table":
        user.click(measuring.pages.buttons["Table"])
    qtbot.waitUntil(lambda: len(measuring.census.rows) == 2 * len(PLACES))
    return measuring


def click_row(qtbot, table, at):
    where = table.visualRect(table.model().index(at, 0)).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=where)


def test_a_row_leads_to_its_crystal_on_its_micrograph(user, page, qtbot):
    table = page.table.table
    at = next(n for n, row in enumerate(table.rows) if "chip_1.tif" in row.values)
    table.scrollTo(table.model().index(at, 0))
    click_row(qtbot, table, at)
    assert user.session.micrograph.file_name == "chip_1.tif"
    assert user.session.crystal_id == table.rows[at].key


def test_a_row_of_another_micrograph_keeps_the_zoom(user, page, qtbot):
    table, camera = page.table.table, user.dock.canvas.viewer.camera
    shown = user.session.micrograph.file_name
    at = next(n for n, row in enumerate(table.rows) if shown not in row.values)
    table.scrollTo(table.model().index(at, 0))
    camera.zoom = zoom = 1.5 * camera.zoom
    click_row(qtbot, table, at)
    assert user.session.crystal_id == table.rows[at].key
    assert camera.zoom == pytest.approx(zoom)


def test_a_click_on_a_crystal_leads_to_its_row(user, page):
    row, col = PLACES[6]
    user.dock.canvas.viewer.reset_view()
    user.click_at(row + SIDE / 2, col + SIDE / 2)
    there = user.session.crystal_at(row + 2, col + 2)
    assert page.table.table.chosen() == there.crystal_id


def test_a_filter_holds_for_table_statistics_and_figures_alike(user, page, qtbot):
    user.click(page.choice.fold.heading)
    page.choice.class_field.setCurrentIndex(page.choice.class_field.findData("RES"))
    page.choice.class_field.activated.emit(page.choice.class_field.currentIndex())
    assert len(page.table.table.rows) == 1
    user.click(page.pages.buttons["Statistics"])
    qtbot.waitUntil(lambda: bool(page.statistics_page.table.rows))
    assert page.statistics_page.table.rows[0].values == ("crystals", 1, 1)
    user.click(page.pages.buttons["Figures"])
    page.figures_page.chooser.setCurrentIndex(page.figures_page.chooser.findData("scatter"))
    page.figures_page.chooser.activated.emit(page.figures_page.chooser.currentIndex())
    assert len(page.figures_page.dots.dots) == 1


def test_a_click_on_a_dot_flies_to_its_crystal(user, page, qtbot):
    user.click(page.pages.buttons["Figures"])
    dots = page.figures_page.dots
    user.session.crystal_id = None
    qtbot.mouseClick(dots, LEFT, pos=dots.place(dots.dots[0]).toPoint())
    assert user.session.crystal_id == dots.dots[0].key
