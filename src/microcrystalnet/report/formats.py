"""What a project can be exported as, by name."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.report import export, export_answers, export_images, export_outlines
from microcrystalnet.report.facts import Only
from microcrystalnet.report.files import require_results_folder
from microcrystalnet.report.whole import write_whole
from microcrystalnet.storage.project_store import ProjectStore


class Writer(Protocol):
    """Writes a project, or ``only`` some of its micrographs, into a folder; gives the files."""

    def __call__(
        self,
        store: ProjectStore,
        folder: Path,
        report: Report = ignore_progress,
        only: Only = None,
    ) -> list[Path]:
        """Write."""


WRITERS: Mapping[str, Writer] = {
    "csv": export.export_csv,
    "xlsx": export.export_xlsx,
    "answers": export_answers.export_answers,
    "labels": export_images.export_labels,
    "ome-tiff": export_images.export_ome,
    "coco": export_outlines.export_coco,
    "geojson": export_outlines.export_geojson,
    "imagej": export_outlines.export_imagej,
    "crops": export_images.export_crops,
}


def write_formats(
    names: Sequence[str],
    store: ProjectStore,
    folder: Path,
    report: Report = ignore_progress,
    only: Only = None,
) -> list[Path]:
    """Write a project in some of `WRITERS`: all files of all formats, or none.

    Raises
    ------
    OutputError
        If a file cannot be written, or the folder is that of a project or a model.
    UnreadableFileError
        If a micrograph cannot be read whose pixels are wanted.
    """
    require_results_folder(folder)

    def write(store: ProjectStore, stage: Path, report: Report, only: Only) -> list[Path]:
        return [path for name in names for path in WRITERS[name](store, stage, report, only)]

    return write_whole(write, store, folder, report, only)
