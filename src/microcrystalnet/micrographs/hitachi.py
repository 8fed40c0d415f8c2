"""The settings that Hitachi microscopes write into ``<stem>.txt`` under ``[SemImageFile]``."""

import re

from microcrystalnet.domain.micrograph import Acquisition, ScaleSource
from microcrystalnet.micrographs import ini
from microcrystalnet.micrographs.declared import Declared
from microcrystalnet.micrographs.settings import Settings, scale
from microcrystalnet.micrographs.units import bare, kilovolts, millimetres, said, times, uncut

_SECTION = "SemImageFile"
_SOURCE = ScaleSource.HITACHI_SIDECAR


def is_hitachi(text: str) -> bool:
    """Say whether a sidecar was written by a Hitachi microscope; JEOL uses the same file name."""
    return _SECTION in ini.parse(text)


def parse(text: str, height: int, width: int) -> Settings:
    """Read a sidecar for an image of this size in pixels, databar included.

    ``PixelSize`` is in nanometres unless it names a unit; ``DataSize`` does not count the databar.
    """
    entries = ini.parse(uncut(text, "PixelSize"))[_SECTION]
    side = entries.get("PixelSize")
    size, note = scale(_SOURCE, None if side is None else bare(side, "nm"))
    sides = re.findall(r"\d{1,9}", entries.get("DataSize", ""))
    declared = Declared(int(sides[1]), int(sides[0])) if len(sides) == 2 else Declared()
    resized = declared.resized(_SOURCE, height, width)
    return Settings(
        _SOURCE,
        None if resized else size,
        resized or note,
        None if resized else declared.region(height, width),
        "Hitachi",
        kilovolts(bare(entries.get("AcceleratingVoltage", ""), "V")),
        millimetres(bare(entries.get("WorkingDistance", ""), "um")),
        Acquisition(
            times(entries.get("Magnification", "")),
            said(f"{entries.get('Date', '')} {entries.get('Time', '')}"),
            said(entries.get("InstructName")),
            said(entries.get("SignalName")),
        ),
        image_name=entries.get("ImageName", ""),
    )
