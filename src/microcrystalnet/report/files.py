"""Writing a result so that it is there whole or not at all."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.learning.model_folder import CARD
from microcrystalnet.storage import files
from microcrystalnet.storage.layout import PROJECT_FILE


class OutputError(MicroCrystalError):
    """A result cannot be written where the user asked."""


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there; folders it needs are made.

    Raises
    ------
    OutputError
        If the folder cannot be written to, or the place is taken by something that is no ordinary
        file; everything stays as it was.
    """
    require_place(path, probe=False)
    missing = [each for each in path.parents if not each.exists()]
    try:
        files.replace(path, content)
    except OSError as problem:
        with suppress(OSError):
            for each in missing:
                each.rmdir()
        raise cannot_write(path, problem) from problem


def require_place(path: Path, *, probe: bool = True) -> None:
    """Make sure that a file can be written at a place, before it is worked out for minutes.

    Parameters
    ----------
    path
        Where the file is to be; folders may be missing.
    probe
        Whether its folder is tried as well, by making a file in it.

    Raises
    ------
    OutputError
        If it cannot.
    """
    try:
        _require_free(path)
    except OSError as problem:
        raise cannot_write(path, problem) from problem
    _require_room(path, path.absolute().parents, probe)


def require_folder(folder: Path, *, probe: bool = True) -> None:
    """Make sure that files can be written into a folder, which may be missing; see `require_place`.

    Raises
    ------
    OutputError
        If they cannot.
    """
    whole = folder.absolute()
    _require_room(folder, (whole, *whole.parents), probe)


def _require_room(path: Path, folders: Sequence[Path], probe: bool) -> None:
    """Refuse a path if the first of ``folders`` that is there takes no file, or none is."""
    try:
        there = next((each for each in folders if each.exists()), None)
    except OSError as problem:
        raise cannot_write(path, problem) from problem
    if there is None:
        raise OutputError(
            f"{path} cannot be written (there is no {folders[-1]}); choose another place."
        )
    if not there.is_dir():
        raise OutputError(f"{path} cannot be written ({there} is a file); choose another place.")
    if probe and not files.writable(there):
        raise OutputError(
            f"{path} cannot be written (its folder is read-only or full); choose another place or "
            "free space."
        )


def require_results_folder(folder: Path) -> None:
    """Refuse to strew results among the files of a project or a model.

    Raises
    ------
    OutputError
        If the folder is that of a project or a model.
    """
    for name, kind in ((PROJECT_FILE, "project"), (CARD, "model")):
        if (folder / name).exists():
            raise OutputError(
                f"{folder} is the folder of a {kind}; choose another one, "
                "so that results do not mix with its files."
            )


def _require_free(path: Path) -> None:
    if path.is_dir():
        raise OutputError(f"{path} is a folder; choose another name for the file.")
    if path.exists() and not path.is_file():
        raise OutputError(f"{path} is not an ordinary file; choose another place.")


def cannot_write(path: Path, problem: OSError) -> OutputError:
    """Say in a sentence that something cannot be written, and why."""
    return OutputError(
        f"{path} cannot be written ({problem.strerror}); choose another place or free space."
    )


def make_folder(folder: Path) -> None:
    """Make a folder for results, and its parents.

    Raises
    ------
    OutputError
        If it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise OutputError(
            f"The folder {folder} cannot be made ({problem.strerror}); choose another place."
        ) from problem
