"""Reads and imports labels of spreadsheets, in a child process: a file may be large or hostile."""

from pathlib import Path

from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.spreadsheets.bring_in import Imported, import_labels, preview_import
from microcrystalnet.spreadsheets.preview import Preview
from microcrystalnet.spreadsheets.sources import ImportRequest
from microcrystalnet.spreadsheets.table import read_table


class LabelTables:
    """What the page for importing labels asks for."""

    METHODS = frozenset({"columns", "preview", "import_labels"})

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
