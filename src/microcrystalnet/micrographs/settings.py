"""What one source beside or inside an image file says of it, and what all of them say together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from microcrystalnet.domain.micrograph import UNTOLD, Acquisition, PixelSize, Region, ScaleSource
from microcrystalnet.micrographs.resizing import saved_by
from microcrystalnet.micrographs.units import length_um, why_not

_Thing = TypeVar("_Thing")

MEASURE = "measure the scale bar in the picture, or type the pixel size."
_LARGEST_UM = 1000.0  # of a pixel; a number whose exponent was cut off lies far above
_TOLERANCE = 1.05  # two pixel sizes that differ by more contradict each other


@dataclass(frozen=True, slots=True)
class Settings:
    """What one source says; ``note`` says why its scale is not used or to be checked.

    ``region`` leaves the databar out; None means that the source does not know of one. ``where``
    names the file or the tag, ``image_name`` the image that the source says it belongs to, and
    ``editor`` the image program that saved the file.
    """

    source: ScaleSource
    pixel_size: PixelSize | None = None
    note: str = ""
    region: Region | None = None
    vendor: str | None = None
    hv_kv: float | None = None
    wd_mm: float | None = None
    acquisition: Acquisition = UNTOLD
    where: str = ""
    image_name: str = ""
    editor: str = ""

    @property
    def origin(self) -> str:
        """Name the source with its file or tag."""
        return f"{self.source} ({self.where})" if self.where else str(self.source)


@dataclass(frozen=True, slots=True)
class Settled:
    """What all sources say together, and which of them said each thing."""

    settings: Settings
    origins: Mapping[str, str]


def settle(told: Sequence[Settings]) -> Settled:
    """Join what several sources say, the most trusted first.

    A scale that another source contradicts by more than 5 % is not used, and the note says so.
    """
    first = _Firsts(told)
    joined = Settings(
        ScaleSource.UNKNOWN,
        None,
        next((each.note for each in told if each.note), ""),
        first.of("databar", lambda each: each.region),
        first.of("vendor", lambda each: each.vendor),
        first.of("hv_kv", lambda each: each.hv_kv),
        first.of("wd_mm", lambda each: each.wd_mm),
        Acquisition(
            first.of("magnification", lambda each: each.acquisition.magnification),
            first.of("acquired", lambda each: each.acquisition.acquired),
            first.of("instrument", lambda each: each.acquisition.instrument),
            first.of("detector", lambda each: each.acquisition.detector),
            first.of("tilt_degrees", lambda each: each.acquisition.tilt_degrees),
            first.of("tilt_allowed", lambda each: each.acquisition.tilt_allowed or None) or False,
        ),
    )
    scaled = [each for each in told if each.pixel_size is not None]
    if note := _contradiction(scaled):
        return Settled(replace(joined, note=note), first.origins)
    if scaled:
        editor = next((each.editor for each in told if each.editor), "")
        note = saved_by(scaled[0].source, editor)
        joined = replace(
            joined, source=scaled[0].source, pixel_size=scaled[0].pixel_size, note=note
        )
        first.origins["pixel_size"] = scaled[0].origin
    return Settled(joined, first.origins)


class _Firsts:
    """What the first source that knows a thing says of it, and the names of those sources."""

    def __init__(self, told: Sequence[Settings]) -> None:
        self._told = told
        self.origins: dict[str, str] = {}

    def of(self, name: str, ask: Callable[[Settings], _Thing | None]) -> _Thing | None:
        """Give the first answer that is not None."""
        for each in self._told:
            if (said := ask(each)) is not None:
                self.origins[name] = each.origin
                return said
        return None


def _contradiction(scaled: Sequence[Settings]) -> str:
    for other in scaled[1:]:
        first = scaled[0]
        if differ(_nm(first), _nm(other)):
            return (
                f"The {first.origin} and the {other.origin} contradict each other: a pixel of "
                f"{_nm(first):.6g} or {_nm(other):.6g} nm; {MEASURE}"
            )
    return ""


def _nm(settings: Settings) -> float:
    return settings.pixel_size.nm if settings.pixel_size else 0.0


def differ(one: float, other: float) -> bool:
    """Say whether two lengths of one thing are more than 5 % apart."""
    return max(one, other) > _TOLERANCE * min(one, other)


def scale(
    source: ScaleSource, col: str | None, row: str | None = None
) -> tuple[PixelSize | None, str]:
    """Read the sides of a pixel, or say why they cannot be used.

    Parameters
    ----------
    source
        Who says it, for the sentence.
    col, row
        Width and height with their unit, such as ``12.5 nm``; None where not told. A pixel of
        which only the width is told is square.

    Returns
    -------
    (PixelSize or None, str)
        The pixel size and an empty text, or None and one sentence.
    """
    if col is None:
        return None, f"The {source} {_gives(source)} no pixel size; {MEASURE}"
    sides = [length_um(each) for each in (col if row is None else row, col)]
    if sides[0] is None or sides[1] is None:
        wrong = ((col if sides[1] is None else row) or "").strip()
        return None, (
            f"The {source} {_gives(source)} a pixel of “{wrong[:40]}”, {why_not(wrong)}; {MEASURE}"
        )
    if max(sides[0], sides[1]) > _LARGEST_UM:
        return None, (
            f"The {source} {_gives(source)} a pixel of {max(sides[0], sides[1]):g} µm, which no "
            f"microscope has; it may be cut off or in another unit. {MEASURE.capitalize()}"
        )
    return PixelSize(sides[0], sides[1]), ""


def _gives(source: ScaleSource) -> str:
    """Give the verb: some sources are several tags."""
    return "give" if source.value.endswith("tags") else "gives"
