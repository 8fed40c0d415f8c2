"""The column of steps: choosing, running work, the save state, and that everything fits."""

import pytest
from napari._qt.qt_resources import get_stylesheet
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QLabel, QLineEdit

from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.progress import Progress
from napari_mcn.panels.cheat_sheet import CheatSheet
from napari_mcn.panels.consensus_panel import ConsensusPanel
from napari_mcn.panels.errors_page import ErrorsPage
from napari_mcn.panels.explain_panel import ExplainPanel
from napari_mcn.panels.gallery_page import GalleryPage
from napari_mcn.panels.label_panel import LabelPanel
from napari_mcn.panels.maps_page import MapsPage
from napari_mcn.panels.measure_panel import MeasurePanel
from napari_mcn.panels.model_panel import ModelPanel
from napari_mcn.panels.project_panel import ProjectPanel
from napari_mcn.panels.segment_panel import SegmentPanel
from napari_mcn.panels.workbench import Workbench

LEFT = Qt.MouseButton.LeftButton
PANELS = {
    "Project": ProjectPanel,
    "Segment": SegmentPanel,
    "Label": LabelPanel,
    "Consensus": ConsensusPanel,
    "Model": ModelPanel,
    "Gallery": GalleryPage,
    "Maps": MapsPage,
    "Errors": ErrorsPage,
    "Explain": ExplainPanel,
    "Measure": MeasurePanel,
}
ROOM_BESIDE_A_SCROLL_BAR = 380 - 2 * 4 - 16


@pytest.fixture
def workbench(qtbot):
    """A workbench with two steps."""
    workbench = Workbench()
    qtbot.addWidget(workbench)
    workbench.add_step("Project", QLabel("first"))
    workbench.add_step("Segment", QLabel("second"))
    workbench.show()
    return workbench


@pytest.fixture
def panel(request, qtbot):
    """One panel, with the classes where it has any, under one of napari's themes."""
    name, theme = request.param
    panel = PANELS[name]()
    qtbot.addWidget(panel)
    getattr(panel, "set_scheme", lambda scheme: None)(FOUR_CLASSES)
    panel.setStyleSheet(get_stylesheet(theme))
    return panel


def test_the_first_step_is_in_front(workbench):
    assert workbench.step == "Project"


def test_choosing_a_step_brings_it_to_the_front_and_tells(workbench, qtbot):
    with qtbot.waitSignal(workbench.step_chosen) as told:
        qtbot.mouseClick(workbench.buttons["Segment"], LEFT)
    assert (told.args, workbench.step) == (["Segment"], "Segment")


def test_showing_a_step_tells_nobody(workbench, qtbot):
    with qtbot.assertNotEmitted(workbench.step_chosen):
        workbench.show_step("Segment")
    assert workbench.buttons["Segment"].isChecked()


def test_the_keys_can_be_asked_for(workbench, qtbot):
    with qtbot.waitSignal(workbench.keys_requested):
        qtbot.mouseClick(workbench.keys_button, LEFT)


def test_running_work_can_be_cancelled(workbench, qtbot):
    workbench.set_progress(Progress(3, 10, "Training"))
    with qtbot.waitSignal(workbench.cancel_requested):
        qtbot.mouseClick(workbench.cancel_button, LEFT)


def test_nothing_to_cancel_is_shown_when_nothing_runs(workbench):
    workbench.set_progress(Progress(3, 10))
    workbench.set_progress(None)
    assert not workbench.cancel_button.isVisible()


def test_work_of_unknown_length_shows_that_it_runs(workbench):
    workbench.set_progress(Progress(0, 0, "Starting"))
    assert (workbench.bar.minimum(), workbench.bar.maximum()) == (0, 0)


def test_a_tick_says_that_the_work_is_in_the_project_folder(workbench):
    workbench.set_saved("Saved", trouble=False)
    assert workbench.saved.text() == "✓  Saved"


def test_a_dot_says_that_the_work_is_on_this_computer_only(workbench):
    workbench.set_saved("Saved on this computer", trouble=False, in_folder=False)
    assert workbench.saved.text().startswith("●")


def test_trouble_with_saving_is_red(workbench):
    workbench.set_saved("The disk is full.", trouble=True)
    assert workbench.saved.grab().toImage().pixelColor(2, 2).name() == "#b3261e"


@pytest.mark.parametrize(
    "panel", [(name, theme) for name in PANELS for theme in ("dark", "light")], indirect=True
)
def test_a_panel_is_not_cut_in_a_column_of_380_pixels(panel):
    assert panel.minimumSizeHint().width() <= ROOM_BESIDE_A_SCROLL_BAR


@pytest.mark.parametrize("panel", [(name, "dark") for name in PANELS], indirect=True)
def test_a_panel_opens_with_one_sentence_of_what_to_do(panel):
    assert panel.next_step.text().endswith(".")


@pytest.mark.parametrize("panel", [(name, "dark") for name in PANELS], indirect=True)
def test_a_panel_takes_another_next_step(panel):
    panel.set_next_step("Rest.")
    assert panel.next_step.text() == "Rest."


def test_the_cheat_sheet_shows_a_heading_once_per_group(qtbot):
    sheet = CheatSheet()
    qtbot.addWidget(sheet)
    sheet.set_keys([("Label", "1", "Rhombic"), ("Label", "2", "Polyhedral"), ("View", "H", "Hide")])
    texts = [label.text() for label in sheet.findChildren(QLabel)]
    assert texts == ["Label", "1", "Rhombic", "2", "Polyhedral", "View", "H", "Hide"]


def test_tab_goes_over_the_tabs_before_it_enters_a_page(workbench):
    workbench.add_step("Label", QLineEdit())
    tabs = list(workbench.buttons.values())
    assert [each.nextInFocusChain() for each in tabs[:2]] == tabs[1:]
