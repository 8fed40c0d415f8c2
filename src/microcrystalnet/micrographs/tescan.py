"""The settings of TESCAN microscopes: TIFF tag 50431, or an INI file beside the image, SI units.

The tag is a chain of blocks: an unsigned 32-bit size that counts the following type too, a 16-bit
type, and the content. Type 2 is MAIN and 3 is SEM, both ``key=value`` lines; 1 is a thumbnail.
"""

import struct
from collections.abc import Mapping

from microcrystalnet.domain.micrograph import Acquisition, ScaleSource
from microcrystalnet.micrographs import ini
from microcrystalnet.micrographs.declared import Declared
from microcrystalnet.micrographs.settings import Settings, scale
from microcrystalnet.micrographs.units import degrees, kilovolts, millimetres, positive, said, times

TAG = 50431
_MAIN, _SEM = 2, 3
_TYPE_BYTES = 2


def is_tescan(text: str) -> bool:
    """Say whether a header file was written by a TESCAN microscope."""
    return "PixelSizeX" in ini.parse(text).get("MAIN", {})


def parse_header(text: str, height: int, width: int) -> Settings:
    """Read ``<stem>-tif.hdr`` for an image of this size in pixels, databar included."""
    sections = ini.parse(text)
    entries = {**sections.get("SEM", {}), **sections.get("MAIN", {})}
    return _settings(ScaleSource.TESCAN_HEADER, entries, height, width)


def parse_tag(content: bytes, byteorder: str, height: int, width: int) -> Settings:
    """Read the tag of an image of this size; ``byteorder`` is that of the TIFF, < or >."""
    entries = _entries(content, byteorder)
    return _settings(ScaleSource.TESCAN, entries, height, width)


def _entries(content: bytes, byteorder: str) -> Mapping[str, str]:
    """Collect the lines of the MAIN and SEM blocks; a chain that breaks off ends there."""
    entries: dict[str, str] = {}
    head = struct.Struct(f"{byteorder}IH")
    start = 0
    while start + head.size <= len(content):
        size, kind = head.unpack_from(content, start)
        end = start + head.size + size - _TYPE_BYTES
        if size < _TYPE_BYTES:
            break
        if kind in {_MAIN, _SEM}:
            block = content[start + head.size : end]
            whole = block if end <= len(content) else block.rpartition(b"\n")[0]
            entries = {**ini.parse(whole.decode("utf-8", errors="replace"))[""], **entries}
        start = end
    return entries


def _settings(source: ScaleSource, entries: Mapping[str, str], height: int, width: int) -> Settings:
    col, row = entries.get("PixelSizeX"), entries.get("PixelSizeY")
    size, note = scale(
        source, None if col is None else f"{col} m", None if row is None else f"{row} m"
    )
    allowed = bool(degrees(entries.get("TiltCorrection", "")))  # by the microscope itself
    strip = positive(entries.get("ImageStripSize", ""))
    return Settings(
        source,
        size,
        note,
        Declared(databar=None if strip is None else int(strip)).region(height, width),
        "TESCAN",
        kilovolts(f"{entries.get('HV')} V"),
        millimetres(f"{entries.get('WD')} m"),
        Acquisition(
            times(entries.get("Magnification", "")),
            said(f"{entries.get('Date', '')} {entries.get('Time', '')}"),
            said(entries.get("Device")),
            said(entries.get("Detector") or entries.get("Detector0")),
            None if allowed else degrees(entries.get("StageTilt", "")),
            allowed,
        ),
    )
