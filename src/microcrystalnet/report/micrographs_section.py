"""The sections of the report about micrographs: their scale, how they were taken, and of what."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.imaging.noise import SNR_WORDS, snr_db
from microcrystalnet.micrographs.known import doubt_words, scale_words, tilt_words
from microcrystalnet.report.facts import MicrographFacts
from microcrystalnet.report.markup import Markup, element, joined, table
from microcrystalnet.report.plain_text import escaped_note

MIDDLE_PX = 1024  # of a larger micrograph's sides; the whole of 8192 x 8192 would take 14 s
SCALE_COLUMNS = (
    *("Micrograph", "Pixels", "Pixel size", "Scale from", "Crystals", "Settled"),
    "Outside",
)
TAKEN_COLUMNS = (
    *("Micrograph", "Instrument", "Detector", "Magnification", "kV", "WD (mm)"),
    *("Stage tilt", "Taken", "SNR (dB)"),
)
ORIGIN_COLUMNS = ("Micrograph", "Sample", "Depth (m)", "Locality", "Texture")
NO_ORIGIN = (
    "No sample, depth, locality or texture is known. The page Measure, Samples joins a table of "
    "them, as does mcn project add-samples."
)


def scales(facts: Sequence[MicrographFacts]) -> Markup:
    """List the micrographs with their scale, where it came from, and how many crystals count."""
    rows = [
        (
            each.micrograph.file_name,
            f"{each.micrograph.width} × {each.micrograph.height}",
            _scale(each.micrograph),
            each.micrograph.scale_source.value if each.micrograph.calibrated else None,
            len(each.counted),
            sum(crystal.settled_class is not None for crystal in each.counted),
            len(each.crystals) - len(each.analysed),
        )
        for each in facts
    ]
    about = (
        "Pixel size: width x height where they differ. Outside: outlines whose centre lies outside "
        "the analysed region; they are in no number."
    )
    notes = [element("p", note, "warn") for each in facts for note in _troubles(each)]
    return joined([table(SCALE_COLUMNS, rows), element("p", about, "small"), *notes])


def taken(facts: Sequence[MicrographFacts], ratios: Sequence[float | None]) -> Markup:
    """List how the micrographs were taken, as far as their files tell, and their noise.

    ``ratios`` are those of signal to noise, in decibels, as `ratio` gives them.
    """
    rows = [
        (*_taken(each.micrograph), None if found is None else f"{found:.1f}")
        for each, found in zip(facts, ratios, strict=True)
    ]
    notes = [
        "Dates as the instrument wrote them. –: the file does not tell. SNR is that of the "
        f"middle of the analysed region as recorded, at most {MIDDLE_PX} x {MIDDLE_PX} pixels. "
        f"{SNR_WORDS}",
        escaped_note(each.micrograph.file_name for each in facts),
    ]
    return joined(
        [table(TAKEN_COLUMNS, rows), *(element("p", note, "small") for note in notes if note)]
    )


def ratio(facts: MicrographFacts, pixels: NDArray[np.generic] | None) -> float | None:
    """Give the signal-to-noise ratio, in decibels, of the middle of the analysed region.

    ``pixels`` are the recorded ones, (height, width); None where the file cannot be read.
    """
    if pixels is None:
        return None
    region = facts.micrograph.region
    height, width = min(region.height, MIDDLE_PX), min(region.width, MIDDLE_PX)
    row = region.row0 + (region.height - height) // 2
    col = region.col0 + (region.width - width) // 2
    return snr_db(pixels[row : row + height, col : col + width])


def origins(facts: Sequence[MicrographFacts]) -> Markup:
    """List of which sample, depth and locality the micrographs are, and their texture."""
    known = [each.micrograph for each in facts]
    if not any(each.sample or each.texture for each in known):
        return element("p", NO_ORIGIN)
    return table(ORIGIN_COLUMNS, [_origin(each) for each in known])


def _troubles(facts: MicrographFacts) -> Iterator[str]:
    """Say what is wrong with a scale that nobody has given since, and with the file."""
    for note in (doubt_words(facts.micrograph), facts.trouble):
        if note:
            yield f"{facts.micrograph.file_name}: {note}"


def _taken(known: Micrograph) -> tuple[object, ...]:
    taken_ = known.acquisition
    return (
        *(known.file_name, taken_.instrument or known.vendor, taken_.detector),
        *(_plain(taken_.magnification, "×"), _plain(known.hv_kv), _plain(known.wd_mm)),
        *(_plain(taken_.tilt_degrees, "°"), taken_.acquired),
    )


def _origin(known: Micrograph) -> tuple[object, ...]:
    sample, texture = known.sample, known.texture.value if known.texture else None
    if sample is None:
        return known.file_name, None, None, None, texture
    return known.file_name, sample.name, _plain(sample.depth_m), sample.locality or None, texture


def _scale(known: Micrograph) -> object:
    if known.pixel_size is None:
        return element("span", "unknown", "warn")
    return ", ".join((scale_words(known).replace("/px", ""), *tilt_words(known)))


def _plain(value: float | None, unit: str = "") -> str | None:
    return None if value is None else f"{value:.6g}{unit}"
