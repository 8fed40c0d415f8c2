"""What a project can be exported as, by name."""

from collections.abc import Callable
from pathlib import Path

from microcrystalnet.progress import Report
from microcrystalnet.report import export, export_images, export_outlines
from microcrystalnet.storage.project_store import ProjectStore

Writer = Callable[[ProjectStore, Path, Report], list[Path]]

WRITERS: dict[str, Writer] = {
    "csv": export.export_csv,
    "xlsx": export.export_xlsx,
    "labels": export.export_labels,
    "ome-tiff": export_images.export_ome,
    "coco": export_outlines.export_coco,
    "geojson": export_outlines.export_geojson,
    "imagej": export_outlines.export_imagej,
    "crops": export_images.export_crops,
}
