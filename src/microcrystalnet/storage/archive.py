"""Unpacking a zip of a project without trusting it."""

import errno
import re
import stat
import zipfile
import zlib
from pathlib import Path

from microcrystalnet.errors import ProjectError
from microcrystalnet.storage.layout import PROJECT_FILE, belongs

MAX_MEMBERS = 200_000
MAX_BYTES = 64 * 1024**3
MAX_RATIO = 200  # unpacked to packed, for all members together; ours reach about 20
_FREE = 64 * 1024**2  # bytes that may be unpacked at any ratio
_CHUNK = 1 << 20
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # others may take any memory to unpack


def extract(path: Path, folder: Path) -> Path:
    """Unpack the files of a project's layout into an empty folder, and nothing else.

    Returns
    -------
    Path
        The unpacked project folder.

    Raises
    ------
    ProjectError
        If it is no zip, holds no project, leads out of its folder, or is unreasonably large.
    OSError
        If the disk refuses.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            members = _checked(path, packed)
            budget = _budget(path, members)
            for relative, member in _of_project(path, members):
                budget -= _unpack(packed, member, folder / relative, budget)
                if budget < 0:
                    raise _unsafe(path, "unpacks to far more than it says")
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError) as error:
        raise _unreadable(path, error) from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the beginning of the file
            raise
        raise _unreadable(path, error) from error
    return folder


def _unreadable(path: Path, error: Exception) -> ProjectError:
    return ProjectError(
        f"{path} is not a zip file that can be read ({error}); nothing was merged. "
        "Copy it again, or merge the folder itself."
    )


def _checked(path: Path, packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = [member for member in packed.infolist() if not member.is_dir()]
    if len(members) > MAX_MEMBERS:
        raise _unsafe(path, f"holds {len(members)} files, more than {MAX_MEMBERS}")
    for member in members:
        if _leads_out(member.filename) or stat.S_ISLNK(member.external_attr >> 16):
            raise _unsafe(path, f"holds the name {member.filename!r}, which leads out of it")
    if any(member.compress_type not in _PACKED for member in members):
        raise _unsafe(path, "is packed in a way that this program does not use")
    unpacked = sum(member.file_size for member in members)
    if unpacked > _budget(path, members):
        raise _unsafe(path, f"would unpack to {unpacked / 1024**2:.0f} MiB")
    return members


def _budget(path: Path, members: list[zipfile.ZipInfo]) -> int:
    """Give how many bytes may be unpacked; what a zip says of itself may be a lie."""
    packed = min(path.stat().st_size, sum(member.compress_size for member in members))
    return min(MAX_BYTES, _FREE + MAX_RATIO * packed)


def _leads_out(name: str) -> bool:
    plain = name.replace("\\", "/")
    return ".." in plain.split("/") or bool(re.match(r"/|[A-Za-z]:|.*\0", plain))


def _unsafe(path: Path, reason: str) -> ProjectError:
    return ProjectError(
        f"{path} {reason}; nothing of it was unpacked or kept. "
        "Ask for a snapshot made by this program."
    )


def _of_project(path: Path, members: list[zipfile.ZipInfo]) -> list[tuple[str, zipfile.ZipInfo]]:
    """Give the members of the layout by relative path; a folder may stand around the project."""
    heads = [each.filename for each in members if each.filename.endswith(PROJECT_FILE)]
    tops = {name.removesuffix(PROJECT_FILE) for name in heads}
    tops = {top for top in tops if not top or top.endswith("/")}
    if len(tops) != 1:
        raise ProjectError(
            f"{path} holds {len(tops) or 'no'} projects; one is expected. Nothing was merged."
        )
    top = tops.pop()
    named = [(m.filename.removeprefix(top), m) for m in members if m.filename.startswith(top)]
    found = {relative: member for relative, member in named if belongs(relative)}
    return sorted(found.items())


def _unpack(packed: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, budget: int) -> int:
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with packed.open(member) as source, target.open("xb") as file:
        while written <= budget and (piece := source.read(_CHUNK)):
            written += file.write(piece)
    return written
