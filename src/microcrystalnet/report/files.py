"""Writing a result so that it is there whole or not at all."""

from pathlib import Path

from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.storage import files


class OutputError(MicroCrystalError):
    """A result cannot be written where the user asked."""


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there.

    Raises
    ------
    OutputError
        If the folder cannot be written to; a file of that name stays as it was.
    """
    try:
        files.replace(path, content)
    except OSError as problem:
        raise OutputError(
            f"{path} cannot be written ({problem.strerror}); choose another place or free space."
        ) from problem


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
