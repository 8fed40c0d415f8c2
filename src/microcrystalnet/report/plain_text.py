"""Text that any program reads: bytes of file names that are no text are written as their number.

Linux takes any bytes for a name; Python holds those that are not UTF-8 as lone surrogates, which no
UTF-8 file may hold (PEP 383).
"""

import re
from collections.abc import Iterable

_BYTE = re.compile("[\udc80-\udcff]")
_LOST = re.compile("[\ud800-\udfff]")


def readable(text: str, mark: str = "\\x") -> str:
    r"""Give a text without lone surrogates: the byte E9 becomes ``\xe9``.

    ``mark`` stands before the two digits; names of files take another one than a backslash.
    """
    named = _BYTE.sub(lambda each: f"{mark}{ord(each[0]) - 0xDC00:02x}", text)
    return _LOST.sub("\ufffd", named)


def encoded(text: str) -> bytes:
    """Give a text as UTF-8, whatever file names stand in it."""
    return readable(text).encode()


def escaped_note(names: Iterable[str]) -> str:
    """Say which names cannot be written as they are; empty where all can."""
    found = [readable(name) for name in names if readable(name) != name]
    if not found:
        return ""
    held = "This name holds" if len(found) == 1 else "These names hold"
    return f"{held} bytes that are no text, written as \\x and two digits: {', '.join(found)}."
