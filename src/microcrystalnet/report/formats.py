"""What a project can be exported as, by name."""

from collections.abc import Mapping
from functools import partial

from microcrystalnet.report import export, export_images, export_outlines
from microcrystalnet.report.whole import Writer, write_whole

_PARTS: Mapping[str, Writer] = {
    "csv": export.export_csv,
    "xlsx": export.export_xlsx,
    "labels": export.export_labels,
    "ome-tiff": export_images.export_ome,
    "coco": export_outlines.export_coco,
    "geojson": export_outlines.export_geojson,
    "imagej": export_outlines.export_imagej,
    "crops": export_images.export_crops,
}

# Each writes all of its files or none.
WRITERS: Mapping[str, Writer] = {
    name: partial(write_whole, writer) for name, writer in _PARTS.items()
}
