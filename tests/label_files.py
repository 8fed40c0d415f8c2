"""Label files as the source team lays them out, and a project with crystals to match them with."""

from pathlib import Path

import numpy as np
import tifffile

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.mask import Mask
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.storage.project_store import ProjectStore

HEADER = "Label No.,Class,Sec-class,Ter-class,Edges,Corners,Pitted,Ledges,Comments"
PLACES = ((10, 10), (10, 100), (100, 10), (100, 200))
HEIGHT, WIDTH = 30, 34


def pixels() -> np.ndarray:
    """Give the grey levels of the micrograph: noise, so that no two places look alike."""
    return np.random.default_rng(0).integers(1, 255, (200, 300), np.uint8)


def project(tmp_path: Path, name: str = "S1") -> tuple[ProjectStore, list[str]]:
    """Make AY's project with one micrograph and four crystals; gives it and their ids in order."""
    path = tmp_path / f"{name}.tif"
    tifffile.imwrite(path, pixels())
    store = ProjectStore.create(tmp_path / "project", "AY", mirror_root=tmp_path / "mirror")
    image_id = store.add_micrograph(path, describe(path)).image_id
    masks = [Mask.from_pixels(np.ones((HEIGHT, WIDTH)), *place) for place in PLACES]
    crystals = store.put_masks(image_id, masks, MaskSource.AUTO)
    store.flush()
    return store, [each.crystal_id for each in crystals]


def source_file(
    tmp_path: Path, *rows: str, expert: str = "Issac", header: str = HEADER, name: str = "S1"
) -> Path:
    """Write ``<name>/<name>_<expert>.csv`` with Windows line ends, as spreadsheets do."""
    return written(tmp_path / name / f"{name}_{expert}.csv", header, *rows)


def written(path: Path, *lines: str, codec: str = "utf-8") -> Path:
    """Write lines of a table."""
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(codec))
    return path


def crop(tmp_path: Path, number: int, place: int, name: str = "S1") -> None:
    """Write the crop of one of the crystals, a little larger than its outline."""
    folder = tmp_path / name / "_Non-uniform"
    folder.mkdir(exist_ok=True, parents=True)
    row, col = PLACES[place]
    cut = pixels()[row - 2 : row + HEIGHT + 3, col - 1 : col + WIDTH]
    tifffile.imwrite(folder / f"{name}_{number}.tif", cut)
