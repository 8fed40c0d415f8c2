"""Deciding disputes in a project with 300,000 labels: opening the answers, and key by key."""

from __future__ import annotations

import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.crowd import EXPERTS, crowd_copy, crowd_window
from benchmarks.figures import Figure, ms
from benchmarks.labelling import WHERE
from benchmarks.pauses import Pauses

if TYPE_CHECKING:
    from napari.qt import QtViewer

    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.docks import MicrocrystalDock

PRESSES = 60
KEYS = {
    "G": "G to the next dispute in view",
    "1": "digit key to decision, recolour and next dispute in view",
    "Q": "Q to objection and the crystal's page brought up to date",
}


def measure() -> list[Figure]:
    """Open everyone's answers in a real window, and decide on a real canvas."""
    with tempfile.TemporaryDirectory() as folder:
        return _measure(*crowd_copy(Path(folder)))


def _measure(folder: Path, mirror: Path) -> list[Figure]:
    with crowd_window(folder, mirror) as (viewer, dock):
        opened = _open_answers(dock)
        pressed = _press(dock, viewer.window._qt_viewer, dock.session.project)
        compared = _compare(dock)
    return [
        _opening("everyone's answers open, and the queue of disputes in order", opened),
        *(
            Figure(
                f"{KEYS[key]}; {WHERE}",
                ms([each.shown for each in presses[10:]]),
                "p95 50 ms",
                f"durable {ms([each.durable for each in presses[10:]])}; "
                f"processor time {ms([each.cpu for each in presses[10:]])}",
            )
            for key, presses in pressed.items()
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


@dataclass(frozen=True, slots=True)
class Press:
    """Seconds until it is seen, until it is on the disk, and the processor's part of the first."""

    shown: float
    durable: float
    cpu: float


def _press(dock: MicrocrystalDock, window: QtViewer, store: ProjectStore) -> dict[str, list[Press]]:
    """Press each key in turn."""
    from qtpy.QtTest import QTest

    QTest.qWait(1000)
    spent: dict[str, list[Press]] = {key: [] for key in KEYS}
    while len(spent["1"]) < PRESSES:
        for key, presses in spent.items():
            image_id, press = dock.session.image_id, _time(dock, window, store, key)
            if dock.session.image_id == image_id:  # another micrograph takes its own time
                presses.append(press)
    return spent


def _time(dock: MicrocrystalDock, window: QtViewer, store: ProjectStore, key: str) -> Press:
    from qtpy.QtCore import Qt
    from qtpy.QtTest import QTest
    from qtpy.QtWidgets import QApplication

    canvas = window.canvas.native
    start, cpu = time.perf_counter(), time.thread_time()
    QTest.keyClick(canvas, getattr(Qt.Key, f"Key_{key}"))
    dock.experts.disputes.decision.reason_given.emit("measured")
    canvas.repaint()
    QApplication.processEvents()
    shown, cpu = time.perf_counter() - start, time.thread_time() - cpu
    while store.pending().unsaved:
        time.sleep(0.0005)
    return Press(shown, time.perf_counter() - start, cpu)
