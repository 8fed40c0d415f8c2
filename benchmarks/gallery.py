"""The gallery with 2,000 crystals of 50 micrographs, beside a plain list of ready-made pictures."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.crowd import CRYSTALS, EXPERTS, MICROGRAPHS, SIDE, discs
from benchmarks.figures import Figure, ms

if TYPE_CHECKING:
    from qtpy.QtWidgets import QAbstractScrollArea

    from napari_mcn.docks import MicrocrystalDock

EACH, SCREENS, FLIGHTS = 40, 200, 39


def measure() -> list[Figure]:
    """Open the gallery in a real window, scroll it while its pictures come, and fly."""
    import napari

    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.docks import MicrocrystalDock

    with TemporaryDirectory() as home:
        folder = _laboratory(Path(home))
        viewer = napari.Viewer()
        dock = MicrocrystalDock(viewer)
        viewer.window.add_dock_widget(dock, area="right")
        dock.session.open(ProjectStore.open(folder, EXPERTS[0], mirror_root=folder.parent))
        figures = _measure(dock)
        dock.close_parts()
        viewer.close()
    return figures


def _laboratory(home: Path) -> Path:
    """Make a project of 50 micrographs, 40 crystals on each, labelled by three experts."""
    import tifffile

    from microcrystalnet.domain.crystal import MaskSource
    from microcrystalnet.domain.label import Answer
    from microcrystalnet.micrographs.reader import describe
    from microcrystalnet.storage.project_store import ProjectStore

    store = ProjectStore.create(home / "project", EXPERTS[0], mirror_root=home)
    rng, masks = np.random.default_rng(0), discs()[:: CRYSTALS // EACH]
    for number in range(MICROGRAPHS):
        path = home / f"chip_{number:02}.tif"
        tifffile.imwrite(path, rng.integers(0, 255, (SIDE, SIDE), np.uint8))
        store.put_masks(store.add_micrograph(path, describe(path)).image_id, masks, MaskSource.AUTO)
    everything = [i for image in store.state.micrographs for i in store.state.crystal_ids(image)]
    for expert in EXPERTS:
        store.become(expert)
        codes = rng.choice(store.state.scheme.codes, len(everything))
        store.label_many(
            {each: Answer(str(cls)) for each, cls in zip(everything, codes, strict=True)}
        )
    store.close(600)
    return home / "project"


def _measure(dock: MicrocrystalDock) -> list[Figure]:
    state = dock.session.project.state
    chosen = [crystal for image in state.micrographs for crystal in state.crystal_ids(image)]
    opened = _open(dock, chosen)
    scrolled = _scroll(dock.reviewing.page.plate)
    here, there = _fly(dock, chosen)
    plain_opened, plain_scrolled = _plain(dock, chosen)
    beside = f"all pictures cut first: {plain_opened * 1000:.0f} ms"
    longest = f"longest {max(scrolled) * 1000:.0f} ms, {ms(scrolled)}"
    plain = f"longest {max(plain_scrolled) * 1000:.0f} ms, {ms(plain_scrolled)}"
    return [
        Figure(
            f"gallery of {len(chosen):,} crystals on {MICROGRAPHS} micrographs opened",
            f"{opened * 1000:.0f} ms",
            "1 s",
            beside,
        ),
        Figure("a step of scrolling while pictures come", longest, "50 ms", plain),
        Figure("flight to a crystal of this micrograph", ms(here), "100 ms"),
        Figure("flight to another micrograph", ms(there), "100 ms"),
    ]


def _open(dock: MicrocrystalDock, chosen: list[str]) -> float:
    """Give the seconds until all crystals are there; the window answers meanwhile."""
    from qtpy.QtWidgets import QApplication

    start = time.perf_counter()
    dock.open_gallery("Bench", chosen)
    while len(dock.reviewing.page.plate.items) < len(chosen):
        QApplication.processEvents()
    dock.repaint()
    return time.perf_counter() - start


def _scroll(area: QAbstractScrollArea) -> list[float]:
    from qtpy.QtTest import QTest
    from qtpy.QtWidgets import QApplication

    QApplication.processEvents()  # the window has drawn itself
    bar, spent = area.verticalScrollBar(), []
    for step in range(SCREENS):
        start = time.perf_counter()
        bar.setValue(step * bar.maximum() // SCREENS)
        QApplication.processEvents()
        spent.append(time.perf_counter() - start)
        QTest.qWait(10)  # as between two turns of a wheel; pictures come meanwhile
    return spent


def _fly(dock: MicrocrystalDock, chosen: list[str]) -> tuple[list[float], list[float]]:
    """Fly from crystal to crystal, on the micrograph in view and from one to the next."""
    from qtpy.QtWidgets import QApplication

    gallery, times = dock.reviewing.gallery, ([], [])
    dock.reviewing.gallery.fly_to(chosen[0])
    ways = (chosen[1 : 1 + FLIGHTS], chosen[EACH : EACH * 11 : EACH])
    for spent, targets in zip(times, ways, strict=True):
        for target in targets:
            start = time.perf_counter()
            gallery.fly_to(target)
            QApplication.processEvents()
            spent.append(time.perf_counter() - start)
    return times


def _plain(dock: MicrocrystalDock, chosen: list[str]) -> tuple[float, list[float]]:
    """Do what a first attempt would: a list widget with every picture made beforehand."""
    from qtpy.QtCore import QSize
    from qtpy.QtGui import QIcon
    from qtpy.QtWidgets import QListWidget, QListWidgetItem

    from microcrystalnet.imaging.contrast import to_uint8
    from microcrystalnet.micrographs.reader import read_pixels
    from napari_mcn.panels.plate import SIDE, as_pixmap
    from napari_mcn.plate_picture import plate_picture

    store, plain, pixels = dock.session.project, QListWidget(), {}
    start = time.perf_counter()
    plain.setViewMode(QListWidget.ViewMode.IconMode)
    plain.setIconSize(QSize(SIDE, SIDE))
    for crystal_id in chosen:
        crystal = store.state.crystal(crystal_id)
        if crystal.image_id not in pixels:
            pixels[crystal.image_id] = to_uint8(read_pixels(store.image_path(crystal.image_id)))
        picture = plate_picture(crystal.mask, pixels[crystal.image_id], 48)
        plain.addItem(QListWidgetItem(QIcon(as_pixmap(picture, SIDE)), ""))
    plain.resize(dock.reviewing.page.plate.size())
    plain.show()
    plain.repaint()
    opened = time.perf_counter() - start
    scrolled = _scroll(plain)
    plain.close()
    return opened, scrolled
