"""The option that names one picture of an image file that holds several."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.micrographs import reader
from microcrystalnet.micrographs.page_path import at_page

Page = Annotated[
    int | None,
    typer.Option(
        "--page", min=1, help="Which picture of files that hold several; mcn info lists them."
    ),
]


def at(image: Path, page: int | None) -> Path:
    """Give the path of that page; the first of a file with one picture is the file itself.

    Raises
    ------
    UnreadableFileError
        If the file cannot be read.
    """
    if page is None:
        return image
    return at_page(image, page) if page > 1 or _several(image) else image


def all_at(images: Sequence[Path], page: int | None) -> list[Path]:
    """Give the path of that page of every file."""
    return [at(each, page) for each in images]


def at_where_several(files: Sequence[Path], page: int | None) -> list[Path]:
    """Give the path of that page of the files that hold several pictures, and the others' own.

    Where none holds several, page 1 is the only one, and any other is none of the first file's.

    Raises
    ------
    UnreadableFileError
        If a file cannot be read.
    """
    if page is None:
        return list(files)
    several = [_several(each) for each in files]
    if not any(several):
        return [at(files[0], page), *files[1:]]
    return [at(each, page) if many else each for each, many in zip(files, several, strict=True)]


def _several(image: Path) -> bool:
    return sum(not each.thumbnail for each in reader.pages(image)) > 1
