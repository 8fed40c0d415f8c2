"""A project with 300,000 labels: opening it, and label key to durable line and next crystal."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks.crowd import CRYSTALS, EXPERTS, SIDE, crowd
from benchmarks.figures import Figure, ms

if TYPE_CHECKING:
    from napari.qt import QtViewer

    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.docks import MicrocrystalDock

KEYS = 120
WHERE = f"{CRYSTALS:,} crystals in view, {SIDE} x {SIDE}, 300,000 labels in the project"


def measure() -> list[Figure]:
    """Open the project in a real window, and press keys on a real canvas."""
    import napari

    from napari_mcn.docks import MicrocrystalDock

    crowd()  # made before the clock runs
    viewer = napari.Viewer()
    dock = MicrocrystalDock(viewer)
    viewer.window.add_dock_widget(dock, area="right")
    store, opened, counted = _open(dock)
    shown, durable = _press(dock, viewer.window._qt_viewer, store)
    dock.close_parts()
    viewer.close()
    return [
        Figure(
            "a project with 300,000 labels of 3 experts on 100,000 crystals open, window drawn",
            f"{opened:.2f} s",
            "3 s",
            f"{counted:.2f} s until all 50 micrographs are counted",
        ),
        Figure(f"label key to recolour and next crystal in view; {WHERE}", ms(shown[20:])),
        Figure(f"label key to durable line and recolour; {WHERE}", ms(durable[20:]), "p95 50 ms"),
    ]


def _open(dock: MicrocrystalDock) -> tuple[ProjectStore, float, float]:
    from qtpy.QtWidgets import QApplication

    from microcrystalnet.storage.project_store import ProjectStore

    folder, mirror = crowd()
    QApplication.processEvents()
    start = time.perf_counter()
    store = ProjectStore.open(folder, EXPERTS[0], mirror_root=mirror)
    dock.session.open(store)
    dock.repaint()
    opened = time.perf_counter() - start
    while len(store.state.loaded) < len(store.state.micrographs):
        QApplication.processEvents()
    return store, opened, time.perf_counter() - start


def _press(
    dock: MicrocrystalDock, window: QtViewer, store: ProjectStore
) -> tuple[list[float], list[float]]:
    from qtpy.QtCore import Qt
    from qtpy.QtTest import QTest
    from qtpy.QtWidgets import QApplication

    dock.go_to("Label")
    dock.labelling.label.next()
    canvas = window.canvas.native
    QTest.qWait(1000)
    shown, durable = [], []
    for press in range(KEYS):
        start = time.perf_counter()
        QTest.keyClick(canvas, Qt.Key.Key_1 + press % 4)
        canvas.repaint()
        QApplication.processEvents()
        shown.append(time.perf_counter() - start)
        while store.pending().unsaved:
            time.sleep(0.0005)
        durable.append(time.perf_counter() - start)
    return shown, durable
