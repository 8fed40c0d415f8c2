"""Writes exports, reports and snapshots in a child process: they read every micrograph."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.storage.project_store import ProjectStore


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose project is to be published: they see in it what they may see in the window.

    ``mirror_root`` is where this computer keeps copies of journals.
    """

    project: Path
    expert: str
    mirror_root: Path


class Publisher:
    """What the Export page asks for."""

    METHODS = frozenset({"export", "write_report", "snapshot"})

    def export(
        self,
        desk: Desk,
        formats: Sequence[str],
        folder: Path,
        image_id: str | None = None,
        report: Report = ignore_progress,
    ) -> int:
        """Write a project, or one micrograph of it, in several formats; give the number of files.

        See `formats.write_formats`.
        """
        from microcrystalnet.report.formats import write_formats

        only = None if image_id is None else frozenset({image_id})
        with _opened(desk) as store:
            return len(write_formats(formats, store, folder, report, only))

    def write_report(self, desk: Desk, path: Path, report: Report = ignore_progress) -> int:
        """Write the report of a project, and give its size in bytes; see `html.write_report`."""
        from microcrystalnet.report.html import write_report

        with _opened(desk) as store:
            write_report(store, path, report)
        return path.stat().st_size

    def snapshot(self, desk: Desk, target: Path, report: Report = ignore_progress) -> int:
        """Write a zip of a project, and give the number of files in it; see `snapshot`."""
        from microcrystalnet.storage.snapshot import snapshot

        with _opened(desk):  # carries over what only this computer has
            pass
        return snapshot(desk.project, target, report)


@contextmanager
def _opened(desk: Desk) -> Iterator[ProjectStore]:
    store = ProjectStore.open(desk.project, desk.expert, mirror_root=desk.mirror_root)
    try:
        yield store
    finally:
        store.close()
