"""The sample project: copied to where the user may change it, then opened."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from microcrystalnet.own_folders import data_folder, found_in
from microcrystalnet.synth.sample import copy_sample

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from napari.types import LayerData


def sample_folder() -> AbstractContextManager[Path]:
    """Give the folder of the sample data that came with the program; do not write into it."""
    return as_file(files("napari_mcn.sample_data").joinpath(""))


def sample_copy(folder: Path | None = None) -> Path:
    """Give the user's own copy of the sample project, made anew where there is none.

    Parameters
    ----------
    folder : Path, optional
        Where it shall lie; by default in the user's data folder.
    """
    target = folder or found_in(data_folder(), "sample-project")
    if not (target / "project.json").exists():
        with sample_folder() as source:
            copy_sample(source / "project", target)
    return target


def open_sample() -> list[LayerData]:
    """Give napari's *File > Open Sample* the first sample micrograph with its crystals."""
    from microcrystalnet.imaging.instances import to_labels
    from microcrystalnet.micrographs.reader import read_pixels
    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.layers.roles import placement

    store = ProjectStore.open(sample_copy(), "guest")
    try:
        image_id, micrograph = next(iter(store.state.micrographs.items()))
        masks = [crystal.mask for crystal in store.state.crystals(image_id).values()]
        labels = to_labels(masks, (micrograph.height, micrograph.width))
        placed = placement(micrograph)
        pixels = read_pixels(store.image_path(image_id))
        return [
            (pixels, {"name": micrograph.file_name, **placed}, "image"),
            (labels, {"name": "crystals", **placed}, "labels"),
        ]
    finally:
        store.close()
