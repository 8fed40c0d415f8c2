"""Which kind of image a file is, told by its first bytes and never by its name."""

from enum import StrEnum
from pathlib import Path

from microcrystalnet.errors import UnreadableFileError


class Kind(StrEnum):
    """An image format that can be read."""

    TIFF = "TIFF"
    PNG = "PNG"
    JPEG = "JPEG"
    BMP = "BMP"


_MAGIC = {
    b"II*\0": Kind.TIFF,
    b"MM\0*": Kind.TIFF,
    b"II+\0": Kind.TIFF,  # BigTIFF
    b"MM\0+": Kind.TIFF,
    b"\x89PNG\r\n\x1a\n": Kind.PNG,
    b"\xff\xd8\xff": Kind.JPEG,
    b"BM": Kind.BMP,
}


def sniff(path: Path) -> Kind:
    """Tell the format of an image file from its first bytes.

    Raises
    ------
    UnreadableFileError
        If the file is missing, a folder, empty, or of no known format.
    """
    head = _head(path)
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    if not head:
        raise UnreadableFileError(f"{path.name} is empty (0 bytes); copy it again from its source.")
    holds = "holds text" if _is_text(head) else "is of an unknown format"
    raise UnreadableFileError(
        f"{path.name} {holds}, not an image; choose a TIFF, PNG, JPEG or BMP file."
    )


def _head(path: Path) -> bytes:
    """Read the first bytes, or say plainly why not."""
    try:
        if path.is_dir():
            raise UnreadableFileError(f"{path} is a folder; choose an image file in it.")
        with path.open("rb") as file:
            return file.read(512)
    except FileNotFoundError:
        raise UnreadableFileError(f"There is no file {path}; check its name and folder.") from None
    except OSError as problem:
        raise UnreadableFileError(
            f"{path} cannot be opened ({problem.strerror}); check the disk and your rights to it."
        ) from problem


def _is_text(head: bytes) -> bool:
    return not any(byte < 9 or 13 < byte < 32 for byte in head)
