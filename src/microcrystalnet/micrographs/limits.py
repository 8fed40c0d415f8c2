"""How large an image may be, decided from its header before anything is decoded."""

from pathlib import Path

import psutil

from microcrystalnet.errors import UnreadableFileError

LARGEST_SIDE = 65_535
LARGEST_BYTES = 2 * 1024**3


def byte_limit() -> int:
    """Give the most bytes that a decoded image may take: 2 GiB, or a quarter of the memory."""
    return min(LARGEST_BYTES, int(psutil.virtual_memory().total) // 4)


def check(path: Path, height: int, width: int, bytes_per_pixel: float) -> None:
    """Refuse an image that would not fit the memory.

    Raises
    ------
    UnreadableFileError
        If a side is 0 or over 65,535 pixels, or the pixels take more than `byte_limit`.
    """
    if not (0 < height <= LARGEST_SIDE and 0 < width <= LARGEST_SIDE):
        raise UnreadableFileError(
            f"{path.name} declares {width:,} x {height:,} pixels; sides of 1 to {LARGEST_SIDE:,} "
            "can be read. The file may be damaged; export it again."
        )
    wanted, limit = int(height * width * bytes_per_pixel), byte_limit()
    if wanted > limit:
        raise UnreadableFileError(
            f"{path.name} takes {wanted:,} bytes once decoded and this computer allows {limit:,}; "
            "save a smaller part of it as a file of its own."
        )
