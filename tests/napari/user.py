"""A small project on the real window, and a user whose keys go where the keyboard is."""

import hashlib
import weakref
from contextlib import contextmanager

import numpy as np
import pytest
import tifffile
from qtpy.QtCore import QEvent, QPoint, Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication
from window_material import NoDialogs, square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.micrograph import PixelSize, ScaleSource
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.storage.project_store import ProjectStore
from napari_mcn.docks import MicrocrystalDock
from napari_mcn.preferences import Preferences

SIDE = 24
PLACES = [(8 + 40 * row, 10 + 40 * col) for row in range(3) for col in range(4)]
STEPS = ("Project", "Segment", "Label", "Consensus", "Model", "Review", "Explain", "Measure")
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier


def draw(path, seed=0):
    """Write a micrograph of bright squares on dark noise."""
    pixels = np.random.default_rng(seed).integers(20, 60, (140, 180), np.uint8)
    for row, col in PLACES:
        pixels[row : row + SIDE, col : col + SIDE] += 120
    tifffile.imwrite(path, pixels)
    return path


def make_project(folder, micrographs=1):
    """Make a calibrated project with its crystals outlined, and close it."""
    store = ProjectStore.create(folder, "AY", mirror_root=folder.parent / "mirror")
    for number in range(micrographs):
        path = draw(folder.parent / f"chip_{number}.tif", number)
        image_id = store.add_micrograph(path, describe(path)).image_id
        store.set_pixel_size(image_id, PixelSize.square(50), ScaleSource.USER)
        masks = [square(*place, SIDE) for place in PLACES]
        store.put_masks(image_id, masks, MaskSource.AUTO)
    store.close()
    return folder


def digest(folder):
    """Say what every file of a folder holds, to see that nothing changed."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@contextmanager
def at_work(viewer, home):
    """Give a function that opens the workbench in a window; what it remembers stays in home."""
    opened = weakref.WeakSet()  # the window holds what is open; what is closed shall go

    def open_one(folder=None):
        preferences = Preferences(home / "preferences.json")
        preferences.expert = "AY"
        dock = MicrocrystalDock(viewer, NoDialogs(), preferences)
        viewer.window.add_dock_widget(dock, name="Microcrystal workbench", area="right")
        opened.add(dock)
        if folder is not None:
            dock.projects.project.open(folder)
        return User(dock)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(home / "data"))
        yield open_one
        for dock in opened:
            dock.close_parts()
            if dock._docked:
                viewer.window.remove_dock_widget(dock)


class User:
    """Presses keys where the keyboard is, and clicks what can be clicked."""

    def __init__(self, dock):
        self.dock, self.session = dock, dock.session
        self.window = dock.canvas.viewer.window._qt_window
        self.canvas = dock.canvas.viewer.window._qt_viewer.canvas.native
        self.window.activateWindow()
        QTest.qWaitForWindowActive(self.window)
        QTest.qWait(8)  # until the page is in the window

    def start_over(self, expert):
        """Come to the desk as somebody new: every crystal as it was, no label, nothing selected."""
        self.session.show(next(iter(self.session.project.state.micrographs)))
        while self.session.project.undo() is not None:
            pass
        self.session.become(expert)
        self.dock.go_to("Project")
        self.dock.outlining.prompt.put_away()
        self.dock.labelling.naming.new_button.setChecked(False)
        self.dock.labelling.naming.new_expert.clear()
        self.session.crystal_id = None
        self.dock.canvas.viewer.reset_view()
        self.canvas.setFocus()
        return self

    @contextmanager
    def holding(self, key):
        """Keep a key down."""
        QTest.keyPress(self.canvas, key)
        yield
        QTest.keyRelease(self.canvas, key)

    def press(self, *keys, modifier=PLAIN):
        """Press keys one after the other, each where the keyboard is then."""
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def type(self, text):
        """Type a text where the keyboard is."""
        QTest.keyClicks(QApplication.focusWidget() or self.window, text)

    def click(self, button):
        """Press a button with the mouse, once it has its place in the window."""
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        assert button.isVisible(), button.text()
        assert button.isEnabled(), button.toolTip()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def go_to(self, step):
        """Click a tab."""
        self.click(self.dock.buttons[step])

    def click_at(self, row, col):
        """Click a place of the micrograph, (row, column) in full-image pixels."""
        QTest.mouseClick(self.canvas, Qt.MouseButton.LeftButton, pos=self.point(row, col))

    def drag(self, *places, held=PLAIN):
        """Drag over the micrograph with the left button, and perhaps with a modifier held."""
        points = [self.point(*place) for place in places]
        left = Qt.MouseButton.LeftButton
        _move(self.canvas, points[0], Qt.MouseButton.NoButton)
        QTest.mousePress(self.canvas, left, held, points[0])
        for point in points[1:]:
            _move(self.canvas, point, left, held)
        QTest.mouseRelease(self.canvas, left, held, points[-1])

    def point(self, row, col):
        """Give where a full-image pixel lies on the canvas."""
        from napari_mcn.layers.roles import Role, find

        viewer = self.dock.canvas.viewer
        world = find(viewer, Role.MICROGRAPH).data_to_world((row, col))
        camera = viewer.scene.camera
        x = self.canvas.width() / 2 + (world[-1] - camera.center[-1]) * camera.zoom
        y = self.canvas.height() / 2 + (world[-2] - camera.center[-2]) * camera.zoom
        return QPoint(round(x), round(y))

    @property
    def answers(self):
        """The classes this expert gave, in the order in which crystals come before experts."""
        state = self.session.project.state
        labels = [state.label(each) for each in self.dock.labelling.label._order]
        return [label.answer.cls for label in labels if label is not None]


def _move(widget, point, button, held=PLAIN):
    """Move with or without a button; napari takes one move in 5 ms and drops the others."""
    from qtpy.QtCore import QEvent, QPointF
    from qtpy.QtGui import QMouseEvent

    QTest.qWait(8)
    place, none = QPointF(point), Qt.MouseButton.NoButton
    QApplication.sendEvent(
        widget, QMouseEvent(QEvent.Type.MouseMove, place, place, none, button, held)
    )
    QTest.qWait(8)
