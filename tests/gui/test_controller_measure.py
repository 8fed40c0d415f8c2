"""Measuring: rows, units, and the table that is written out."""

import csv

import pytest
from fakes import listeners
from qtpy.QtCore import Qt
from window_material import NoDialogs, square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.micrograph import PixelSize, ScaleSource
from microcrystalnet.micrographs.reader import read_pixels
from napari_mcn.background import Background
from napari_mcn.census import Census
from napari_mcn.controllers.measure_controller import MeasureController
from napari_mcn.panels.measure_panel import MeasurePanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    made = MeasurePanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def target(tmp_path):
    return tmp_path / "sizes.csv"


@pytest.fixture
def measure(panel, session, canvas, crystals, target):
    """The page in front of three squares of 20 pixels."""
    census = Census(session)
    controller = MeasureController(
        panel, session, census, Background(), dialogs=NoDialogs(target), owner=panel
    )
    controller.census = census
    controller.activate(True)
    census.activate(True)
    yield controller
    controller.close()
    census.close()


@pytest.fixture
def calibrated(measure, session):
    """Pixels of 100 nm."""
    size = PixelSize.square(100)
    session.project.set_pixel_size(session.image_id, size, ScaleSource.USER)
    return measure


def column(panel, at):
    return [row.values[at] for row in panel.table.rows]


def test_every_crystal_has_a_row(measure, panel, crystals):
    assert [row.key for row in panel.table.rows] == crystals


def test_without_a_scale_sizes_are_in_pixels(measure, panel):
    assert column(panel, 3) == pytest.approx([20, 20, 20], abs=1)


def test_with_a_scale_sizes_are_in_micrometres(calibrated, panel):
    assert column(panel, 3) == pytest.approx([2, 2, 2], abs=0.1)


def test_pixels_can_be_asked_for(qtbot, calibrated, panel):
    qtbot.mouseClick(panel.pixels_button, LEFT)
    assert column(panel, 3) == pytest.approx([20, 20, 20], abs=1)


def test_a_new_crystal_is_measured_at_once(measure, panel, session):
    session.project.put_mask(session.image_id, square(30, 40), MaskSource.MANUAL)
    assert len(panel.table.rows) == 4


def test_the_class_stands_beside_the_size(measure, panel, session, crystals):
    session.project.label(crystals[0], Answer("RES"))
    assert column(panel, 1) == ["RES", None, None]


def test_a_row_leads_to_its_crystal(measure, panel, session, crystals):
    panel.crystal_chosen.emit(crystals[1])
    assert session.crystal_id == crystals[1]


def test_the_selected_crystal_is_highlighted(measure, panel, session, crystals):
    session.crystal_id = crystals[2]
    assert panel.table.chosen() == crystals[2]


def test_nothing_is_measured_while_the_page_is_not_in_front(measure, panel, session):
    measure.census.activate(False)
    session.project.put_mask(session.image_id, square(30, 40), MaskSource.MANUAL)
    assert len(panel.table.rows) == 3


def test_while_the_first_are_measured_it_says_so(request, panel, crystals, monkeypatch):
    monkeypatch.setattr("napari_mcn.census.FIRST_S", -1)  # no time at all for the first slice
    request.getfixturevalue("measure")
    assert panel.next_step.text() == "Measuring the crystals …"


def test_the_table_is_written_out(qtbot, measure, panel, target, crystals, told):
    qtbot.mouseClick(panel.export_button, LEFT)
    qtbot.waitUntil(lambda: bool(told))
    with target.open() as file:
        rows = list(csv.DictReader(file))
    assert ([row["crystal"] for row in rows], told) == (
        crystals,
        [("info", "3 crystals were written to sizes.csv.")],
    )


def test_grey_values_are_the_recorded_ones_also_of_the_micrograph_in_view(
    qtbot, measure, panel, session, target, told
):
    recorded = read_pixels(session.project.image_path(session.image_id))
    qtbot.mouseClick(panel.export_button, LEFT)
    qtbot.waitUntil(lambda: bool(told))
    with target.open() as file:
        rows = list(csv.DictReader(file))
    mask = session.crystals[rows[0]["crystal"]].mask
    assert float(rows[0]["mean_grey"]) == pytest.approx(recorded[mask.slices][mask.pixels].mean())


def test_a_place_that_cannot_be_written_is_told(qtbot, measure, target, told):
    target.mkdir()
    measure.export()
    qtbot.waitUntil(lambda: bool(told))
    assert [kind for kind, _ in told] == ["warning"]


def test_with_nothing_to_write_it_says_what_to_do(measure, session, crystals, told):
    session.project.delete_crystals(crystals)
    measure.export()
    assert told == [
        ("warning", "There is nothing to export yet: outline crystals on the Segment page.")
    ]


def test_closing_the_project_empties_the_table(measure, panel, session):
    session.close()
    assert list(panel.table.rows) == []


def test_closing_lets_go_of_the_session(panel, session, canvas):
    before = listeners(session, canvas)
    census = Census(session)
    parts = panel, session, census, Background()
    MeasureController(*parts, dialogs=NoDialogs(), owner=panel).close()
    census.close()
    assert listeners(session, canvas) == before
