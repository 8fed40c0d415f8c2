"""A zip of a project as it is now, also while others work on it."""

import zipfile
from contextlib import suppress
from pathlib import Path

from microcrystalnet.errors import ProjectError
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.storage import files, header
from microcrystalnet.storage.layout import parse_journal
from microcrystalnet.storage.merge import project_files
from microcrystalnet.storage.replica import committed


def snapshot(folder: Path, target: Path, report: Report = ignore_progress) -> int:
    """Write a zip that `merge` can read, and give the number of files in it.

    Raises
    ------
    ProjectError
        If the folder is not a project, the target exists, or the disk refuses.
    """
    header.read(folder)
    if target.exists():
        raise ProjectError(f"{target} exists already; choose another name for the snapshot.")
    part = target.with_name(f".{target.name}.part")
    names = project_files(folder)
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as packed:
            for done, name in enumerate(names, 1):
                _pack(packed, folder / name, name)
                report(Progress(done, len(names), name))
        files.keep(part, target)
    except OSError as error:
        raise ProjectError(
            f"The snapshot {target} cannot be written ({error.strerror or error}); "
            "choose a folder with enough room."
        ) from error
    finally:
        with suppress(OSError):  # the drive that went away has it still
            part.unlink(missing_ok=True)
    return len(names)


def _pack(packed: zipfile.ZipFile, path: Path, name: str) -> None:
    if parse_journal(name) is not None:
        packed.writestr(name, committed(path.read_bytes()))
    else:
        packed.write(path, name)
