"""Click to map in the real window, and explaining all crystals of a micrograph."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.figures import Figure, ms

if TYPE_CHECKING:
    from napari_mcn.docks import MicrocrystalDock

CRYSTALS, SIDE, CLICKS, RADIUS = 180, 2048, 40, 60


def make_project(folder: Path) -> Path:
    """Make a project of one 2048 x 2048 micrograph, 180 crystals and the paper's network."""
    import tifffile

    from microcrystalnet.domain.crystal import MaskSource
    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.micrographs.reader import describe
    from microcrystalnet.storage.project_store import ProjectStore

    path = folder / "crowded.tif"
    tifffile.imwrite(path, np.random.default_rng(0).integers(0, 255, (SIDE, SIDE), np.uint8))
    rows, cols = np.mgrid[: 2 * RADIUS, : 2 * RADIUS] - RADIUS
    disc = np.hypot(rows, cols) < RADIUS
    step = 2 * RADIUS + 20
    corners = [(r, c) for r in range(5, SIDE - step, step) for c in range(5, SIDE - step, step)]
    store = ProjectStore.create(folder / "project", "bench", mirror_root=folder / "mirror")
    micrograph = store.add_micrograph(path, describe(path))
    masks = [Mask.from_pixels(disc, row, col) for row, col in corners[:CRYSTALS]]
    store.put_masks(micrograph.image_id, masks, MaskSource.AUTO)
    _, place = store.new_model_folder()
    write_model(place)
    store.flush(60)
    store.close()
    return folder / "project"


def write_model(place: Path) -> None:
    """Write the paper's network with random weights: how long it takes does not depend on them."""
    from microcrystalnet.domain.scheme import FOUR_CLASSES
    from microcrystalnet.learning.dataset import CropRecipe
    from microcrystalnet.learning.model_folder import save
    from microcrystalnet.learning.networks.paper import paper
    from microcrystalnet.learning.networks.shapes import weight_shapes
    from microcrystalnet.learning.records import ModelCard

    network = paper(64, 4, components=512, sparsity=0.3, dropout=0.5)
    generator = np.random.default_rng(0)
    weights = {
        name: np.abs(generator.normal(0, 0.05, shape)).astype(np.float32) + 0.01
        for name, shape in weight_shapes(network).items()
    }
    codes = FOUR_CLASSES.codes
    card = ModelCard(1, "2026", network, codes, FOUR_CLASSES, CropRecipe(), 1.0, "a benchmark")
    save(place, card, weights)


def measure() -> list[Figure]:
    """Click on crystals of a real canvas until their maps are painted; explain all; SmoothGrad."""
    import napari
    from qtpy.QtTest import QTest

    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.docks import MicrocrystalDock

    with tempfile.TemporaryDirectory() as name:
        folder = make_project(Path(name))
        viewer = napari.Viewer()
        viewer.window._qt_window.resize(1366, 740)
        dock = MicrocrystalDock(viewer)
        viewer.window.add_dock_widget(dock, area="right")
        store = ProjectStore.open(folder, "bench", mirror_root=Path(name) / "mirror")
        dock.session.open(store)
        dock.go_to("Explain")
        QTest.qWait(20_000)  # the model loads
        clicks = [_click(dock, each) for each in list(dock.session.crystals)[: CLICKS + 5]][5:]
        everything = [_everything(dock) for _ in range(3)]
        dock.explaining.inquiry.ask(method="smoothgrad")
        QTest.qWait(1000)
        smooth = [_click(dock, each) for each in list(dock.session.crystals)[:12]][2:]
        dock.close_parts()
        viewer.close()
    where = f"{CRYSTALS} crystals, {SIDE} x {SIDE}, `paper`"
    return [
        Figure(f"click on a crystal to its saliency painted; {where}", ms(clicks), "150 ms"),
        Figure(f"saliency of all crystals, from button to overlay; {where}", ms(everything), "5 s"),
        Figure("click on a crystal to its SmoothGrad, 25 samples, painted", ms(smooth), "1 s"),
    ]


def _click(dock: MicrocrystalDock, crystal_id: str) -> float:
    """Do what a click on a crystal does, and wait until its map is on the screen."""
    from qtpy.QtTest import QTest
    from qtpy.QtWidgets import QApplication

    exhibit = dock.explaining.exhibit
    before = exhibit.shown
    start = time.perf_counter()
    dock.canvas.crystal_clicked.emit(crystal_id)
    while exhibit.shown is before:
        QApplication.processEvents()
    dock.canvas.viewer.window._qt_viewer.canvas.native.repaint()
    spent = time.perf_counter() - start
    QTest.qWait(100)
    return spent


def _everything(dock: MicrocrystalDock) -> float:
    """Press All crystals and wait for the overlay."""
    from qtpy.QtTest import QTest
    from qtpy.QtWidgets import QApplication

    explaining = dock.explaining
    start = time.perf_counter()
    explaining.panel.why.all_button.click()
    while explaining.exhibit.shown is None or explaining.exhibit.shown.frame is not None:
        QApplication.processEvents()
    dock.canvas.viewer.window._qt_viewer.canvas.native.repaint()
    spent = time.perf_counter() - start
    explaining.panel.why.selected_button.click()
    QTest.qWait(1000)
    return spent
