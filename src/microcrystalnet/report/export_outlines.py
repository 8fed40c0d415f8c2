"""Writes a project's outlines for COCO tools, QuPath and ImageJ."""

import json
from pathlib import Path

from microcrystalnet.interchange import coco, geojson, imagej
from microcrystalnet.interchange.outline import Outline
from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.report import outlined
from microcrystalnet.report.drawn import Drawn, Sheet, gather_outlines
from microcrystalnet.report.facts import Only
from microcrystalnet.report.files import make_folder, write_atomically
from microcrystalnet.report.plain_text import readable
from microcrystalnet.storage.project_store import ProjectStore

UNSETTLED = "unsettled"  # COCO's category of crystals without a settled class


def export_coco(
    store: ProjectStore, folder: Path, report: Report = ignore_progress, only: Only = None
) -> list[Path]:
    """Write ``coco.json``: every micrograph, run-length masks, the classes as categories.

    Retired classes are categories too, as crystals may be settled as one.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    codes = (*(each.code for each in store.state.scheme.known), UNSETTLED)
    numbers = {code: number for number, code in enumerate(codes, 1)}
    images: list[dict[str, object]] = []
    annotations: list[dict[str, object]] = []
    for sheet in gather_outlines(store, report, only):
        images.append(_coco_image(sheet, len(images) + 1))
        size = sheet.micrograph.height, sheet.micrograph.width
        for each in sheet.crystals:
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": len(images),
                    "category_id": numbers[each.cls or UNSETTLED],
                    **coco.annotation(each.crystal.mask, *size),
                    "attributes": _attributes(each),
                }
            )
    content = {
        "info": {"description": f"Crystals of the project {store.folder.resolve().name}"},
        "images": images,
        "categories": [{"id": numbers[code], "name": code} for code in codes],
        "annotations": annotations,
    }
    return [_write(folder / "coco.json", json.dumps(content).encode())]


def export_geojson(
    store: ProjectStore, folder: Path, report: Report = ignore_progress, only: Only = None
) -> list[Path]:
    """Write ``<stem>.geojson`` for each micrograph, to be dropped on it in QuPath.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    written = []
    for sheet in gather_outlines(store, report, only):
        features = [
            geojson.feature(
                each.outline, each.crystal.crystal_id, colour=each.colour, measurements={}
            )
            for each in sheet.crystals
        ]
        content = {"type": "FeatureCollection", "features": features}
        written.append(_write(folder / f"{sheet.stem}.geojson", json.dumps(content).encode()))
    return written


def export_imagej(
    store: ProjectStore, folder: Path, report: Report = ignore_progress, only: Only = None
) -> list[Path]:
    """Write ``<stem>_RoiSet.zip`` for each micrograph, for ImageJ's ROI Manager.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    return [
        _write(
            folder / f"{sheet.stem}_RoiSet.zip",
            imagej.write([(_named(each), each.colour) for each in sheet.crystals]),
        )
        for sheet in gather_outlines(store, report, only)
    ]


def _attributes(each: Drawn) -> dict[str, object]:
    said = dict(zip(outlined.COLUMNS, outlined.cells(each.crystal), strict=True))
    return {"crystal": each.crystal.crystal_id, "number": each.number, **said}


def _named(each: Drawn) -> Outline:
    """Give regions names of one length, so that the ROI Manager sorts them as we do."""
    outline = each.outline
    return Outline(outline.mask, f"{each.number:05d}", outline.cls)


def _coco_image(sheet: Sheet, number: int) -> dict[str, object]:
    known = sheet.micrograph
    size = known.pixel_size
    return {
        "id": number,
        "file_name": readable(known.file_name),
        "height": known.height,
        "width": known.width,
        "pixel_size_um": None if size is None else [size.row_um, size.col_um],
        "scale_source": known.scale_source.value,
        "tilt_corrected_deg": known.tilt_corrected,
        "sha256_20": known.image_id,
    }


def _write(path: Path, content: bytes) -> Path:
    make_folder(path.parent)
    write_atomically(path, content)
    return path
