"""What the text files beside a micrograph say of it; their content decides who wrote them."""

from collections.abc import Iterator
from pathlib import Path

from microcrystalnet.micrographs import hitachi, jeol, pixel_size_note, sidecar, tescan
from microcrystalnet.micrographs.settings import Settings


def read(path: Path, height: int, width: int) -> Iterator[Settings]:
    """Give what the sidecar and the header file of an image of this size say, if there are any."""
    if (found := sidecar.find(path)) is not None:
        yield from _sidecar(sidecar.read_text(found), height, width)
    if (found := sidecar.find_header(path)) is not None:
        text = sidecar.read_text(found)
        if tescan.is_tescan(text):
            yield tescan.parse_header(text, height, width)


def _sidecar(text: str, height: int, width: int) -> Iterator[Settings]:
    if jeol.is_jeol(text):
        yield jeol.parse(text, height, width)
    elif hitachi.is_hitachi(text):
        yield hitachi.parse(text, height, width)
    elif pixel_size_note.is_pixel_size(text):
        yield pixel_size_note.parse(text)
