"""What each class looks like: rendered examples, or the lab's own in their place."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import UnreadableFileError
from microcrystalnet.imaging.contrast import to_uint8
from microcrystalnet.micrographs.reader import read_pixels
from microcrystalnet.storage.layout import ATLAS, LARGEST_PICTURE, PICTURE_ENDINGS

if TYPE_CHECKING:
    from microcrystalnet.storage.project_store import ProjectStore

MOST = 12  # pictures of a class
SIDE, ROOM = 96, 1.15  # least side of a cut in pixels, and what is left around a crystal
_NAME = re.compile(rf"(?P<stem>.+)\.({'|'.join(PICTURE_ENDINGS)})", re.IGNORECASE)


class Origin(StrEnum):
    """Where a picture of the atlas comes from."""

    RENDERED = "rendered"
    FILE = "file"
    CRYSTAL = "crystal"


@dataclass(frozen=True, slots=True, eq=False)
class AtlasPicture:
    """A picture of a class: ``pixels`` (height, width) uint8; ``name`` is a file or a crystal."""

    cls: str
    origin: Origin
    name: str
    pixels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class AtlasPlan:
    """What the atlas of a project is made from, so that it can be read on another thread.

    ``crystals`` are (crystal id, class, mask) by the file of their micrograph.
    """

    codes: tuple[str, ...]
    folder: Path
    crystals: Mapping[Path, tuple[tuple[str, str, Mask], ...]]


def plan(store: "ProjectStore") -> AtlasPlan:
    """Say what the atlas of a project is made from, without opening a picture."""
    found: dict[Path, list[tuple[str, str, Mask]]] = {}
    for crystal_id, example in store.state.examples.items():
        crystal = store.state.crystals(example.image_id).get(crystal_id)
        if crystal is not None:
            path = store.image_path(example.image_id)
            found.setdefault(path, []).append((crystal_id, example.cls, crystal.mask))
    crystals = {path: tuple(each) for path, each in found.items()}
    return AtlasPlan(store.state.scheme.codes, store.folder / ATLAS, crystals)


def read(planned: AtlasPlan) -> Mapping[str, tuple[AtlasPicture, ...]]:
    """Give the pictures of every offered class, at most `MOST` each, the lab's own alone if any.

    Own pictures are files in the folder ``atlas`` of the project, named ``<CODE>_<anything>.png``,
    and crystals of the project that somebody made an example. Files that cannot be read are left
    out.
    """
    own: dict[str, list[AtlasPicture]] = {}
    for picture in (*_files(planned.folder, planned.codes), *_crystals(planned)):
        own.setdefault(picture.cls, []).append(picture)
    return {
        code: tuple(own[code][:MOST]) if code in own else rendered_of(code)
        for code in planned.codes
    }


def rendered_of(code: str) -> tuple[AtlasPicture, ...]:
    """Give the rendered examples of one of the four classes, typical ones first."""
    if code not in FOUR_CLASSES.codes:
        return ()
    found = sorted(Path(__file__).parent.glob(f"{code}_*.png"))
    return tuple(AtlasPicture(code, Origin.RENDERED, each.name, _grey(each)) for each in found)


def cut(mask: Mask, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Cut a square around a crystal out of its micrograph, black outside it."""
    box = mask.region
    side = max(SIDE, round(ROOM * max(box.height, box.width)))
    row0, col0 = (box.row0 + box.row1 - side) // 2, (box.col0 + box.col1 - side) // 2
    window = np.zeros((side, side), np.uint8)
    top, left = max(row0, 0), max(col0, 0)
    part = pixels[top : row0 + side, left : col0 + side]
    window[top - row0 :, left - col0 :][: part.shape[0], : part.shape[1]] = part
    return window


def _files(folder: Path, codes: Sequence[str]) -> Iterator[AtlasPicture]:
    for path in _listed(folder):
        code = _code_of(path.name, codes)
        try:
            if code is None or path.stat().st_size > LARGEST_PICTURE:
                continue
            yield AtlasPicture(code, Origin.FILE, path.name, _grey(path))
        except (UnreadableFileError, OSError):
            continue


def _listed(folder: Path) -> list[Path]:
    """List a folder by name; nothing where it is missing or on a share that went away."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _code_of(name: str, codes: Sequence[str]) -> str | None:
    """Give the class that a picture's name begins with; the longest of codes that begin alike."""
    named = _NAME.fullmatch(name)
    begun = (code for code in codes if named and named["stem"].startswith(f"{code}_"))
    return max(begun, key=len, default=None)


def _crystals(planned: AtlasPlan) -> Iterator[AtlasPicture]:
    """Cut the crystals that somebody made an example; each micrograph is read once."""
    for path, crystals in planned.crystals.items():
        try:
            pixels = to_uint8(read_pixels(path))
        except UnreadableFileError:
            continue
        for crystal_id, cls, mask in crystals:
            yield AtlasPicture(cls, Origin.CRYSTAL, crystal_id, cut(mask, pixels))


def _grey(path: Path) -> NDArray[np.uint8]:
    """Read a picture as it is, but for other depths than eight bits."""
    pixels = read_pixels(path)
    return pixels.astype(np.uint8) if pixels.dtype == np.uint8 else to_uint8(pixels)
