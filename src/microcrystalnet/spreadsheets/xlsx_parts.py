"""The parts of a zipped workbook (ECMA-376), read piece by piece so that none fills the memory."""

import zipfile
from collections.abc import Iterator
from typing import Protocol
from xml.etree.ElementTree import XMLParser

from microcrystalnet.spreadsheets.limits import OversizeError

_LARGEST = 256 * 2**20  # bytes that the parts may unpack to, all together
_PIECE = 2**20
_SILENT = 4  # pieces without an element: no workbook has one so long, and they cost ever more
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # as ECMA-376, part 2, annex B wants it


class Target(Protocol):
    """What an `XMLParser` tells of; ``elements`` counts the beginnings."""

    elements: int

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Learn that an element begins."""

    def end(self, tag: str) -> None:
        """Learn that an element ends."""

    def data(self, text: str) -> None:
        """Learn some of the text inside."""

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        """Learn that the part defines its own entities, which no workbook does."""


class Parts:
    """A workbook's parts, under one budget of bytes."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed, self._left = packed, _LARGEST
        self._names = frozenset(packed.namelist())

    def __contains__(self, part: str) -> bool:
        return part in self._names

    def read(self, part: str, target: Target) -> None:
        """Tell what is in a part.

        Raises
        ------
        OversizeError
            If it is too large.
        KeyError, ValueError, ParseError
            If there is no such part, or it is damaged.
        """
        parser = XMLParser(target=target)
        silent = 0
        for piece in self._pieces(part):
            before = target.elements
            parser.feed(piece)
            silent = 0 if target.elements > before else silent + 1
            if silent > _SILENT:
                raise OversizeError(
                    f"has a part with more than {_SILENT} MB in one cell; this is not a table of "
                    "labels."
                )
        parser.close()

    def _pieces(self, part: str) -> Iterator[bytes]:
        if self._packed.getinfo(part).compress_type not in _PACKED:
            raise ValueError("a part is packed in another way than a workbook's are")
        with self._packed.open(part) as file:
            while piece := file.read(_PIECE):
                self._left -= len(piece)
                if self._left < 0:
                    raise OversizeError(
                        f"unpacks to more than {_LARGEST // 2**20} MB; delete the sheets that are "
                        "not needed, or save the table as CSV."
                    )
                yield piece
