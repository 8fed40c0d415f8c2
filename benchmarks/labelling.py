"""Label key to recolour, and to a durable line, with 2,000 crystals in view."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.figures import Figure, ms

CRYSTALS, SIDE, KEYS = 2000, 2048, 120


def crowded_project(folder: Path) -> Path:
    """Make a project with one 2048 x 2048 micrograph and 2,000 round crystals."""
    import tifffile

    from microcrystalnet.domain.crystal import MaskSource
    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.micrographs.reader import describe
    from microcrystalnet.storage.project_store import ProjectStore

    path = folder / "crowded.tif"
    rng = np.random.default_rng(0)
    tifffile.imwrite(path, rng.integers(0, 255, (SIDE, SIDE), np.uint8))
    rows, cols = np.mgrid[:36, :36]
    disc = (rows - 18) ** 2 + (cols - 18) ** 2 < 17**2
    places = [(r, c) for r in range(2, SIDE - 40, 45) for c in range(2, SIDE - 40, 45)][:CRYSTALS]
    store = ProjectStore.create(folder / "project", "bench", mirror_root=folder / "mirror")
    micrograph = store.add_micrograph(path, describe(path))
    masks = [Mask.from_pixels(disc, row, col) for row, col in places]
    store.put_masks(micrograph.image_id, masks, MaskSource.AUTO)
    store.flush(60)
    store.close()
    return folder / "project"


def measure() -> list[Figure]:
    """Press keys on a real canvas and wait for the paint and for the disk."""
    import napari
    from qtpy.QtCore import Qt
    from qtpy.QtTest import QTest
    from qtpy.QtWidgets import QApplication

    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.docks import MicrocrystalDock

    with tempfile.TemporaryDirectory() as name:
        folder = crowded_project(Path(name))
        viewer = napari.Viewer()
        dock = MicrocrystalDock(viewer)
        viewer.window.add_dock_widget(dock, area="right")
        store = ProjectStore.open(folder, "bench", mirror_root=Path(name) / "mirror")
        dock.session.open(store)
        dock.go_to("Label")
        dock.labelling.label.next()
        canvas = viewer.window._qt_viewer.canvas.native
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
        dock.close_parts()
        viewer.close()
    where = f"{CRYSTALS:,} crystals, {SIDE} x {SIDE}"
    return [
        Figure(f"label key to recolour and next crystal in view; {where}", ms(shown[20:])),
        Figure(f"label key to durable line and recolour; {where}", ms(durable[20:]), "p95 50 ms"),
    ]
