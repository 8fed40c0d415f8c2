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
    pictures = sum(not each.thumbnail for each in reader.pages(image))
    return at_page(image, page) if page > 1 or pictures > 1 else image


def all_at(images: Sequence[Path], page: int | None) -> list[Path]:
    """Give the path of that page of every file."""
    return [at(each, page) for each in images]
