"""What one source beside or inside an image file says of it, and what all of them say together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from microcrystalnet.domain.micrograph import PixelSize, Region, ScaleSource
from microcrystalnet.micrographs.units import length_um

MEASURE = "measure the scale bar and type the pixel size."
_LARGEST_UM = 1000.0  # of a pixel; a number whose exponent was cut off lies far above
_TOLERANCE = 1.05  # two pixel sizes that differ by more contradict each other


@dataclass(frozen=True, slots=True)
class Settings:
    """What one source says; ``note`` says why its scale is not used, if it is not.

    ``region`` leaves the databar out; None means that the source does not know of one.
    """

    source: ScaleSource
    pixel_size: PixelSize | None = None
    note: str = ""
    region: Region | None = None
    vendor: str | None = None
    hv_kv: float | None = None
    wd_mm: float | None = None


def settle(told: Sequence[Settings]) -> Settings:
    """Join what several sources say, the most trusted first.

    A scale that another source contradicts by more than 5 % is not used, and the note says so.
    """
    scaled = [each for each in told if each.pixel_size is not None]
    joined = Settings(
        ScaleSource.UNKNOWN,
        None,
        next((each.note for each in told if each.note), ""),
        next((each.region for each in told if each.region), None),
        next((each.vendor for each in told if each.vendor), None),
        next((each.hv_kv for each in told if each.hv_kv), None),
        next((each.wd_mm for each in told if each.wd_mm), None),
    )
    if not scaled:
        return joined
    if note := _contradiction(scaled):
        return replace(joined, note=note)
    return replace(joined, source=scaled[0].source, pixel_size=scaled[0].pixel_size, note="")


def _contradiction(scaled: Sequence[Settings]) -> str:
    first = scaled[0]
    for other in scaled[1:]:
        if differ(_nm(first), _nm(other)):
            return (
                f"The {first.source} and the {other.source} contradict each other: a pixel of "
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
        return None, f"The {source} gives no pixel size; {MEASURE}"
    sides = [length_um(each) for each in (col if row is None else row, col)]
    if sides[0] is None or sides[1] is None:
        wrong = col if sides[1] is None else row
        return None, (
            f"The {source} gives a pixel of “{(wrong or '').strip()[:40]}”, which is not a length "
            f"above 0 in a known unit; {MEASURE}"
        )
    if max(sides[0], sides[1]) > _LARGEST_UM:
        return None, (
            f"The {source} gives a pixel of {max(sides[0], sides[1]):g} µm, which no microscope "
            f"has; it may be cut off or in another unit. {MEASURE.capitalize()}"
        )
    return PixelSize(sides[0], sides[1]), ""
