"""The workbench comes and goes: nothing heavy in the window's process, nothing left behind."""

import os
import subprocess
import sys
import weakref
from gc import collect  # napari replaces gc.collect by a mock in tests

import pytest
from qtpy.QtCore import QEvent, Qt
from qtpy.QtWidgets import QApplication
from user import STEPS, make_project

from microcrystalnet.storage.project_store import ProjectStore
from napari_mcn.layers.roles import ours

HEAVY = ("torch", "torchvision", "segment_anything", "tensorflow", "keras", "onnxruntime")


SCRIPT = """
import sys
from pathlib import Path
from qtpy.QtCore import QEvent
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication
from napari_mcn.launch import open_workbench

viewer, dock = open_workbench()
dock.projects.project.open(Path(sys.argv[1]))
for step in sys.argv[2].split(","):
    dock.go_to(step)
    QTest.qWait(20)
dock.labelling.label.next()
dock.explaining.explain.explain()
dock.models.model.predict_all()
print("heavy:", [name for name in sys.argv[3].split(",") if name in sys.modules])
dock.labelling.label.choose_class("RES")
engine, parts = dock.segmentation, dock._parts
viewer.close()
QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
print("left:", parts, engine.running)
"""


@pytest.fixture(scope="module")
def whole_life(tmp_path_factory):
    """What a process says that opens every page, labels a crystal and closes its window."""
    home = tmp_path_factory.mktemp("life")
    folder = make_project(home / "project")
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder), ",".join(STEPS), ",".join(HEAVY)],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment(home),
        check=False,
    )
    return ran.stdout, ran.stderr, folder


def test_no_page_brings_a_machine_learning_framework_into_the_windows_process(whole_life):
    out, err, _ = whole_life
    assert "heavy: []" in out, out + err


def test_closing_the_window_ends_everything_and_says_nothing(whole_life):
    out, err, _ = whole_life
    assert ("left: [] False" in out, "Traceback" in err, "wrapped" in err) == (True, False, False)


def test_what_was_labelled_just_before_the_window_closed_is_in_the_folder(whole_life):
    store = ProjectStore.open(whole_life[2], "AY", mirror_root=whole_life[2].parent / "elsewhere")
    votes = store.votes()
    store.close()
    assert len(votes) == 1


def test_a_closed_workbench_leaves_no_layer_and_no_callback(viewer, open_user, tmp_path):
    folder = make_project(tmp_path / "project")
    work_and_close(viewer, open_user(folder))
    once = callbacks(viewer)
    work_and_close(viewer, open_user(folder))
    assert (callbacks(viewer), ours(viewer)) == (once, ())


def test_a_closed_workbench_gives_keys_and_mouse_back(viewer, open_user, tmp_path):
    before = callbacks(viewer)
    work_and_close(viewer, open_user(make_project(tmp_path / "project")))
    assert callbacks(viewer) | {"zoom": 0} == before | {"zoom": 0}  # napari's scale bar stays


def test_a_closed_workbench_ends_its_engines(viewer, open_user, tmp_path):
    user = open_user(make_project(tmp_path / "project"))
    segmentation = user.dock.segmentation
    user.go_to("Segment")
    work_and_close(viewer, user)
    assert not segmentation.running


def test_a_closed_workbench_has_saved_everything(viewer, open_user, tmp_path):
    folder = make_project(tmp_path / "project")
    user = open_user(folder)
    user.press(Qt.Key.Key_K, Qt.Key.Key_1, Qt.Key.Key_2)
    viewer.window.remove_dock_widget(user.dock)
    assert open_user(folder).answers == ["RES", "PES"]


def test_a_closed_workbench_is_forgotten(viewer, open_user, tmp_path):
    dock = weakref.ref(open_user(make_project(tmp_path / "project")).dock)
    work_and_close(viewer, None, dock())
    clear_up()
    clear_up()  # what went in the first round held slots, of which PyQt lets go a turn later
    assert dock() is None


def test_a_reopened_workbench_hears_each_key_once(viewer, open_user, tmp_path):
    folder = make_project(tmp_path / "project")
    viewer.window.remove_dock_widget(open_user(folder).dock)
    user = open_user(folder)
    user.press(Qt.Key.Key_K, Qt.Key.Key_1)
    assert user.answers == ["RES"]


def test_keys_do_nothing_of_ours_once_the_workbench_is_closed(viewer, open_user, tmp_path):
    user = open_user(make_project(tmp_path / "project"))
    viewer.window.remove_dock_widget(user.dock)
    user.press(Qt.Key.Key_K)
    assert user.session.crystal_id is None


def work_and_close(viewer, user, dock=None):
    """Use every tool once, then close the page by its cross."""
    dock = dock or user.dock
    dock.session.crystal_id = dock.labelling.label._order[0]
    for tool in ("prompt", "box", "brush", "look"):
        dock.outlining.prompt.use_tool(tool)
    dock.show_keys()
    viewer.window.remove_dock_widget(dock)


def clear_up():
    """Delete what waits for it, as a turn of the window's loop and the collector do."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    collect()


def callbacks(viewer):
    """Count what listens to the viewer."""
    canvas = viewer.window._qt_viewer.canvas
    return {
        "inserted": len(viewer.layers.events.inserted.callbacks),
        "removed": len(viewer.layers.events.removed.callbacks),
        "zoom": len(viewer.scene.camera.events.zoom.callbacks),
        "drag": len(viewer.mouse_drag_callbacks),
        "move": len(viewer.mouse_move_callbacks),
        "double click": len(viewer.mouse_double_click_callbacks),
        "typed": len(canvas.events.key_press.callbacks),
        "keys": dict(viewer.keymap),
    }


def environment(home):
    """Give this process's environment with folders of its own."""
    return dict(os.environ) | {
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
    }
