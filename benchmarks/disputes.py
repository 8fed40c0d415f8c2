"""Deciding disputes in a project with 300,000 labels: opening the answers, and key by key."""

from __future__ import annotations

import resource
import time
from typing import TYPE_CHECKING

from benchmarks.crowd import EXPERTS, crowd
from benchmarks.figures import Figure, ms
from benchmarks.labelling import WHERE
from benchmarks.pauses import Pauses

if TYPE_CHECKING:
    from napari.qt import QtViewer

    from napari_mcn.docks import MicrocrystalDock

KEYS = 60


def measure() -> list[Figure]:
    """Open everyone's answers in a real window, and decide on a real canvas."""
    import napari
    from qtpy.QtWidgets import QApplication

    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.docks import MicrocrystalDock

    folder, mirror = crowd()
    viewer = napari.Viewer()
    dock = MicrocrystalDock(viewer)
    viewer.window.add_dock_widget(dock, area="right")
    store = ProjectStore.open(folder, EXPERTS[0], mirror_root=mirror)
    dock.session.open(store)
    while len(store.state.loaded) < len(store.state.micrographs):
        QApplication.processEvents()
    opened = _open_answers(dock)
    decided = _press(dock, viewer.window._qt_viewer)
    compared = _compare(dock)
    dock.close_parts()
    viewer.close()
    return [
        _opening("everyone's answers open, and the queue of disputes in order", opened),
        Figure(
            f"key to decision, recolour and next dispute in view; {WHERE}",
            ms(decided[10:]),
            "p95 50 ms",
        ),
        _opening("how far the experts agree on 100,000 crystals", compared),
        Figure("memory of the window with all that open", f"{_memory_mb():,.0f} MB"),
    ]


def _opening(what: str, pauses: Pauses) -> Figure:
    """Say how long it took and how long the window did not answer, with the CPU's part of it."""
    total = f"{pauses.total:.1f} s ({pauses.total_cpu:.1f} s CPU)"
    longest = f"longest pause {ms([pauses.longest])}, {1000 * pauses.longest_cpu:.0f} ms of it CPU"
    return Figure(what, total, "no pause over 100 ms", longest)


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _open_answers(dock: MicrocrystalDock) -> Pauses:
    dock.go_to("Consensus")
    pauses, consensus = Pauses(), dock.experts.consensus
    pauses.begin()
    consensus.reveal()
    pauses.wait_until(lambda: dock.session.answers_open and not consensus.reading)
    sitting = dock.experts.disputes.sitting
    sitting.buttons[EXPERTS[1]].setChecked(True)
    sitting.begin_button.click()
    consensus.next_disagreement()
    return pauses


def _compare(dock: MicrocrystalDock) -> Pauses:
    pauses, agreement = Pauses(), dock.experts.agreement
    pauses.begin()
    dock.experts.panel.buttons["Agreement"].click()
    pauses.wait_until(lambda: agreement.compared)
    return pauses


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
