"""Results of many files that are there all or not at all."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.report.facts import Only
from microcrystalnet.report.files import (
    OutputError,
    cannot_write,
    make_folder,
    require_folder,
    require_place,
)
from microcrystalnet.storage.project_store import ProjectStore

Writer = Callable[[ProjectStore, Path, Report, Only], list[Path]]
_ASIDE = ".aside"  # in the hidden folder: what is replaced, until all is in its place


def write_whole(
    writer: Writer,
    store: ProjectStore,
    folder: Path,
    report: Report = ignore_progress,
    only: Only = None,
) -> list[Path]:
    """Let a writer fill a folder; see `staged`.

    Raises
    ------
    OutputError
        If the folder cannot be made or written to.
    """
    with staged(folder) as stage:
        written = [path.relative_to(stage) for path in writer(store, stage, report, only)]
    return [folder / each for each in written]


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Give a hidden folder to fill, and move its files to where they belong when all is done.

    Files of the same names are replaced. Whatever ends it early, a full disk, a file that may not
    be replaced or a Cancel, leaves ``folder`` as it was; former files that cannot be put back, as
    the disk is gone, stay in the hidden folder.

    Raises
    ------
    OutputError
        If the folder cannot be made or written to.
    """
    require_folder(folder, probe=False)
    made = _outermost_missing(folder)
    try:
        make_folder(folder)
        stage = _hidden(folder)
        try:
            yield stage
            _place(stage, folder)
        except OutputError as problem:
            raise OutputError(str(problem).replace(str(stage), str(folder))) from problem
        finally:
            if not any((stage / _ASIDE).glob("*")):  # else former files could not be put back
                shutil.rmtree(stage, ignore_errors=True)
    except BaseException:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)
        raise


def _hidden(folder: Path) -> Path:
    try:
        return Path(tempfile.mkdtemp(dir=folder, prefix=".", suffix=".part"))
    except OSError as problem:
        raise cannot_write(folder, problem) from problem


def _place(stage: Path, folder: Path) -> None:
    """Move what was staged to where it belongs; nothing moves before every place is seen free."""
    names = sorted(path.relative_to(stage) for path in stage.rglob("*") if path.is_file())
    for parent in sorted({(folder / name).parent for name in names} - {folder}):
        if parent.exists():
            require_folder(parent)
    for name in names:
        require_place(folder / name, probe=False)
    moves = _Moves(stage / _ASIDE)
    try:
        for name in names:
            moves.put(stage / name, folder / name)
    except BaseException as problem:
        if left := moves.take_back():
            raise OutputError(
                f"{problem} {len(left)} former files, such as {left[0]}, could not be put back; "
                f"they lie in {stage.name}/{_ASIDE} there."
            ) from problem
        raise
    shutil.rmtree(stage / _ASIDE, ignore_errors=True)


class _Moves:
    """Files on their way, each of which can go back to where it was."""

    def __init__(self, aside: Path) -> None:
        self._aside = aside
        self._folders: list[Path] = []
        self._files: list[tuple[Path, Path | None]] = []  # what was placed, and what it replaced

    def put(self, source: Path, target: Path) -> None:
        """Move a file to its place, and what is there out of the way."""
        try:
            self._make(target.parent)
            former = self._set_aside(target) if target.exists() else None
            self._files.append((target, former))
            source.replace(target)
        except OSError as problem:
            raise cannot_write(target, problem) from problem

    def take_back(self) -> list[str]:
        """Put everything back as before the first move; name former files where that fails."""
        left = [target.name for target, former in reversed(self._files) if _stays(target, former)]
        for folder in reversed(self._folders):
            with suppress(OSError):
                folder.rmdir()
        return left

    def _set_aside(self, target: Path) -> Path:
        self._aside.mkdir(exist_ok=True)
        former = self._aside / str(len(self._files))
        target.replace(former)
        return former

    def _make(self, folder: Path) -> None:
        for each in (*reversed(folder.parents), folder):
            if not each.exists():
                each.mkdir()
                self._folders.append(each)


def _stays(target: Path, former: Path | None) -> bool:
    """Put a former file back to its place, and say whether it could not be."""
    try:
        target.unlink(missing_ok=True)
        if former is not None:
            former.replace(target)
    except OSError:
        return former is not None
    return False


def _outermost_missing(folder: Path) -> Path | None:
    """Give the outermost of the folders that have to be made, or None."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    return missing[-1] if missing else None
