"""Reading PNG, JPEG and BMP files."""

from pathlib import Path

import numpy as np
from PIL import BmpImagePlugin, JpegImagePlugin, PngImagePlugin
from PIL.ImageFile import ImageFile

from microcrystalnet.errors import UnreadableFileError
from microcrystalnet.micrographs import grey, limits
from microcrystalnet.micrographs.grey import Pixels
from microcrystalnet.micrographs.header import Header
from microcrystalnet.micrographs.sniff import Kind

# The formats' own classes: `Image.open` would also try other formats, and refuses 20k x 20k.
_FILES: dict[Kind, type[ImageFile]] = {
    Kind.PNG: PngImagePlugin.PngImageFile,
    Kind.JPEG: JpegImagePlugin.JpegImageFile,
    Kind.BMP: BmpImagePlugin.BmpImageFile,
}
_DTYPES = {"1": "bool", "I;16": "uint16", "I;16B": "uint16", "I": "int32", "F": "float32"}


def read_header(path: Path, kind: Kind) -> Header:
    """Read the size and depth of an image.

    Raises
    ------
    UnreadableFileError
        If the header is damaged, or declares more than may be opened.
    """
    with _open(path, kind) as image:
        return _header(path, image)


def read_pixels(path: Path, kind: Kind) -> Pixels:
    """Decode an image to a (height, width) grey array of its own dtype.

    Raises
    ------
    UnreadableFileError
        If the file ends too early, is damaged, or is too large.
    """
    with _open(path, kind) as image:
        _header(path, image)
        try:
            image.load()
        except (OSError, SyntaxError, ValueError, EOFError) as problem:
            raise UnreadableFileError(
                f"{path.name} is incomplete or damaged: its {path.stat().st_size:,} bytes end "
                "before the picture does. Copy it again from its source."
            ) from problem
        return _grey(image)


def _open(path: Path, kind: Kind) -> ImageFile:
    try:
        return _FILES[kind](path)
    except (OSError, SyntaxError, ValueError, EOFError) as problem:
        raise UnreadableFileError(
            f"{path.name} starts like a {kind} file but its header is damaged; "
            "copy it again from its source."
        ) from problem


def _header(path: Path, image: ImageFile) -> Header:
    dtype = _DTYPES.get(image.mode, "uint8")
    header = Header(
        image.height, image.width, dtype, len(image.getbands()) * np.dtype(dtype).itemsize
    )
    limits.check(path, header.height, header.width, header.bytes_per_pixel)
    return header


def _grey(image: ImageFile) -> Pixels:
    if image.mode == "P":
        palette = image.getpalette("RGB") or [0, 0, 0]
        return grey.from_palette(np.asarray(image), np.asarray(palette).reshape(-1, 3))
    if image.mode in {"CMYK", "YCbCr", "LAB", "HSV", "PA"}:
        return grey.to_grey(np.asarray(image.convert("RGB")))
    return grey.to_grey(np.asarray(image))
