"""Flying to crystals of other micrographs: never seen before, read ahead, and seen a moment ago."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import tifffile

from benchmarks.figures import Figure, ms
from benchmarks.scenes import scene_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from napari_mcn.docks import MicrocrystalDock

MICROGRAPHS, SETTLING_MS, AIM = 24, 300, "100 ms"


def measure() -> list[Figure]:
    """Fly between micrographs of 2048 x 2048 with 180 crystals in a real window, all painted."""
    import napari

    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.docks import MicrocrystalDock

    with TemporaryDirectory() as home:
        folder = _laboratory(Path(home))
        viewer = napari.Viewer()
        viewer.window._qt_window.resize(1366, 768)
        dock = MicrocrystalDock(viewer)
        viewer.window.add_dock_widget(dock, area="right")
        dock.session.open(ProjectStore.open(folder, "AY", mirror_root=folder.parent))
        figures = _measure(dock)
        dock.close_parts()
        viewer.close()
    return figures


def _laboratory(home: Path) -> Path:
    """Make a project of 24 micrographs of one scene, labelled.

    Every other one is compressed, every third one at another scale.
    """
    from microcrystalnet.domain.crystal import MaskSource
    from microcrystalnet.domain.label import Answer
    from microcrystalnet.micrographs.reader import describe
    from microcrystalnet.storage.project_store import ProjectStore

    scene, rng = scene_of(180), np.random.default_rng(0)
    store = ProjectStore.create(home / "project", "AY", mirror_root=home)
    for number in range(MICROGRAPHS):
        path = home / f"chip_{number:02}.tif"
        pixels = np.roll(scene.pixels, number, axis=1)  # other bytes, so that none is the same file
        tifffile.imwrite(path, pixels, compression="zlib" if number % 2 else None)
        header = scene.path.with_suffix(".txt").read_text()
        twice = header.replace("MICRON_MARKER ", "MICRON_MARKER 2") if number % 3 == 2 else header
        path.with_suffix(".txt").write_text(twice)
        image_id = store.add_micrograph(path, describe(path)).image_id
        crystals = store.put_masks(image_id, scene.masks, MaskSource.AUTO)
        codes = rng.choice(store.state.scheme.codes, len(crystals))
        named = zip(crystals, codes, strict=True)
        store.label_many({each.crystal_id: Answer(str(cls)) for each, cls in named})
    store.close(600)
    return home / "project"


def _measure(dock: MicrocrystalDock) -> list[Figure]:
    import psutil

    state, gallery, process = dock.session.project.state, dock.reviewing.gallery, psutil.Process()
    crystals = [list(state.crystals(each))[7] for each in state.micrographs]
    dock.open_gallery("Bench", [each for i in state.micrographs for each in state.crystals(i)])
    gallery.fly_to(crystals[0])
    _settle(3000)  # until the gallery's first pictures are cut
    before = process.memory_info().rss
    far = [crystals[each] for each in (6, 10, 14, 18, 22, 8, 12, 16, 20, 4)]
    zipped = [crystals[each] for each in (7, 11, 15, 19, 23, 9, 13, 17, 21, 5)]
    pair = crystals[:2] * 10
    cold, packed = _times(gallery.fly_to, far), _times(gallery.fly_to, zipped)
    expected = _times(dock.session.show, list(state.micrographs))
    dock.session.show(state.crystal(pair[0]).image_id)
    back = _times(gallery.fly_to, pair)
    scales = _times(gallery.fly_to, crystals[1:3] * 10)
    grown = (process.memory_info().rss - before) / 2**20
    return [
        _figure("flight to another micrograph, never seen, plain TIFF", cold),
        _figure("the same, compressed TIFF", packed),
        _figure("there and back between two micrographs", back),
        _figure("there and back between two scales", scales),
        _figure("next micrograph by N, read ahead", expected[1:]),
        Figure("memory after all of that, above that before", f"{grown:.0f} MB"),
    ]


def _figure(what: str, spent: list[tuple[float, float]]) -> Figure:
    walls, works = zip(*spent, strict=True)
    return Figure(what, ms(walls), AIM, f"work of the window's thread: {ms(works)}")


def _times(go: Callable[[str], object], places: Sequence[str]) -> list[tuple[float, float]]:
    """Give the seconds until each place is painted, and those the window's thread worked.

    They differ by the waiting for a processor on a machine that does other work too.
    """
    from qtpy.QtWidgets import QApplication

    spent = []
    for place in places:
        start, worked = time.perf_counter(), time.thread_time()
        go(place)
        QApplication.processEvents()
        spent.append((time.perf_counter() - start, time.thread_time() - worked))
        _settle(SETTLING_MS)
    return spent


def _settle(wait_ms: int) -> None:
    """Look at what is shown, as whoever flies does before flying on."""
    from qtpy.QtTest import QTest

    QTest.qWait(wait_ms)
