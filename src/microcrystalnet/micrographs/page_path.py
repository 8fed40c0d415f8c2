"""Paths of one page of an image file: ``scan.tif/page-2`` is the second page of ``scan.tif``.

As with a path into an archive, everything that takes the path of a micrograph takes one of these.
"""

import re
from pathlib import Path

_PAGE = re.compile(r"page-([1-9][0-9]{0,6})")


def at_page(file: Path, page: int) -> Path:
    """Give the path of a page, counted from 1; 0 stands for the whole file and its only page."""
    return file / f"page-{page}" if page else file


def file_and_page(path: Path) -> tuple[Path, int]:
    """Give the file of a path, and the page it names or 0 where it names none."""
    match = _PAGE.fullmatch(path.name)
    if match is None or not is_file(path.parent):
        return path, 0
    return path.parent, int(match.group(1))


def name_of(path: Path) -> str:
    """Give the name of a micrograph: that of its file, with the page such as ``scan_page2.tif``."""
    file, page = file_and_page(path)
    return f"{file.stem}_page{page}{file.suffix}" if page else file.name


def stem_of(path: Path) -> str:
    """Give the name of a micrograph without its ending, for files that are written about it."""
    return Path(name_of(path)).stem


def is_file(path: Path) -> bool:
    """Say whether there is such a file; a name too long for the disk is none."""
    try:
        return path.is_file()
    except OSError:
        return False
