"""The measure panel: rows, units, export."""

import pytest
from qtpy.QtCore import Qt

from napari_mcn.panels.measure_panel import MeasurePanel, MeasureRow
from napari_mcn.panels.size_plot import whole_numbers

LEFT = Qt.MouseButton.LeftButton
COLUMNS = ("Crystal", "Area")


@pytest.fixture
def panel(qtbot):
    """A panel of two crystals on a calibrated micrograph, in micrometres."""
    panel = MeasurePanel()
    qtbot.addWidget(panel)
    panel.set_rows(COLUMNS, [MeasureRow("c1", (1, 4.2)), MeasureRow("c2", (2, 1.5))])
    panel.set_units(micrometres=True, calibrated=True)
    panel.show()
    return panel


def test_a_clicked_row_tells_its_crystal(panel, qtbot):
    spot = panel.table.visualRect(panel.table.model().index(1, 0)).center()
    with qtbot.waitSignal(panel.crystal_chosen) as told:
        qtbot.mouseClick(panel.table.viewport(), LEFT, pos=spot)
    assert told.args == ["c2"]


def test_selecting_a_crystal_highlights_its_row_without_telling(panel, qtbot):
    with qtbot.assertNotEmitted(panel.crystal_chosen):
        panel.select("c2")
    assert panel.table.chosen() == "c2"


def test_a_crystal_that_is_not_in_the_table_highlights_nothing(panel):
    panel.select("c9")
    assert panel.table.chosen() is None


def test_pixels_are_asked_for(panel, qtbot):
    with qtbot.waitSignal(panel.pixel_or_um_toggled) as told:
        qtbot.mouseClick(panel.pixels_button, LEFT)
    assert told.args == [False]


def test_micrometres_are_refused_without_a_scale(panel):
    panel.set_units(micrometres=False, calibrated=False, reason="Scale unknown.")
    assert panel.micrometres_button.toolTip() == "Scale unknown."
    assert not panel.micrometres_button.isEnabled()


def test_the_export_is_asked_for(panel, qtbot):
    with qtbot.waitSignal(panel.export_requested):
        qtbot.mouseClick(panel.export_button, LEFT)


def test_nothing_is_offered_before_there_are_crystals(panel):
    panel.set_rows((), ())
    assert not panel.export_button.isVisible()


def test_the_order_survives_other_units(panel):
    panel.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    panel.set_rows(("Crystal", "Area px"), [MeasureRow("c1", (1, 420)), MeasureRow("c2", (2, 150))])
    assert [row.key for row in panel.table.rows] == ["c2", "c1"]


def test_the_summary_is_said(panel):
    panel.set_summary("2 crystals")
    assert panel.summary.text() == "2 crystals"


@pytest.mark.parametrize(
    ("top", "numbers"),
    [(3.2, [1, 2, 3]), (31, [1, 5, 10, 15, 20, 25, 30]), (330, [1, 50, 100, 150, 200, 250, 300])],
)
def test_a_crystal_as_thin_as_a_line_leaves_the_axis_readable(top, numbers):
    assert whole_numbers(top) == numbers
