"""A real napari window, made once, and a hand that clicks and types in it."""

import os
import sys
from unittest.mock import patch

import numpy as np
import pytest
from key_desk import desk, user  # noqa: F401  fixtures
from notifications import told  # noqa: F401  a fixture

from microcrystalnet.domain.crystal import Crystal, MaskSource
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph, PixelSize, Region, ScaleSource
from napari_mcn.layers import micrograph as micrograph_layer

IMAGE_ID = "0123456789abcdef0123"


def has_display():
    """Say whether a window can be opened."""
    known = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(known) or not sys.platform.startswith("linux")


@pytest.fixture(scope="session", autouse=True)
def napari_settings(tmp_path_factory):
    """Keep napari's and Qt's settings out of the home of whoever runs the tests."""
    import napari.settings
    from qtpy.QtCore import QStandardPaths

    folder = tmp_path_factory.mktemp("settings")
    QStandardPaths.setTestModeEnabled(True)
    napari.settings._CFG_PATH = str(folder / "settings.yaml")
    napari.settings._SETTINGS = None
    yield napari.settings.get_settings(folder / "settings.yaml")
    QStandardPaths.setTestModeEnabled(False)


@pytest.fixture
def make_viewer(qapp, napari_settings):
    """Open real viewers for tests that close, dock or look at the window itself."""
    opened = []

    def make():
        opened.append(open_window())
        return opened[-1]

    yield make
    for viewer in opened:
        close_window(viewer)


@pytest.fixture(scope="session")
def window(qapp, napari_settings):
    """One real window for all tests that only need layers in it."""
    viewer = open_window()
    with patch("napari._vispy.canvas.gc.collect"):  # whenever a layer goes: half of the time
        yield viewer
    close_window(viewer)


@pytest.fixture
def viewer(window):
    """The shared window, empty before and after each test."""
    drags, moves = list(window.mouse_drag_callbacks), list(window.mouse_move_callbacks)
    doubles = list(window.mouse_double_click_callbacks)
    keymap = dict(window.keymap)
    yield window
    window.layers.clear()
    window.keymap.clear()
    window.keymap.update(keymap)
    window.mouse_drag_callbacks[:] = drags
    window.mouse_move_callbacks[:] = moves
    window.mouse_double_click_callbacks[:] = doubles
    window.scene.camera.mouse_pan = True


@pytest.fixture
def open_user(viewer, tmp_path):
    """Open the workbench on a project, or on none, and give the user before it."""
    from user import at_work

    with at_work(viewer, tmp_path) as open_one:
        yield open_one


@pytest.fixture
def hand(viewer):
    """A mouse and a keyboard over the shared window."""
    settle()
    return Hand(viewer)


@pytest.fixture
def windowless():
    """A viewer without a window, for what needs neither mouse nor screen: 50 times faster."""
    from napari.components import ViewerModel

    return ViewerModel()


@pytest.fixture
def calibrated():
    """A micrograph of 80 x 100 pixels of 20 x 50 nm, so that no scale is 1, nor both equal."""
    return Micrograph(
        IMAGE_ID,
        "chalk.tif",
        80,
        100,
        "uint8",
        Region(0, 0, 80, 100),
        PixelSize(0.02, 0.05),
        ScaleSource.USER,
    )


@pytest.fixture
def shown(viewer, calibrated):
    """The calibrated micrograph, shown in the window."""
    pixels = np.arange(8000, dtype=np.uint8).reshape(80, 100)
    micrograph_layer.show(viewer, calibrated, pixels)
    return calibrated


@pytest.fixture
def square():
    """Give squares: ``square(id, row, col, side)``."""

    def make(crystal_id, row, col, side=10, z=0):
        mask = Mask.from_pixels(np.ones((side, side)), row, col)
        return Crystal(crystal_id, IMAGE_ID, mask, MaskSource.MANUAL, z)

    return make


@pytest.fixture
def heard():
    """Listen: ``heard(signal)`` gives the list of what it has emitted since."""

    def listen(signal):
        said = []
        signal.connect(lambda *values: said.append(values))
        return said

    return listen


