"""The project panel: ways in, the list of micrographs, and the scale."""

from pathlib import Path

import pytest
from qtpy.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from qtpy.QtGui import QDragEnterEvent, QDropEvent

from napari_mcn.panels.project_panel import MicrographRow, ProjectPanel

LEFT = Qt.MouseButton.LeftButton
CHALK = MicrographRow("a", "chalk.tif", 180, 60, "10 nm/px", True)
MARL = MicrographRow("b", "marl.tif", 0, 0, "unknown", False)


@pytest.fixture
def panel(qtbot):
    """A panel with an open project of two micrographs."""
    panel = ProjectPanel()
    qtbot.addWidget(panel)
    panel.set_project("Chalk", "/home/ay/chalk")
    panel.set_micrographs([CHALK, MARL])
    panel.show()
    return panel


def dropped(*urls):
    """Drag files over a panel; the carried files must outlive the event."""
    carried = QMimeData()
    carried.setUrls([QUrl(url) for url in urls])
    return carried


def drop_event(carried):
    """Let the dragged files go."""
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    return QDropEvent(QPointF(5, 5), copy, carried, LEFT, none)


def drag_event(carried):
    """Bring dragged files over the panel."""
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    event = QDragEnterEvent(QPoint(5, 5), copy, carried, LEFT, none)
    event.ignore()
    return event


def test_only_ways_into_a_project_are_offered_while_none_is_open(qtbot):
    panel = ProjectPanel()
    qtbot.addWidget(panel)
    panel.show()
    assert panel.sample_button.isVisible()
    assert not panel.add_button.isVisible()


@pytest.mark.parametrize(
    ("button", "signal"),
    [
        ("sample_button", "sample_requested"),
        ("new_button", "new_requested"),
        ("open_button", "open_requested"),
        ("add_button", "micrographs_requested"),
    ],
)
def test_a_button_tells_what_the_user_wants(panel, qtbot, button, signal):
    with qtbot.waitSignal(getattr(panel, signal)):
        qtbot.mouseClick(getattr(panel, button), LEFT)


def test_a_clicked_micrograph_is_chosen(panel, qtbot):
    table = panel.micrographs
    spot = table.visualRect(table.model().index(1, 0)).center()
    with qtbot.waitSignal(panel.micrograph_chosen) as told:
        qtbot.mouseClick(table.viewport(), LEFT, pos=spot)
    assert told.args == ["b"]


def test_the_micrograph_in_view_is_highlighted_without_telling(panel, qtbot):
    with qtbot.assertNotEmitted(panel.micrograph_chosen):
        panel.set_current("b")
    assert panel.micrographs.chosen() == "b"


def test_the_highlight_survives_new_counts(panel):
    panel.set_current("b")
    panel.set_micrographs([CHALK, MARL])
    assert panel.micrographs.chosen() == "b"


def test_an_empty_project_asks_for_micrographs(panel):
    panel.set_micrographs([])
    assert not panel.micrographs.isVisible()


def test_an_unknown_scale_stands_out_in_the_list(panel):
    model, role = panel.micrographs.model(), Qt.ItemDataRole.ForegroundRole
    colours = [model.index(row, 2).data(role) for row in range(2)]
    assert colours[0] is None
    assert colours[1].red() > colours[1].green()


def test_an_unknown_scale_is_said_in_red(panel):
    panel.set_current("b")
    panel.set_scale("", "", known=False)
    assert panel.scale.text() == "Scale unknown"
    assert panel.scale.grab().toImage().pixelColor(2, 2).name() == "#b3261e"


def test_a_known_scale_says_where_it_came_from(panel):
    panel.set_scale("10.0 nm per pixel", "JEOL sidecar", known=True)
    assert panel.scale.text() == "10.0 nm per pixel  (JEOL sidecar)"


def test_a_typed_pixel_size_is_told_in_nanometres(panel, qtbot):
    panel.set_current("b")
    panel.pixel_size.setValue(12.5)
    with qtbot.waitSignal(panel.pixel_size_typed) as told:
        qtbot.mouseClick(panel.set_button, LEFT)
    assert told.args == [12.5, 0.0]


def test_the_uncertainty_of_a_typed_pixel_size_is_told_with_it(panel, qtbot):
    panel.set_current("b")
    panel.set_pixel_size(12.5, 0.25)
    with qtbot.waitSignal(panel.pixel_size_typed) as told:
        qtbot.mouseClick(panel.set_button, LEFT)
    assert told.args == [12.5, 0.25]


def test_an_uncertainty_that_nobody_gave_is_said_not_to_be_given(panel):
    assert panel.plus_minus.text() == "± not given"


def test_dropped_files_are_told_as_paths(panel, qtbot):
    carried = dropped("file:///data/a.tif", "file:///data/folder")
    with qtbot.waitSignal(panel.files_dropped) as told:
        panel.dropEvent(drop_event(carried))
    assert told.args == [[Path("/data/a.tif"), Path("/data/folder")]]


def test_files_from_the_desktop_are_welcome(panel):
    carried = dropped("file:///data/a.tif")
    event = drag_event(carried)
    panel.dragEnterEvent(event)
    assert event.isAccepted()


def test_a_link_from_a_browser_is_not_welcome(panel):
    carried = dropped("https://example.org/a.tif")
    event = drag_event(carried)
    panel.dragEnterEvent(event)
    assert not event.isAccepted()


def test_the_health_line_is_absent_when_all_is_well(panel):
    panel.set_health("")
    assert not panel.health.isVisible()
