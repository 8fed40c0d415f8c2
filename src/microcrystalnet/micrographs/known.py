"""What is known of a micrograph and where each number came from, in words for people."""

from collections.abc import Iterator
from dataclasses import dataclass

from microcrystalnet.domain.micrograph import Micrograph, Region, ScaleSource


@dataclass(frozen=True, slots=True)
class Known:
    """One thing, its value, and the file, tag or person behind it."""

    name: str
    value: str
    origin: str


def known_of(micrograph: Micrograph) -> list[Known]:
    """List what is known of a micrograph; what nothing told of is left out, but for the scale."""
    said = micrograph.scale_source.value if micrograph.calibrated else ""
    origins = {"pixel_size": said, **micrograph.origins}
    return [
        Known(name, value, origins.get(key, ""))
        for key, name, value in _values(micrograph)
        if value
    ]


def scale_words(micrograph: Micrograph) -> str:
    """Write the pixel size with its uncertainty, such as ``12.5 nm/px ± 0.2 %``."""
    size, uncertainty = micrograph.pixel_size, micrograph.scale_uncertainty
    if size is None:
        return "unknown"
    sides = f"{size.nm:.4g}"
    if abs(size.row_um - size.col_um) > 1e-6 * size.col_um:
        sides = f"{1000 * size.col_um:.4g} x {1000 * size.row_um:.4g}"
    return f"{sides} nm/px" + ("" if uncertainty is None else f" ± {100 * uncertainty:.2g} %")


def doubt_words(micrograph: Micrograph) -> str:
    """Say why the scale of the file is not used or to be checked, unless people gave another."""
    by_people = micrograph.scale_source in {ScaleSource.SCALE_BAR, ScaleSource.USER}
    return "" if by_people else micrograph.scale_note


def badge_words(micrograph: Micrograph) -> str:
    """Write the scale and where it came from on one line."""
    scale, *origin = badge_lines(micrograph)
    return f"{scale} ({', '.join(origin)})" if origin else scale


def badge_lines(micrograph: Micrograph) -> list[str]:
    """Write the scale, where it came from and what was corrected, each on a short line."""
    if micrograph.pixel_size is None:
        return ["Scale unknown"]
    doubted = ["check it against the scale bar"] if doubt_words(micrograph) else []
    return [
        scale_words(micrograph),
        micrograph.scale_source.value,
        *tilt_words(micrograph),
        *doubted,
    ]


def tilt_words(micrograph: Micrograph) -> list[str]:
    """Say that heights were corrected for the tilt of the stage, or nothing."""
    if micrograph.acquisition.tilt_allowed:
        return ["tilt corrected by the microscope"]
    tilt = micrograph.tilt_corrected
    return [] if tilt is None else [f"corrected for {abs(tilt):.4g}° of tilt"]


def _values(micrograph: Micrograph) -> Iterator[tuple[str, str, str]]:
    """Give key, name and value of everything."""
    taken = micrograph.acquisition
    yield "pixel_size", "Pixel size", scale_words(micrograph)
    yield "page", "Page of the file", str(micrograph.page or "")
    yield "hv_kv", "Voltage", _number(micrograph.hv_kv, "kV")
    yield "wd_mm", "Working distance", _number(micrograph.wd_mm, "mm")
    yield "magnification", "Magnification", _number(taken.magnification, "x")
    yield "acquired", "Taken", taken.acquired or ""
    yield "instrument", "Instrument", taken.instrument or micrograph.vendor or ""
    yield "detector", "Detector", taken.detector or ""
    tilt = micrograph.tilt_corrected
    yield "tilt_degrees", "Stage tilt", _number(taken.tilt_degrees if tilt is None else tilt, "°")
    yield "tilt_allowed", "Heights", "corrected by the microscope" if taken.tilt_allowed else ""
    yield "databar", "Analysed", _analysed(micrograph)


def _number(value: float | None, unit: str) -> str:
    return "" if value is None else f"{value:.6g} {unit}"


def _analysed(micrograph: Micrograph) -> str:
    region = micrograph.region
    if region == Region(0, 0, micrograph.height, micrograph.width):
        return "the whole picture"
    return f"rows {region.row0}-{region.row1 - 1}, columns {region.col0}-{region.col1 - 1}"
