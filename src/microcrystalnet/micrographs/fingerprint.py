"""The SHA-256 of image files, reckoned once for all pages of a file."""

import hashlib
from functools import lru_cache
from pathlib import Path

_LATEST = 4  # files whose hash is remembered: a stack and its copy, twice


def fingerprint(path: Path) -> str:
    """Give the SHA-256 of a file's bytes, 64 hexadecimal digits.

    The latest ones are remembered until size, place or time of the file change.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    found = path.stat()
    return _fingerprint(path, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


@lru_cache(maxsize=_LATEST)
def _fingerprint(path: Path, *_state: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
