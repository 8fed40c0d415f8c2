"""Writes label images with their scale, and every crystal as a picture of its own."""

import io
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.imaging.instances import to_labels
from microcrystalnet.micrographs.reader import read_pixels
from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.report import csv_file, outlined
from microcrystalnet.report.drawn import Drawn, Sheet, gather_outlines
from microcrystalnet.report.facts import Only
from microcrystalnet.report.files import make_folder, write_atomically
from microcrystalnet.report.label_tiff import label_tiff
from microcrystalnet.report.plain_text import readable
from microcrystalnet.storage.project_store import ProjectStore

LABEL_COLUMNS = ("image", "label_image", "label", "crystal", "class")
CROP_COLUMNS = ("path", "image", "label", "crystal", "number", "row0", "col0", "row1", "col1")


def export_labels(
    store: ProjectStore, folder: Path, report: Report = ignore_progress, only: Only = None
) -> list[Path]:
    """Write ``<stem>_labels.tif`` (uint32, with its scale) per micrograph, and ``labels.csv``.

    The table tells which crystal, and which settled class, a number stands for. Where crystals
    overlap the one in front shows.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    written: list[Path] = []
    rows: list[tuple[object, ...]] = []
    for sheet in gather_outlines(store, report, only):
        known = sheet.micrograph
        path = folder / f"{sheet.stem}_labels.tif"
        write_atomically(path, label_tiff(_labels(sheet), known.pixel_size))
        rows.extend(
            (known.file_name, path.name, each.number, each.crystal.crystal_id, each.cls)
            for each in sheet.crystals
        )
        written.append(path)
    csv_file.write(folder / "labels.csv", LABEL_COLUMNS, rows)
    return [*written, folder / "labels.csv"]


def export_ome(
    store: ProjectStore, folder: Path, report: Report = ignore_progress, only: Only = None
) -> list[Path]:
    """Write ``<stem>_labels.ome.tif`` (uint32) for each micrograph, with its pixel size.

    Format: OME-TIFF 2016-06. Where crystals overlap the one in front shows.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    make_folder(folder)
    written = []
    for sheet in gather_outlines(store, report, only, classes=False):
        path = folder / f"{sheet.stem}_labels.ome.tif"
        write_atomically(path, _ome(_labels(sheet), sheet.micrograph))
        written.append(path)
    return written


def export_crops(
    store: ProjectStore, folder: Path, report: Report = ignore_progress, only: Only = None
) -> list[Path]:
    """Write each crystal's recorded pixels, as the source team keeps them, and ``crops.csv``.

    The files are ``<stem>/_Non-uniform/<stem>_<number>.tif``, cut at the bounding box; where each
    comes from stands in its image description and in the table, which `mcn train` takes.

    Raises
    ------
    OutputError
        If a file cannot be written.
    UnreadableFileError
        If a micrograph cannot be read.
    """
    rows: list[tuple[object, ...]] = []
    for sheet in gather_outlines(store, report, only):
        pixels = read_pixels(store.image_path(sheet.micrograph.image_id))
        make_folder(folder / sheet.stem / "_Non-uniform")
        for each in sheet.crystals:
            name = _path(sheet.stem, each.number)
            write_atomically(folder / name, _crop(pixels, each, sheet.micrograph))
            box = each.crystal.mask.region
            place = (box.row0, box.col0, box.row1, box.col1)
            known = (name, sheet.micrograph.file_name, each.cls, each.crystal.crystal_id)
            rows.append((*known, each.number, *place))
    make_folder(folder)
    csv_file.write(folder / "crops.csv", CROP_COLUMNS, rows)
    return [*(folder / str(row[0]) for row in rows), folder / "crops.csv"]


def _path(stem: str, number: int) -> str:
    """Give a path that no spreadsheet takes for a formula, so that it needs no apostrophe."""
    path = f"{stem}/_Non-uniform/{stem}_{number}.tif"
    return f"./{path}" if csv_file.is_dangerous(path) else path


def _labels(sheet: Sheet) -> NDArray[np.uint32]:
    """Paint the crystals' numbers, those in front last."""
    painted = sorted(sheet.crystals, key=lambda each: each.crystal.z)
    shape = (sheet.micrograph.height, sheet.micrograph.width)
    labels = to_labels([each.crystal.mask for each in painted], shape)
    numbered: NDArray[np.uint32] = np.array([0, *(each.number for each in painted)], np.uint32)[
        labels
    ]
    return numbered


def _ome(labels: NDArray[np.uint32], known: Micrograph) -> bytes:
    import tifffile

    about: dict[str, object] = {"axes": "YX", "Name": readable(known.file_name)}
    if known.pixel_size is not None:
        about |= {"PhysicalSizeX": known.pixel_size.col_um, "PhysicalSizeXUnit": "µm"}
        about |= {"PhysicalSizeY": known.pixel_size.row_um, "PhysicalSizeYUnit": "µm"}
    file = io.BytesIO()
    tifffile.imwrite(file, labels, ome=True, compression="zlib", metadata=about)
    return file.getvalue()


def _crop(pixels: NDArray[np.generic], each: Drawn, known: Micrograph) -> bytes:
    import tifffile

    box, size = each.crystal.mask.region, known.pixel_size
    about = {
        "micrograph": readable(known.file_name),
        "sha256_20": known.image_id,
        **({"page": known.page} if known.page else {}),
        "crystal": each.crystal.crystal_id,
        "class": each.cls or None,
        "box": [box.row0, box.col0, box.row1, box.col1],
        **dict(zip(outlined.COLUMNS, outlined.cells(each.crystal), strict=True)),
        "pixel_size_um": None if size is None else [size.row_um, size.col_um],
    }
    file = io.BytesIO()
    part = np.ascontiguousarray(pixels[each.crystal.mask.slices])
    text = json.dumps(about)  # ASCII, as the tag asks for
    tifffile.imwrite(file, part, photometric="minisblack", description=text, metadata=None)
    return file.getvalue()
