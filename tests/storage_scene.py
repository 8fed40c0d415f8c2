"""A small project for the tests of the storage: one micrograph, round crystals."""

import hashlib
from pathlib import Path

import numpy as np

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph, Region
from microcrystalnet.storage.project_store import ProjectStore

BYTES = b"the bytes of a micrograph"
IMAGE = hashlib.sha256(BYTES).hexdigest()[:20]
MICROGRAPH = Micrograph(IMAGE, "scene.tif", 512, 512, "uint8", Region(0, 0, 480, 512))


def disc(row: int = 100, col: int = 100, radius: int = 20) -> Mask:
    """Give a round mask whose bounding box begins at (row, col)."""
    rows, cols = np.mgrid[: 2 * radius, : 2 * radius] - radius + 0.5
    return Mask.from_pixels(rows**2 + cols**2 < radius**2, row, col)


def create(tmp_path: Path, actor: str = "AY", name: str = "project") -> ProjectStore:
    """Make a project that holds one micrograph."""
    store = ProjectStore.create(tmp_path / name, actor, mirror_root=tmp_path / "mirror")
    source = tmp_path / "scene.tif"
    source.write_bytes(BYTES)
    store.add_micrograph(source, MICROGRAPH)
    return store


def reopen(store: ProjectStore, actor: str | None = None, mirror: str = "mirror") -> ProjectStore:
    """Close a project and open it again, as the same expert unless told otherwise."""
    store.close()
    root = store.folder.parent / mirror
    return ProjectStore.open(store.folder, actor or store.actor, mirror_root=root)


def outline(store: ProjectStore, row: int = 100, col: int = 100) -> str:
    """Outline a crystal and give its id."""
    return store.put_mask(IMAGE, disc(row, col), MaskSource.MANUAL).crystal_id
