"""The gallery with 2,000 crystals of 50 micrographs, beside a plain list of ready-made pictures."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks.crowd import CRYSTALS, EXPERTS, MICROGRAPHS, crowd
from benchmarks.figures import Figure, ms

if TYPE_CHECKING:
    from qtpy.QtWidgets import QAbstractScrollArea

    from napari_mcn.docks import MicrocrystalDock

SCREENS, FLIGHTS = 200, 40


def measure() -> list[Figure]:
    """Open the gallery in a real window, scroll it while its pictures come, and fly."""
    import napari

    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.docks import MicrocrystalDock

    folder, mirror = crowd()
    viewer = napari.Viewer()
    dock = MicrocrystalDock(viewer)
    viewer.window.add_dock_widget(dock, area="right")
    dock.session.open(ProjectStore.open(folder, EXPERTS[0], mirror_root=mirror))
    state = dock.session.project.state
    each = CRYSTALS // MICROGRAPHS
    chosen = [crystal for image in state.micrographs for crystal in state.crystal_ids(image)[:each]]
    state_read = _seconds(lambda: dock.session.project.votes(reveal=False))
    opened = _seconds(lambda: (dock.open_gallery("Bench", chosen), dock.repaint()))
    again = _seconds(lambda: (dock.open_gallery("Bench", chosen), dock.repaint()))
    scrolled = _scroll(dock.reviewing.page.plate)
    here, there = _fly(dock, chosen)
    plain_opened, plain_scrolled = _plain(dock, chosen)
    dock.close_parts()
    viewer.close()
    beside = f"all pictures cut first: {plain_opened * 1000:.0f} ms"
    longest = f"longest {max(scrolled) * 1000:.0f} ms, {ms(scrolled)}"
    plain = f"longest {max(plain_scrolled) * 1000:.0f} ms, {ms(plain_scrolled)}"
    return [
        Figure("300,000 labels read before", f"{state_read * 1000:.0f} ms"),
        Figure(
            f"gallery of {CRYSTALS:,} crystals opened", f"{opened * 1000:.0f} ms", "1 s", beside
        ),
        Figure("the same opened again", f"{again * 1000:.0f} ms", "1 s"),
        Figure("a step of scrolling while pictures come", longest, "50 ms", plain),
        Figure("flight to a crystal of this micrograph", ms(here), "100 ms"),
        Figure("flight to another micrograph of 2,000 crystals", ms(there), "100 ms"),
    ]


def _seconds(work: object) -> float:
    start = time.perf_counter()
    work()  # type: ignore[operator]  # a callable without arguments
    return time.perf_counter() - start


def _scroll(area: QAbstractScrollArea) -> list[float]:
    from qtpy.QtTest import QTest
    from qtpy.QtWidgets import QApplication

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

    gallery, each, times = dock.reviewing.gallery, CRYSTALS // MICROGRAPHS, ([], [])
    dock.reviewing.gallery.fly_to(chosen[0])
    ways = (chosen[1 : 1 + FLIGHTS], chosen[each : each * 11 : each])
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
