"""Writing files so that they are still there after a power cut."""

import errno
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

_BINARY = getattr(os, "O_BINARY", 0)  # Windows
_BUSY = {5, 32, 33}  # Windows: access denied, sharing violation, lock violation
_ATTEMPTS = 8


class UnsyncedError(OSError):
    """A file was written but not confirmed by the disk: what it reads like proves nothing."""


def sync(descriptor: int) -> None:
    """Push a file to the disk itself, not only to its cache."""
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system knows how."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Create a folder and its parents, durably."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def _write(path: Path, flags: int, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | _BINARY | flags, 0o644)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        try:
            sync(descriptor)
        except OSError as error:
            raise UnsyncedError(error.errno, error.strerror, str(path)) from error
    finally:
        os.close(descriptor)


def create(path: Path, content: bytes) -> None:
    """Write a new file and wait for the disk.

    Raises
    ------
    FileExistsError
        If there is one already.
    OSError
        If the disk refuses.
    """
    make_folder(path.parent)
    _write(path, os.O_CREAT | os.O_EXCL, content)
    sync_folder(path.parent)


def create_whole(path: Path, content: bytes) -> None:
    """Write a new file that is there whole or, if the disk refuses, not at all.

    Raises
    ------
    FileExistsError
        If there is one already.
    OSError
        If the disk refuses.
    """
    make_folder(path.parent)
    part = _temporary(path.parent)
    try:
        _write(part, os.O_TRUNC, content)
        part.chmod(0o644)
        _claim(path, part)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)


def _claim(path: Path, part: Path) -> None:
    """Give a finished file a name that nobody has."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError as error:  # a disk without links, such as a USB stick
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from error
        _patiently(lambda: part.replace(path))


def append(path: Path, content: bytes) -> None:
    """Add bytes to an existing file and wait for the disk.

    Raises
    ------
    OSError
        If the disk refuses; some of the bytes may have been written.
    """
    _write(path, os.O_APPEND, content)


def replace(path: Path, content: bytes) -> None:
    """Give a small file new content: readers see the old or the new, never a part.

    Raises
    ------
    OSError
        If the disk refuses; the old content stays.
    """
    make_folder(path.parent)
    part = _temporary(path.parent)
    try:
        _write(part, os.O_TRUNC, content)
        part.chmod(0o644)
        _patiently(lambda: part.replace(path))
    except OSError:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _patiently(action: Callable[[], object]) -> None:
    """Repeat what Windows refuses while a virus scanner holds the file."""
    for attempt in range(_ATTEMPTS):
        try:
            action()
        except OSError as error:
            if getattr(error, "winerror", None) not in _BUSY or attempt + 1 == _ATTEMPTS:
                raise
            time.sleep(0.01 * 2**attempt)
        else:
            return


def writable(folder: Path) -> bool:
    """Say whether files can be made in a folder, by making one."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".", suffix=".part"):
            return True
    except OSError:
        return False


def probe(folder: Path, size: int) -> None:
    """Find out whether ``size`` more bytes can be written, and leave nothing behind.

    Raises
    ------
    OSError
        If not.
    """
    make_folder(folder)
    part = _temporary(folder)
    try:
        _write(part, os.O_TRUNC, b" " * size)
    finally:
        part.unlink(missing_ok=True)


def _temporary(folder: Path) -> Path:
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    os.close(descriptor)
    return Path(name)


def keep(part: Path, target: Path) -> None:
    """Give a finished temporary file its name, durably.

    Raises
    ------
    OSError
        If the disk refuses.
    """
    descriptor = os.open(part, os.O_RDWR | _BINARY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)
    _patiently(lambda: part.replace(target))
    sync_folder(target.parent)
