"""Outlines to compare with: those of a label image, or of another project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from microcrystalnet.errors import MaskError
from microcrystalnet.micrographs.label_image import read_masks
from microcrystalnet.storage.open_project import OpenProject

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.domain.micrograph import Micrograph

NOBODY = "reader"  # has no labels, which would be read for nothing


@dataclass(frozen=True, slots=True)
class Reference:
    """The masks to compare with, of one micrograph, and what they are called."""

    image_id: str
    masks: Sequence[Mask]
    name: str


def of_label_image(path: Path, shown: Micrograph) -> Reference:
    """Read the crystals of a label image of a micrograph.

    Raises
    ------
    UnreadableFileError, MaskError
        As `read_masks`.
    """
    return Reference(shown.image_id, read_masks(path, (shown.height, shown.width)), path.name)


def of_project(folder: Path, shown: Micrograph) -> Reference:
    """Read what another project holds on the same image file; it may take seconds.

    Raises
    ------
    ProjectError
        If the folder is no project, or cannot be read.
    MaskError
        If it has no crystal on this micrograph.
    """
    other = OpenProject.open(folder, NOBODY)
    try:
        known = other.state.micrographs
        crystals = other.state.crystals(shown.image_id) if shown.image_id in known else {}
        masks = [each.mask for each in crystals.values()]
    finally:
        other.close()
    if not masks:
        raise MaskError(
            f"The project {folder.name} has no crystal on {shown.file_name}; choose one in "
            "which the very same image file was outlined."
        )
    return Reference(shown.image_id, masks, folder.name)
