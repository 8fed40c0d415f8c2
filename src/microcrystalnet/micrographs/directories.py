"""The sizes in the directories of a TIFF file, looked at before a parser multiplies them.

A width that is text or several numbers, times a height of 2^31, fills the memory. TIFF 6.0, section
2, and the BigTIFF design: a count of entries, the entries (tag, type, count, value), and where the
next directory begins.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_SINGLE = {
    256: "width",
    257: "height",
    277: "number of samples",
    278: "number of rows in a strip",
    322: "tile width",
    323: "tile height",
    32997: "depth",
    32998: "tile depth",
}
_WHOLE = frozenset({3, 4, 8, 9, 13, 16, 17})  # types; of single bytes tifffile makes text
_MOST = 100_000  # directories that are looked at
_LARGEST = 65_536  # entries of one


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a classic or a big TIFF packs a directory, and where the first begins."""

    count: struct.Struct
    entry: struct.Struct
    next: struct.Struct
    first: int


def odd_size(path: Path) -> str:
    """Say which size of which page is not one whole number; empty where all are, or none is read.

    A file whose directories break off is left to the parser.
    """
    with path.open("rb") as file:
        try:
            return next(_odd_sizes(file), "")
        except (struct.error, OverflowError, ValueError):
            return ""


def _odd_sizes(file: BinaryIO) -> Iterator[str]:
    layout = _layout(file.read(16))
    at, seen = layout.first, set[int]()
    while at and at not in seen and len(seen) < _MOST:
        seen.add(at)
        file.seek(at)
        (count,) = layout.count.unpack(file.read(layout.count.size))
        entries = file.read(min(count, _LARGEST) * layout.entry.size)
        for tag, kind, values in layout.entry.iter_unpack(entries):
            if tag in _SINGLE and (kind not in _WHOLE or values != 1):
                yield f"the {_SINGLE[tag]} of page {len(seen)} is not one whole number"
        (at,) = layout.next.unpack(file.read(layout.next.size))


def _layout(head: bytes) -> _Layout:
    """Read the head of a file.

    Raises
    ------
    ValueError, struct.error
        If it is not that of a TIFF file.
    """
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None:
        raise ValueError("no TIFF file")
    (version,) = struct.unpack_from(f"{order}H", head, 2)
    counts, entry, place = ("Q", "HHQ8x", "Q") if version == 43 else ("H", "HHI4x", "I")
    (first,) = struct.unpack_from(f"{order}{place}", head, 8 if version == 43 else 4)
    packed = [struct.Struct(order + each) for each in (counts, entry, place)]
    return _Layout(packed[0], packed[1], packed[2], first)
