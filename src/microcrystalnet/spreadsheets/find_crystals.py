"""Chooses how the rows about one micrograph find their crystals, and reads what that needs."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.errors import LabelTableError, MicroCrystalError, UnreadableFileError
from microcrystalnet.imaging.instances import from_labels, label_values
from microcrystalnet.micrographs.label_image import read_labels
from microcrystalnet.micrographs.reader import read_pixels
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.spreadsheets import matching
from microcrystalnet.spreadsheets.matching import BY_CROP, BY_ID, BY_LABELS, BY_NUMBER, Match
from microcrystalnet.spreadsheets.source_team import crop_files
from microcrystalnet.spreadsheets.sources import AUTO
from microcrystalnet.spreadsheets.statements import Source
from microcrystalnet.storage.open_project import OpenProject

WAYS = (AUTO, BY_CROP, BY_LABELS, BY_NUMBER, BY_ID)


def find_crystals(
    store: OpenProject,
    micrograph: Micrograph,
    source: Source,
    names: Sequence[str],
    *,
    way: str,
    report: Report = ignore_progress,
) -> Match:
    """Find the crystals of a micrograph that a file's names stand for.

    By themselves the ids of this program are known, crops are looked for on the micrograph, a
    label image is laid over the outlines, and where there is none of these, the numbers are the
    order of the crystals.

    Raises
    ------
    LabelTableError
        If there is no such way, or what it needs is not there.
    """
    crystals = store.state.crystals(micrograph.image_id)
    chosen = _way(source, names, way, crystals)
    if chosen == BY_ID:
        return matching.by_id(names, crystals)
    if chosen == BY_NUMBER or not crystals:
        return matching.by_number(names, crystals)
    report(Progress(0, 0, f"Looking for the crystals of {micrograph.file_name}"))
    if chosen == BY_LABELS:
        return matching.by_masks(_masks(source.path, names), crystals)
    pixels = read_pixels(store.image_path(micrograph.image_id))
    return matching.by_crops(_crops(source.path, names), crystals, pixels)


def _way(source: Source, names: Sequence[str], way: str, crystals: Mapping[str, object]) -> str:
    if way not in WAYS:
        raise LabelTableError(
            f"Rows cannot be matched by “{way}”; choose one of {', '.join(WAYS)}."
        )
    if way != AUTO:
        return way
    if any(name.upper() in crystals for name in names):
        return BY_ID
    if crop_files(source.path).keys() & set(names):
        return BY_CROP
    return BY_NUMBER if matching.label_image_of(source.path) is None else BY_LABELS


def _masks(table: Path, names: Sequence[str]) -> dict[str, Mask]:
    path = matching.label_image_of(table)
    if path is None:
        raise LabelTableError(
            f"There is no label image beside {table.name}; put {table.parent.name}_labels.tif "
            "there, or match by number."
        )
    try:
        labels = read_labels(path)
        numbered = zip(map(str, label_values(labels)), from_labels(labels), strict=True)
        wanted = frozenset(names)
        return {name: mask for name, mask in numbered if name in wanted}
    except MicroCrystalError as problem:
        raise LabelTableError(str(problem)) from problem


def _crops(table: Path, names: Sequence[str]) -> dict[str, NDArray[np.generic]]:
    """Read the crops that can be read; a damaged one leaves its row unmatched."""
    found = {}
    files = crop_files(table)
    for name in names:
        try:
            if name in files:
                found[name] = read_pixels(files[name])
        except UnreadableFileError:
            continue
    return found
