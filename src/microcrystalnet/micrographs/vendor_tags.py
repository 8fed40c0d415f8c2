"""Finding the TIFF tags that the makers of microscopes write, and who reads each."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tifffile import TiffFile, TiffPage, TiffTag

from microcrystalnet.micrographs import fei, phenom, tescan, zeiss
from microcrystalnet.micrographs.settings import Settings

_ENDS = frozenset({b"\n", b"\r", b"\0"})  # of a text that was not cut off


def read(tif: TiffFile, page: TiffPage) -> Iterator[Settings]:
    """Give what each vendor's tag of a page says (DOMAIN.md 2)."""
    height, width = page.imagelength, page.imagewidth
    if fei_tags := [tag for tag in fei.TAGS if tag in page.tags]:
        found = [_sections(tif, page.tags[tag]) for tag in fei_tags]
        sections = {key: each[key] for each in found for key in each}
        where = f"TIFF tag {fei_tags[0]}"
        yield replace(fei.parse(sections, height, width), where=where)
    if phenom.TAG in page.tags:
        yield phenom.parse(_text(page.tags[phenom.TAG].value), height, width)
    if zeiss.TAG in page.tags:
        entries = page.tags[zeiss.TAG].value
        yield zeiss.parse(entries if isinstance(entries, dict) else {}, height, width)
    if tescan.TAG in page.tags:
        content = _bytes(page.tags[tescan.TAG].value)
        said = tescan.parse_tag(content, tif.byteorder, height, width)
        yield replace(said, where=f"TIFF tag {tescan.TAG}")


def _sections(tif: TiffFile, tag: TiffTag) -> Mapping[str, Mapping[str, object]]:
    """Give the sections of an INI text, without a last line that does not end: it may be cut."""
    sections = tag.value
    if not isinstance(sections, dict) or not sections:
        return {}
    tif.filehandle.seek(tag.valueoffset + tag.count - 1)
    if tif.filehandle.read(1) in _ENDS:
        return sections
    last = list(sections)[-1]
    return {**sections, last: dict(list(sections[last].items())[:-1])}


def _text(value: object) -> str:
    return value if isinstance(value, str) else _bytes(value).decode("utf-8", errors="replace")


def _bytes(value: object) -> bytes:
    """Give the bytes of a tag, which tifffile reads as numbers where they are signed."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("latin-1", errors="replace")
    numbers = value if isinstance(value, tuple) else ()
    return bytes(each & 0xFF for each in numbers if isinstance(each, int))
