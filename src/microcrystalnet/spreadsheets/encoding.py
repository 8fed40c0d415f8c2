"""Bytes of a text file as text and back, without losing one."""

import codecs
import re
from dataclasses import dataclass

from microcrystalnet.errors import LabelTableError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file spells text: a codec, and the byte order mark at its beginning."""

    codec: str
    bom: bytes = b""

    def encode(self, text: str) -> bytes:
        """Give the bytes of a text.

        Raises
        ------
        UnicodeEncodeError
            If the codec has no bytes for a character.
        """
        return self.bom + text.encode(self.codec)


def decode(content: bytes) -> tuple[str, Encoding]:
    """Give the text of a file and its encoding: by its mark, else the first that fits.

    Tried are UTF-8, UTF-16, Windows-1252 and Latin-1.

    Raises
    ------
    LabelTableError
        If it is not text.
    """
    for encoding in _likely(content):
        try:
            text = content[len(encoding.bom) :].decode(encoding.codec)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text, encoding
    raise LabelTableError("it is not a text file")


def _likely(content: bytes) -> list[Encoding]:
    for bom, codec in _BOMS:
        if content.startswith(bom):
            return [Encoding(codec, bom)]
    if b"\x00" in content:
        little = content[1::2].count(0) >= content[::2].count(0)
        return [Encoding("utf-16-le" if little else "utf-16-be")]
    return [Encoding(codec) for codec in ("utf-8", "cp1252", "latin-1")]
