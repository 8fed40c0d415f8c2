"""The text file beside a micrograph in which the microscope wrote its settings."""

import re
from pathlib import Path

from microcrystalnet.micrographs.page_path import is_file
from microcrystalnet.micrographs.settings import MEASURE

_LARGEST = 1_000_000  # bytes; real ones have a few thousand
# What the micro sign of latin-1 looks like when it is taken for Japanese.
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")


def find(path: Path) -> Path | None:
    """Give the text file of the same stem, whatever the case of its suffix, or None."""
    return next(iter(find_all(path)), None)


def find_all(path: Path) -> list[Path]:
    """Give the text files that may tell of an image: ``a.txt`` and ``a.tif.txt`` of ``a.tif``.

    Where a disk takes capitals for small letters, a file counts once.
    """
    found: list[Path] = []
    for suffix in (".txt", ".TXT", ".Txt"):
        for candidate in (path.with_suffix(suffix), path.with_name(path.name + suffix)):
            if candidate == path or not is_file(candidate):
                continue
            if not any(candidate.samefile(each) for each in found):
                found.append(candidate)
    return found


def name_for(path: Path, whole_name: bool) -> str:
    """Name a sidecar of an image: ``a.tif.txt`` after its whole name, otherwise ``a.txt``."""
    return f"{path.name}.txt" if whole_name else f"{path.stem}.txt"


def header_name(path: Path) -> str:
    """Name the header file that TESCAN writes beside an image: ``a-tif.hdr`` for ``a.tif``."""
    return f"{path.stem}-{path.suffix[1:]}.hdr"


def find_header(path: Path) -> Path | None:
    """Give the TESCAN header file of an image, whatever the case of its suffix, or None."""
    name = header_name(path)
    stem = path.stem
    for each in (name, stem + name[len(stem) :].lower(), stem + name[len(stem) :].upper()):
        candidate = path.with_name(each)
        if is_file(candidate):
            return candidate
    return None


def read_text(path: Path) -> str:
    """Read a sidecar in whichever of the encodings utf-8, utf-16, cp932, latin-1 it is.

    A file that cannot be read, or is too large to be a sidecar, counts as empty.
    """
    try:
        if path.stat().st_size > _LARGEST:
            return ""
        return decode(path.read_bytes())
    except OSError:
        return ""


def trouble(path: Path) -> str:
    """Say in a sentence why nothing was taken from a sidecar; for one that nobody understood."""
    beside = f"{path.name} beside the picture"
    try:
        size = path.stat().st_size
        path.open("rb").close()
    except OSError as problem:
        return (
            f"{beside} cannot be read ({problem.strerror}); check your rights to it, or {MEASURE}"
        )
    if not size:
        return f"{beside} is empty (0 bytes); copy it again from the microscope, or {MEASURE}"
    if size > _LARGEST:
        return (
            f"{beside} has {size:,} bytes, too many for the settings of a microscope, and was not "
            f"read; {MEASURE}"
        )
    return (
        f"{beside} holds no scale that is understood: it is neither written by a known microscope "
        f"nor a pixel_size note; {MEASURE}"
    )


def decode(content: bytes) -> str:
    """Decode the bytes of a sidecar."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if content[1:200:2].count(0) > 50 or content[0:200:2].count(0) > 50:
        order = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
        return content.decode(order, errors="replace")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _HALF_WIDTH.search(text):
            return text
    return content.decode("latin-1")
