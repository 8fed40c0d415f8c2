"""Deciding disputes in a project with 300,000 labels: opening the answers, and key by key."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks.crowd import EXPERTS, crowd
from benchmarks.figures import Figure, ms
from benchmarks.labelling import WHERE

if TYPE_CHECKING:
    from napari.qt import QtViewer

    from napari_mcn.docks import MicrocrystalDock

KEYS = 60


def measure() -> list[Figure]:
    """Open everyone's answers in a real window, and decide on a real canvas."""
    import napari

    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.docks import MicrocrystalDock

    folder, mirror = crowd()
    viewer = napari.Viewer()
    dock = MicrocrystalDock(viewer)
    viewer.window.add_dock_widget(dock, area="right")
    dock.session.open(ProjectStore.open(folder, EXPERTS[0], mirror_root=mirror))
    opened = _open_answers(dock)
    decided = _press(dock, viewer.window._qt_viewer)
    dock.close_parts()
    viewer.close()
    return [
        Figure("everyone's answers open, and the queue of disputes in order", f"{opened:.2f} s"),
        Figure(f"key to decision, recolour and next dispute in view; {WHERE}", ms(decided[10:])),
    ]


def _open_answers(dock: MicrocrystalDock) -> float:
    dock.go_to("Consensus")
    start = time.perf_counter()
    dock.experts.consensus.reveal()
    opened = time.perf_counter() - start
    sitting = dock.experts.disputes.sitting
    sitting.buttons[EXPERTS[1]].setChecked(True)
    sitting.begin_button.click()
    dock.experts.consensus.next_disagreement()
    return opened


def _press(dock: MicrocrystalDock, window: QtViewer) -> list[float]:
    from qtpy.QtCore import Qt
    from qtpy.QtTest import QTest
    from qtpy.QtWidgets import QApplication

    canvas = window.canvas.native
    QTest.qWait(1000)
    spent: list[float] = []
    while len(spent) < KEYS:
        image_id, start = dock.session.image_id, time.perf_counter()
        QTest.keyClick(canvas, Qt.Key.Key_1)
        dock.experts.disputes.decision.reason_given.emit("measured")
        canvas.repaint()
        QApplication.processEvents()
        if dock.session.image_id == image_id:  # another micrograph takes its own time
            spent.append(time.perf_counter() - start)
    return spent