class Hand:
    """Sends real Qt events to the canvas; places are (row, column) in full-image pixels."""

    def __init__(self, viewer):
        from qtpy.QtCore import Qt

        self.viewer = viewer
        self.canvas = viewer.window._qt_viewer.canvas
        self.native = self.canvas.native
        self.left, self.right = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
        self.no_button = Qt.MouseButton.NoButton
        self.none = Qt.KeyboardModifier.NoModifier
        self.shift, self.alt = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
        self.control = Qt.KeyboardModifier.ControlModifier

    def click(self, row, col, button=None, modifiers=None):
        """Press and release without moving."""
        self.move(row, col, self.no_button)
        self._mouse("MouseButtonPress", row, col, button or self.left, modifiers)
        self._mouse("MouseButtonRelease", row, col, button or self.left, modifiers)

    def double_click(self, row, col):
        """Send what Qt sends for two quick clicks: the second press is a double click."""
        self.click(row, col)
        self._mouse("MouseButtonDblClick", row, col, self.left, None)
        self._mouse("MouseButtonRelease", row, col, self.left, None)

    def drag(self, *places, button=None, modifiers=None):
        """Press at the first place, move along the others, and release at the last."""
        button = button or self.left
        screen = [self.screen(row, col) for row, col in places]
        self._mouse_at("MouseButtonPress", screen[0], button, modifiers)
        for place in screen[1:]:
            self._mouse_at("MouseMove", place, button, modifiers)
        self._mouse_at("MouseButtonRelease", screen[-1], button, modifiers)

    def move(self, row, col, button=None):
        """Move without pressing anything."""
        self._mouse("MouseMove", row, col, button or self.no_button, None)

    def key(self, key, modifiers=None, text=""):
        """Press and release a key of the keyboard over the canvas."""
        self.press(key, modifiers, text)
        self.release(key, modifiers)

    def keys(self, *names):
        """Press keys one after the other, named as napari does: ``"X"``, ``"Control-Shift-Z"``."""
        for name in names:
            *held, key = name.split("-")
            modifiers = self.none
            for each in held:
                modifiers = modifiers | getattr(self, each.lower())
            self.key(key, modifiers)

    def press(self, key, modifiers=None, text=""):
        """Press a key and hold it."""
        self._key("KeyPress", key, modifiers, text)

    def release(self, key, modifiers=None):
        """Let go of a key."""
        self._key("KeyRelease", key, modifiers, "")

    def screen(self, row, col):
        """Give the canvas position of a place."""
        from napari_mcn.layers.roles import Role, find

        layer = find(self.viewer, Role.MICROGRAPH)
        world = layer.data_to_world((row, col))
        transform = self.canvas.view.transform * self.canvas.view.scene.transform
        return tuple(float(value) for value in transform.map(world[::-1])[:2])

    def _mouse(self, kind, row, col, button, modifiers):
        self._mouse_at(kind, self.screen(row, col), button, modifiers)

    def _mouse_at(self, kind, place, button, modifiers):
        from qtpy.QtCore import QEvent, QPointF
        from qtpy.QtGui import QMouseEvent
        from qtpy.QtWidgets import QApplication

        point = QPointF(*place)
        held = self.no_button if kind == "MouseButtonRelease" else button
        changed = self.no_button if kind == "MouseMove" else button
        event = QMouseEvent(
            getattr(QEvent.Type, kind), point, point, changed, held, modifiers or self.none
        )
        QApplication.sendEvent(self.native, event)
        settle()

    def _key(self, kind, key, modifiers, text):
        from qtpy.QtCore import QEvent, Qt
        from qtpy.QtGui import QKeyEvent
        from qtpy.QtWidgets import QApplication

        code = getattr(Qt.Key, f"Key_{key}")
        event = QKeyEvent(getattr(QEvent.Type, kind), code, modifiers or self.none, text)
        QApplication.sendEvent(self.native, event)
        settle()


def settle():
    """Let Qt draw and deliver; napari thins mouse moves to one in 5 ms."""
    from qtpy.QtTest import QTest

    QTest.qWait(8)


def open_window():
    """Open a small napari window: software drawing takes its time for every pixel."""
    if not has_display():
        pytest.skip("This test opens a window, and there is no display; use xvfb-run.")
    import napari
    from qtpy.QtTest import QTest

    viewer = napari.Viewer(show=True, show_welcome_screen=False)
    viewer.window._qt_window.resize(900, 600)
    QTest.qWaitForWindowExposed(viewer.window._qt_window)
    settle()
    return viewer


def close_window(viewer):
    """Close a window without asking and without writing settings."""
    with patch.object(viewer.window._qt_window, "_save_current_window_settings"):
        viewer.close()
    settle()
