"""A large laboratory: 300,000 labels of three experts on 100,000 crystals in 50 micrographs."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from napari import Viewer

    from napari_mcn.docks import MicrocrystalDock

EXPERTS, MICROGRAPHS, CRYSTALS, SIDE = ("AY", "BK", "CM"), 50, 2000, 2048
FOLDER = Path(tempfile.gettempdir()) / "napari-mcn-bench-crowd"


def crowd() -> tuple[Path, Path]:
    """Give the project's folder and its mirror; made at the first call, in a few minutes."""
    if not (FOLDER / "done").exists():
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir()
        _outline()
        for expert in EXPERTS:
            _label(expert)
        (FOLDER / "done").touch()
    return FOLDER / "project", FOLDER / "mirror"


def crowd_copy(into: Path) -> tuple[Path, Path]:
    """Give a copy of the project and its mirror: what is decided in it is gone at the next run."""
    folder, mirror = crowd()
    return shutil.copytree(folder, into / "project"), shutil.copytree(mirror, into / "mirror")


@contextmanager
def crowd_window(folder: Path, mirror: Path) -> Iterator[tuple[Viewer, MicrocrystalDock]]:
    """Show the project in a real window, with all its outlines read."""
    import napari
    from qtpy.QtWidgets import QApplication

    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.docks import MicrocrystalDock

    viewer = napari.Viewer()
    dock = MicrocrystalDock(viewer)
    viewer.window.add_dock_widget(dock, area="right")
    store = ProjectStore.open(folder, EXPERTS[0], mirror_root=mirror)
    dock.session.open(store)
    while len(store.state.loaded) < len(store.state.micrographs):
        QApplication.processEvents()
    yield viewer, dock
    dock.close_parts()
    viewer.close()


def _outline() -> None:
    import tifffile

    from microcrystalnet.domain.crystal import MaskSource
    from microcrystalnet.micrographs.reader import describe
    from microcrystalnet.storage.project_store import ProjectStore

    folder, mirror = FOLDER / "project", FOLDER / "mirror"
    store = ProjectStore.create(folder, EXPERTS[0], mirror_root=mirror)
    masks = discs()
    for number in range(MICROGRAPHS):
        path = FOLDER / f"crowd_{number:02}.tif"
        rng = np.random.default_rng(number)
        pixels = np.kron(rng.integers(0, 255, (64, 64), np.uint8), np.ones((32, 32), np.uint8))
        tifffile.imwrite(path, pixels, compression="zlib")
        micrograph = store.add_micrograph(path, describe(path))
        store.put_masks(micrograph.image_id, masks, MaskSource.AUTO)
    store.flush(600)
    store.close()


def discs() -> list[object]:
    """Give 2,000 discs side by side, in rows."""
    from microcrystalnet.domain.mask import Mask

    rows, cols = np.mgrid[:36, :36]
    disc = (rows - 18) ** 2 + (cols - 18) ** 2 < 17**2
    places = [(r, c) for r in range(2, SIDE - 40, 45) for c in range(2, SIDE - 40, 45)][:CRYSTALS]
    return [Mask.from_pixels(disc, row, col) for row, col in places]


def _label(expert: str) -> None:
    from microcrystalnet.domain.label import Answer
    from microcrystalnet.storage.project_store import ProjectStore

    folder, mirror = FOLDER / "project", FOLDER / "mirror"
    store = ProjectStore.open(folder, expert, mirror_root=mirror)
    codes = store.state.scheme.codes
    rng = np.random.default_rng(EXPERTS.index(expert))
    for image_id in store.state.micrographs:
        for crystal_id in store.state.crystals(image_id):
            store.label(crystal_id, Answer(codes[int(rng.integers(len(codes)))]))
        store.flush(600)
    store.close(600)
