"""What the text files beside a micrograph say of it; their content decides who wrote them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PureWindowsPath

from microcrystalnet.domain.micrograph import ScaleSource
from microcrystalnet.micrographs import hitachi, jeol, pixel_size_note, sidecar, tescan
from microcrystalnet.micrographs.settings import Settings

_KNOWN = (jeol.is_jeol, hitachi.is_hitachi, pixel_size_note.is_pixel_size)


def read(path: Path, height: int, width: int) -> Iterator[Settings]:
    """Give what the sidecar and the header file of an image of this size say, if there are any."""
    for found in sidecar.find_all(path):
        for said in _sidecar(sidecar.read_text(found), height, width):
            yield replace(_of_this(path, said), where=found.name)
    if (header := sidecar.find_header(path)) is not None:
        text = sidecar.read_text(header)
        if tescan.is_tescan(text):
            yield replace(tescan.parse_header(text, height, width), where=header.name)


def unread(path: Path) -> Iterator[Settings]:
    """Say of each text file beside an image, of which nothing was taken, why that is."""
    for found in sidecar.find_all(path):
        text = sidecar.read_text(found)
        if not any(knows(text) for knows in _KNOWN):
            yield Settings(ScaleSource.UNKNOWN, note=sidecar.trouble(found), where=found.name)
    header = sidecar.find_header(path)
    if header is not None and not tescan.is_tescan(sidecar.read_text(header)):
        yield Settings(ScaleSource.UNKNOWN, note=sidecar.trouble(header), where=header.name)


def _of_this(path: Path, said: Settings) -> Settings:
    """Take the scale and the databar away from settings that name another image."""
    if not said.image_name or _stem(said.image_name) == path.stem.casefold():
        return said
    note = said.note
    if said.pixel_size:
        note = (
            f"The {said.source} belongs to {said.image_name[:80]} and not to {path.name}, so its "
            "scale is not used; if the image was only renamed, type its pixel size of "
            f"{said.pixel_size.nm:.6g} nm."
        )
    return Settings(said.source, None, note, None, said.vendor)


def _stem(name: str) -> str:
    """Give the name of a file without its folder, of either kind, and its suffix."""
    return PureWindowsPath(name).stem.casefold()


def _sidecar(text: str, height: int, width: int) -> Iterator[Settings]:
    if jeol.is_jeol(text):
        yield jeol.parse(text, height, width)
    elif hitachi.is_hitachi(text):
        yield hitachi.parse(text, height, width)
    elif pixel_size_note.is_pixel_size(text):
        yield pixel_size_note.parse(text)
