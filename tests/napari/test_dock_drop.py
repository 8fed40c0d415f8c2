"""Files dropped on napari's canvas while a project is open."""

import pytest
from paged_files import write_detectors
from qtpy.QtCore import QMimeData, QPointF, Qt, QUrl
from qtpy.QtGui import QDropEvent
from user import draw, make_project

from napari_mcn.layers.roles import ours


@pytest.fixture
def user(open_user, tmp_path):
    return open_user(make_project(tmp_path / "project"))


def drop(viewer, *paths):
    """Let go of files over the canvas."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    place = QPointF(50, 50)
    if not hasattr(QDropEvent, "position"):  # Qt 5
        place = place.toPoint()
    action = Qt.DropAction.CopyAction
    viewer.window._qt_viewer.dropEvent(QDropEvent(place, action, mime, left, none))


def strays(viewer):
    return [layer.name for layer in viewer.layers if layer not in ours(viewer)]


def test_a_dropped_micrograph_joins_the_project_instead_of_becoming_a_stray_layer(
    qtbot, user, viewer, tmp_path
):
    drop(viewer, draw(tmp_path / "fresh.tif", seed=9))
    qtbot.waitUntil(lambda: user.session.micrograph.file_name == "fresh.tif")
    assert strays(viewer) == []


def test_several_dropped_together_all_join(qtbot, user, viewer, tmp_path):
    drop(viewer, draw(tmp_path / "one.tif", seed=8), draw(tmp_path / "two.tif", seed=9))
    qtbot.waitUntil(lambda: len(user.session.project.state.micrographs) == 3)
    qtbot.waitUntil(lambda: strays(viewer) == [])
    assert user.session.micrograph.file_name in {"one.tif", "two.tif"}


def test_without_a_project_napari_shows_it_and_the_way_is_told(
    qtbot, open_user, viewer, tmp_path, told
):
    open_user()
    drop(viewer, draw(tmp_path / "fresh.tif", seed=9))
    qtbot.waitUntil(lambda: bool(told))
    assert (strays(viewer), "belongs to no project" in told[0][1]) == (["fresh"], True)


def test_a_layer_made_by_another_plugin_is_left_alone(user, viewer):
    import numpy as np

    viewer.add_image(np.zeros((5, 5)), name="mine")
    assert strays(viewer) == ["mine"]


def test_after_the_workbench_was_closed_dropping_is_naparis_own(user, viewer, tmp_path):
    viewer.window.remove_dock_widget(user.dock)
    drop(viewer, draw(tmp_path / "fresh.tif", seed=9))
    assert strays(viewer) == ["fresh"]


def test_of_a_dropped_file_with_two_pictures_the_chosen_one_joins(
    qtbot, user, viewer, tmp_path, monkeypatch
):
    monkeypatch.setattr(type(user.dock._dialogs), "page", lambda *_asked: 1, raising=False)
    drop(viewer, write_detectors(tmp_path / "scan.tif"))
    qtbot.waitUntil(lambda: user.session.micrograph.file_name == "scan_page2.tif")
    assert strays(viewer) == []
