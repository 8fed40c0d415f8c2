"""Results of many files that are there all or not at all."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.report.facts import Only
from microcrystalnet.report.files import OutputError, make_folder
from microcrystalnet.storage.project_store import ProjectStore

Writer = Callable[[ProjectStore, Path, Report, Only], list[Path]]


def write_whole(
    writer: Writer,
    store: ProjectStore,
    folder: Path,
    report: Report = ignore_progress,
    only: Only = None,
) -> list[Path]:
    """Let a writer fill a hidden folder, and move its files to where they belong when all is done.

    Files of the same names are replaced. Whatever ends the writer early, a full disk or a Cancel,
    leaves ``folder`` as it was.

    Raises
    ------
    OutputError
        If the folder cannot be made or written to.
    """
    made = _outermost_missing(folder)
    make_folder(folder)
    try:
        return _stage(writer, store, folder, report, only)
    except BaseException:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)
        raise


def _stage(
    writer: Writer, store: ProjectStore, folder: Path, report: Report, only: Only
) -> list[Path]:
    try:
        stage = Path(tempfile.mkdtemp(dir=folder, prefix=".", suffix=".part"))
    except OSError as problem:
        raise _refusal(folder, problem) from problem
    try:
        written = [path.relative_to(stage) for path in writer(store, stage, report, only)]
        for each in written:
            _move(stage / each, folder / each)
    except OutputError as problem:
        raise OutputError(str(problem).replace(str(stage), str(folder))) from problem
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return [folder / each for each in written]


def _move(staged: Path, target: Path) -> None:
    make_folder(target.parent)
    try:
        staged.replace(target)
    except OSError as problem:
        raise _refusal(target, problem) from problem


def _refusal(path: Path, problem: OSError) -> OutputError:
    return OutputError(
        f"{path} cannot be written ({problem.strerror}); choose another place or free space."
    )


def _outermost_missing(folder: Path) -> Path | None:
    """Give the outermost of the folders that have to be made, or None."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    return missing[-1] if missing else None
