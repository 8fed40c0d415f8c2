"""The automatic pass and the comparison through the real window and the real engine."""

import numpy as np
import pytest
import tifffile
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest
from user import PLACES, SIDE, _move, at_work, make_project
from window_material import square

from napari_mcn.layers.roles import Role, find

PATIENCE = 60_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def desk(window, tmp_path_factory):
    """One workbench, with its engine, for all these tests."""
    home = tmp_path_factory.mktemp("desk")
    with at_work(window, home) as open_one:
        yield open_one(make_project(home / "project"))


@pytest.fixture
def user(desk, request, qtbot):
    """Somebody on the Segment page; of the twelve crystals only the first two are outlined."""
    made = desk.start_over(f"expert {abs(hash(request.node.name))}")
    made.dock.outlining.everything.discard()
    made.dock.outlining.panel.everything.confidence.setValue(50)
    made.go_to("Segment")
    made.session.project.delete_crystals(list(made.session.crystals)[2:])
    return made


@pytest.fixture
def section(user):
    return user.dock.outlining.panel.everything


@pytest.fixture
def proposed(user, section, qtbot):
    """Every crystal is proposed."""
    qtbot.waitUntil(section.propose_button.isEnabled, timeout=PATIENCE)
    user.click(section.propose_button)
    qtbot.waitUntil(section.accept_button.isVisible, timeout=PATIENCE)
    return user


def shown(user):
    """Say at which of the places the micrograph shows a proposal."""
    codes = find(user.dock.canvas.viewer, Role.PROPOSALS).data
    return [place for place in PLACES if codes[place[0] + SIDE // 2, place[1] + SIDE // 2]]


def drag_to_the_end(user, slider):
    """Drag the handle of a slider from the middle to its right end."""
    middle = QPoint(slider.width() // 2, slider.height() // 2)
    QTest.mousePress(slider, LEFT, pos=middle)
    for share in (0.6, 0.8, 1.0):
        _move(slider, QPoint(round(slider.width() * share), middle.y()), LEFT)
    QTest.mouseRelease(slider, LEFT, pos=QPoint(slider.width(), middle.y()))


def test_only_what_is_not_accepted_yet_is_proposed(proposed):
    assert shown(proposed) == PLACES[2:]


def test_dragging_confidence_to_the_end_leaves_fewer(proposed, section, qtbot):
    drag_to_the_end(proposed, section.confidence)
    qtbot.waitUntil(lambda: not shown(proposed), timeout=PATIENCE)
    assert not section.accept_button.isEnabled()


def test_a_largest_size_below_the_crystals_leaves_none_and_no_limit_brings_them_back(
    proposed, section, qtbot
):
    section.largest.field.setValue(0.6)  # micrometres; they measure 1.35
    qtbot.waitUntil(lambda: not shown(proposed), timeout=PATIENCE)
    section.largest.field.setValue(section.largest.field.maximum())
    qtbot.waitUntil(lambda: shown(proposed) == PLACES[2:], timeout=PATIENCE)


def test_accepting_adds_and_one_undo_takes_back(proposed, section):
    before = [each.mask for each in proposed.session.crystals.values()]
    proposed.click(section.accept_button)
    added = len(proposed.session.crystals) - 2
    kept = [each.mask for each in proposed.session.crystals.values()][:2]
    proposed.canvas.setFocus()
    proposed.press(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert (added >= 10, kept, len(proposed.session.crystals)) == (True, before, 2)


def test_h_bares_the_micrograph_of_proposals_too(proposed):
    layer = find(proposed.dock.canvas.viewer, Role.PROPOSALS)
    proposed.canvas.setFocus()
    with proposed.holding(Qt.Key.Key_H):
        assert not layer.visible
    assert layer.visible


def test_on_another_page_proposals_are_out_of_sight(proposed):
    proposed.go_to("Label")
    assert shown(proposed) == []


def test_a_comparison_boxes_what_is_missed_and_its_rows_lead_there(user, tmp_path, qtbot):
    labels = np.zeros((140, 180), np.uint16)
    for number, place in enumerate(PLACES[1:4], 1):
        labels[square(*place, SIDE).slices] = number
    tifffile.imwrite(tmp_path / "reference.tif", labels)
    panel, viewer = user.dock.outlining.panel.compare, user.dock.canvas.viewer
    user.click(panel.fold.heading)
    user.dock._dialogs.path = tmp_path / "reference.tif"
    user.click(panel.label_image_button)
    qtbot.waitUntil(lambda: find(viewer, Role.INVENTED) is not None)  # it is read on a thread
    assert (find(viewer, Role.MISSED).nshapes, find(viewer, Role.INVENTED).nshapes) == (4, 2)
    viewer.scene.camera.zoom *= 8
    panel.table.row_chosen.emit("missed 1")
    centre = np.array(viewer.scene.camera.center[-2:]) / 0.05
    assert centre == pytest.approx([PLACES[2][0] + 11.5, PLACES[2][1] + 11.5], abs=30)
