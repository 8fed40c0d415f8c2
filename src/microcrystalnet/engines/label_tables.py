"""Reads and imports labels of spreadsheets, in a child process: a file may be large or hostile."""

from pathlib import Path

from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.spreadsheets.bring_in import Imported, import_labels, preview_import, take_back
from microcrystalnet.spreadsheets.export_source import write_back
from microcrystalnet.spreadsheets.preview import Preview
from microcrystalnet.spreadsheets.sources import ImportRequest
from microcrystalnet.spreadsheets.table import read_table


class LabelTables:
    """What the page for importing labels asks for."""

    METHODS = frozenset({"columns", "preview", "import_labels", "take_back", "write_back"})

    def columns(self, path: Path, report: Report = ignore_progress) -> tuple[str, ...]:
        """Give the columns of a table, so that a person can say which is which."""
        return read_table(path).columns

    def preview(
        self, project: Path, request: ImportRequest, report: Report = ignore_progress
    ) -> Preview:
        """Say what an import would do; see `bring_in.preview_import`."""
        return preview_import(project, request, report)

    def import_labels(
        self, project: Path, request: ImportRequest, report: Report = ignore_progress
    ) -> Imported:
        """Import labels; see `bring_in.import_labels`."""
        return import_labels(project, request, report)

    def take_back(
        self, project: Path, request: ImportRequest, report: Report = ignore_progress
    ) -> int:
        """Take the labels of an import back; see `bring_in.take_back`."""
        return take_back(project, request, report)

    def write_back(
        self, project: Path, folder: Path, expert: str, report: Report = ignore_progress
    ) -> tuple[list[Path], list[str]]:
        """Write the source team's files with what was edited; see `export_source.write_back`."""
        return write_back(project, folder, report, expert=expert)
