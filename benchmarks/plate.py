"""The plate with 2,000 crystals: laying it out, scrolling it, and one key for fifty crystals."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks.crowd import CRYSTALS, EXPERTS, crowd
from benchmarks.figures import Figure, ms

if TYPE_CHECKING:
    from napari_mcn.panels.plate import Plate

SCREENS, AT_ONCE = 100, 50


def measure() -> list[Figure]:
    """Show the plate in a real window, scroll through it, and label on it."""
    import napari
    from qtpy.QtTest import QTest

    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.docks import MicrocrystalDock

    folder, mirror = crowd()
    viewer = napari.Viewer()
    dock = MicrocrystalDock(viewer)
    viewer.window.add_dock_widget(dock, area="right")
    dock.session.open(ProjectStore.open(folder, EXPERTS[0], mirror_root=mirror))
    dock.go_to("Label")
    start = time.perf_counter()
    dock.labelling.panel.buttons["Plate"].click()
    dock.repaint()
    shown = time.perf_counter() - start
    QTest.qWait(8000)  # until the look-alikes have found each other
    plate = dock.labelling.many.plate
    figures = [
        Figure(f"plate of {CRYSTALS:,} crystals shown", f"{shown * 1000:.0f} ms"),
        Figure("another part of the plate cut out and drawn", ms(_scroll(plate))),
        Figure(f"label key to {AT_ONCE} crystals of the plate recoloured", ms(_label(plate))),
    ]
    dock.close_parts()
    viewer.close()
    return figures


def _scroll(plate: Plate) -> list[float]:
    from qtpy.QtWidgets import QApplication

    QApplication.processEvents()
    bar, spent = plate.verticalScrollBar(), []
    for step in range(SCREENS):
        start = time.perf_counter()
        bar.setValue(step * bar.maximum() // SCREENS)
        QApplication.processEvents()
        spent.append(time.perf_counter() - start)
    return spent


def _label(plate: Plate) -> list[float]:
    from qtpy.QtCore import Qt
    from qtpy.QtTest import QTest
    from qtpy.QtWidgets import QApplication

    keys, spent = [each.key for each in plate.items], []
    for first in range(0, 20 * AT_ONCE, AT_ONCE):
        plate.select(keys[first : first + AT_ONCE])
        start = time.perf_counter()
        QTest.keyClick(plate, Qt.Key.Key_1 + first // AT_ONCE % 4)
        QApplication.processEvents()
        spent.append(time.perf_counter() - start)
    return spent
