"""Micrographs inside a project: the copied bytes and one immutable record each."""

import hashlib
import json
import os
import re
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from microcrystalnet.domain.micrograph import Micrograph, identity
from microcrystalnet.errors import ProjectError
from microcrystalnet.micrographs import sidecar
from microcrystalnet.micrographs.fingerprint import fingerprint
from microcrystalnet.micrographs.page_path import file_and_page
from microcrystalnet.storage import files
from microcrystalnet.storage.layout import copy_path
from microcrystalnet.storage.records import (
    Details,
    micrograph_from_json,
    micrograph_to_json,
    text,
)

LARGEST_COPY = 2 * 1024**3  # bytes; larger files stay where they are
_LARGEST_SIDECAR = 1_000_000
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """What ``images/<image_id>.json`` says: the micrograph, its bytes' hash, and where they lie.

    ``file`` is a path below the project folder, or a link from there for very large files; of one
    on another drive, its whole path. Pages of one file share it.
    """

    micrograph: Micrograph
    sha256: str
    file: str


def record_path(folder: Path, image_id: str) -> Path:
    """Give where the record of a micrograph lies."""
    return folder / "images" / f"{image_id}.json"


def store(folder: Path, source: Path, micrograph: Micrograph) -> ImageRecord:
    """Copy a micrograph and its sidecar into a project and write its record.

    Repeating it changes nothing; beside a record that cannot be read another one is written.

    Raises
    ------
    ProjectError
        If the file cannot be read or changed meanwhile, or the project cannot be written.
    """
    source, _ = file_and_page(source)
    path = record_path(folder, micrograph.image_id)
    try:
        if path.exists():
            with suppress(ProjectError):
                return load(folder, micrograph.image_id)
        record = _copy(folder, source, micrograph)
        content = {"format": 1, "sha256": record.sha256, "file": record.file}
        content |= micrograph_to_json(micrograph)
        written = json.dumps(content, indent=1, allow_nan=False).encode()
        files.create_whole(_free(path), written)
    except FileExistsError:  # another computer added it at the same time
        return load(folder, micrograph.image_id)
    except OSError as error:
        raise ProjectError(
            f"{source.name} could not be copied into the project ({error.strerror or error}); "
            "nothing was changed. Make room or check the folder, then add it again."
        ) from error
    return record


def _free(path: Path) -> Path:
    """Give the first of a record's names, as `versions` looks for them, that is free."""
    free, copy = path, 0
    while free.exists():
        copy += 1
        free = copy_path(path, copy)
    return free


def _copy(folder: Path, source: Path, micrograph: Micrograph) -> ImageRecord:
    suffix = re.sub(r"[^a-z0-9]", "", source.suffix.lower())[:8] or "bin"
    begin = micrograph.image_id if not micrograph.page else fingerprint(source)[:20]
    target = folder / "images" / "files" / f"{begin}.{suffix}"
    if source.stat().st_size > LARGEST_COPY:
        digest = _checked(fingerprint(source), source, micrograph)
        return ImageRecord(micrograph, digest, _link(source.resolve(), folder.resolve()))
    digest = _checked(_copied(source, target, begin, micrograph), source, micrograph)
    for beside in reversed(sidecar.find_all(source)):  # of one name the most trusted stays
        own = sidecar.name_for(target, beside.name.casefold() == f"{source.name}.txt".casefold())
        _copy_beside(beside, target.with_name(own))
    _copy_beside(sidecar.find_header(source), target.with_name(sidecar.header_name(target)))
    return ImageRecord(micrograph, digest, target.relative_to(folder).as_posix())


def _copied(source: Path, target: Path, begin: str, micrograph: Micrograph) -> str:
    """Copy a file and give its SHA-256; the copy that another page of it made stays."""
    if micrograph.page and target.is_file() and fingerprint(target).startswith(begin):
        return fingerprint(target)
    return copy(source, target, begin)


def _link(source: Path, folder: Path) -> str:
    """Give the way from a project to a file; no way leads to another drive of Windows."""
    try:
        return Path(os.path.relpath(source, folder)).as_posix()
    except ValueError:
        return source.as_posix()


def _copy_beside(beside: Path | None, target: Path) -> None:
    if beside is None:
        return
    try:
        content = beside.read_bytes() if beside.stat().st_size <= _LARGEST_SIDECAR else None
    except OSError:  # the record of the micrograph says so
        return
    if content is not None:
        files.replace(target, content)


def copy(source: Path, target: Path, begin: str) -> str:
    """Copy the bytes of a micrograph durably and give their SHA-256.

    Raises
    ------
    ProjectError
        If it does not ``begin`` with these digits; nothing is kept then.
    OSError
        If one cannot be read or the other not written.
    """
    files.make_folder(target.parent)
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    part = Path(name)
    try:
        with source.open("rb") as original, os.fdopen(descriptor, "wb") as written:
            shutil.copyfileobj(original, written, _CHUNK)
        digest = _hash(part)
        if not digest.startswith(begin):
            raise _changed(source)
        part.chmod(0o644)
        files.keep(part, target)
    finally:
        part.unlink(missing_ok=True)
    return digest


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked(digest: str, source: Path, micrograph: Micrograph) -> str:
    if identity(digest, micrograph.page) != micrograph.image_id:
        raise _changed(source)
    return digest


def _changed(source: Path) -> ProjectError:
    return ProjectError(
        f"{source.name} changed while it was being added; nothing was kept. Add it again."
    )


def load(folder: Path, image_id: str) -> ImageRecord:
    """Read the record of a micrograph.

    Raises
    ------
    ProjectError
        If it is missing or damaged.
    """
    path = record_path(folder, image_id)
    try:
        record = max((_parse(each) for each in versions(path)), key=_knowledge, default=None)
        reason = "it is damaged"
    except OSError as error:
        record, reason = None, error.strerror or str(error)
    if record is not None and record.micrograph.image_id == image_id:
        return record
    raise ProjectError(
        f"The record images/{path.name} of a micrograph cannot be read ({reason}). "
        "Copy it back from another copy of the project, or add the micrograph again."
    )


def versions(path: Path) -> list[bytes]:
    """Give the contents of a file and of the ``~k`` that a merge put beside it.

    Raises
    ------
    OSError
        If the first is missing or one cannot be read.
    """
    found, copy = [path.read_bytes()], 1
    while (other := copy_path(path, copy)).exists():
        found.append(other.read_bytes())
        copy += 1
    return found


def _parse(content: bytes) -> ImageRecord | None:
    try:
        value = cast(Details, json.loads(content))
        return ImageRecord(micrograph_from_json(value), text(value["sha256"]), text(value["file"]))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def _knowledge(record: ImageRecord | None) -> tuple[bool, bool, int, str]:
    """Order the records of one micrograph: whoever knows more, then anything that is settled."""
    if record is None:
        return False, False, 0, ""
    known = [record.micrograph.vendor, record.micrograph.hv_kv, record.micrograph.wd_mm]
    return True, record.micrograph.calibrated, 3 - known.count(None), repr(record)


def is_sound(path: Path) -> bool:
    """Say whether a micrograph's file in a project can be read and is what its name promises."""
    try:
        return _hash(path).startswith(path.stem)
    except OSError:
        return False


def matches(folder: Path, record: ImageRecord) -> bool:
    """Say whether the micrograph's bytes are still those that were added.

    Raises
    ------
    OSError
        If they cannot be read.
    """
    return _hash(folder / record.file) == record.sha256
