"""Micrographs inside a project: the copied bytes and one immutable record each."""

import hashlib
import json
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.errors import ProjectError
from microcrystalnet.micrographs import sidecar
from microcrystalnet.storage import files
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

    ``file`` is a path below the project folder, or a link from there for very large files.
    """

    micrograph: Micrograph
    sha256: str
    file: str


def record_path(folder: Path, image_id: str) -> Path:
    """Give where the record of a micrograph lies."""
    return folder / "images" / f"{image_id}.json"


def store(folder: Path, source: Path, micrograph: Micrograph) -> ImageRecord:
    """Copy a micrograph and its sidecar into a project and write its record.

    Repeating it changes nothing.

    Raises
    ------
    ProjectError
        If the file cannot be read or changed meanwhile, or the project cannot be written.
    """
    if record_path(folder, micrograph.image_id).exists():
        return load(folder, micrograph.image_id)
    try:
        record = _copy(folder, source, micrograph)
        content = {"format": 1, "sha256": record.sha256, "file": record.file}
        content |= micrograph_to_json(micrograph)
        files.replace(
            record_path(folder, micrograph.image_id),
            json.dumps(content, indent=1, allow_nan=False).encode(),
        )
    except OSError as error:
        raise ProjectError(
            f"{source.name} could not be copied into the project ({error.strerror or error}); "
            "nothing was changed. Make room or check the folder, then add it again."
        ) from error
    return record


def _copy(folder: Path, source: Path, micrograph: Micrograph) -> ImageRecord:
    suffix = re.sub(r"[^a-z0-9]", "", source.suffix.lower())[:8] or "bin"
    target = folder / "images" / "files" / f"{micrograph.image_id}.{suffix}"
    files.make_folder(target.parent)
    if source.stat().st_size > LARGEST_COPY:
        digest = _checked(_hash(source), source, micrograph)
        link = Path(os.path.relpath(source.resolve(), folder.resolve())).as_posix()
        return ImageRecord(micrograph, digest, link)
    digest = _copy_bytes(source, target, micrograph)
    beside = sidecar.find(source)
    if beside is not None and beside.stat().st_size <= _LARGEST_SIDECAR:
        files.replace(target.with_suffix(".txt"), beside.read_bytes())
    return ImageRecord(micrograph, digest, target.relative_to(folder).as_posix())


def _copy_bytes(source: Path, target: Path, micrograph: Micrograph) -> str:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    part = Path(name)
    try:
        with source.open("rb") as original, os.fdopen(descriptor, "wb") as copy:
            shutil.copyfileobj(original, copy, _CHUNK)
            copy.flush()
            files.sync(copy.fileno())
        digest = _checked(_hash(part), source, micrograph)
        part.chmod(0o644)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    files.sync_folder(target.parent)
    return digest


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked(digest: str, source: Path, micrograph: Micrograph) -> str:
    if not digest.startswith(micrograph.image_id):
        raise ProjectError(
            f"{source.name} changed while it was being added; nothing was kept. Add it again."
        )
    return digest


def load(folder: Path, image_id: str) -> ImageRecord:
    """Read the record of a micrograph.

    Raises
    ------
    ProjectError
        If it is missing or damaged.
    """
    path = record_path(folder, image_id)
    try:
        value = cast(Details, json.loads(path.read_bytes()))
        return ImageRecord(micrograph_from_json(value), text(value["sha256"]), text(value["file"]))
    except OSError as error:
        reason = error.strerror or str(error)
    except (ValueError, KeyError, TypeError, RecursionError):
        reason = "it is damaged"
    raise ProjectError(
        f"The record images/{path.name} of a micrograph cannot be read ({reason}). "
        "Copy it back from another copy of the project, or add the micrograph again."
    )


def matches(folder: Path, record: ImageRecord) -> bool:
    """Say whether the micrograph's bytes are still those that were added.

    Raises
    ------
    OSError
        If they cannot be read.
    """
    return _hash(folder / record.file) == record.sha256
