"""Measured crystals and their statistics as tables: columns, and a row each."""

from collections.abc import Iterable
from dataclasses import astuple, fields

from microcrystalnet.imaging.measure import Measurement, Sizes
from microcrystalnet.statistics.population import CrystalRow
from microcrystalnet.statistics.summary import SIZES, Figure, Summary

NAMES = (
    *("image", "number", "crystal", "class", "classes_from"),
    *("state", "confidence", "occluded", "too_small"),
)
ORIGIN = (
    *("sample", "depth_m", "locality", "texture"),
    *("scale_source", "scale_uncertainty", "tilt_corrected_deg"),
)
CRYSTAL_COLUMNS = (
    *NAMES,
    *ORIGIN,
    *("row", "col"),
    *(field.name for field in fields(Measurement)),
    *(field.name for field in fields(Sizes)),
)
_SHARES = ("number_percent", "area_percent")
WORDS = {
    "number_percent": "number %",
    "area_percent": "area %",
    "mean": "mean",
    "sd": "SD",
    "median": "median",
    "d10": "D10",
    "d50": "D50",
    "d90": "D90",
    "geometric_mean": "geom. mean",
}


def crystal_row(row: CrystalRow, classes_from: str) -> tuple[object, ...]:
    """Give the cells of `CRYSTAL_COLUMNS`; micrometres are empty where the scale is unknown.

    ``classes_from`` is what `microcrystalnet.statistics.collect.whose` gives.
    """
    known, measured = row.micrograph, row.measurement
    sample = known.sample
    sizes: tuple[object, ...] = (None,) * len(fields(Sizes))
    if known.calibrated:
        sizes = astuple(row.sizes("um"))
    return (
        *(known.file_name, row.number, row.crystal_id, row.cls, classes_from),
        *(row.state, row.confidence),
        *(row.occluded, measured.too_small),
        row.sample or None,
        sample.depth_m if sample else None,
        (sample.locality or None) if sample else None,
        row.texture or None,
        known.scale_source.value,
        known.scale_uncertainty,
        known.tilt_corrected,
        *row.mask.centre,
        *astuple(measured),
        *sizes,
    )


def crystal_rows(rows: Iterable[CrystalRow], classes_from: str) -> list[tuple[object, ...]]:
    """Give a row of `CRYSTAL_COLUMNS` for each crystal."""
    return [crystal_row(row, classes_from) for row in rows]


def three_digits(value: float) -> str:
    """Write a number as people read it: three digits that count, whole from a thousand on."""
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:#.3g}".removesuffix(".")


def summary_columns(summary: Summary) -> tuple[str, ...]:
    """Name the columns of `summary_rows`: each number, and the bounds of its interval."""
    sized = [f"{name}_{summary.unit}" for name in SIZES]
    numbers = [f"{each}{end}" for each in (*sized, *_SHARES) for end in ("", "_low", "_high")]
    return ("class", "classes_from", "crystals", "whole", "micrographs", *numbers, "intervals")


def summary_rows(summary: Summary, classes_from: str) -> list[tuple[object, ...]]:
    """Give a row for each class and one for all; the last cell says why intervals are missing.

    ``classes_from`` is what `microcrystalnet.statistics.collect.whose` gives.
    """
    return [
        (
            *(each.cls, classes_from, each.crystals, each.whole, each.micrographs),
            *(cell for name in (*SIZES, *_SHARES) for cell in _cells(each.figures[name])),
            " ".join(each.reasons) or "95 %, bootstrap over micrographs",
        )
        for each in summary.classes
    ]


def _cells(figure: Figure) -> tuple[float | None, float | None, float | None]:
    return figure.value, figure.interval.low, figure.interval.high


def summary_to_json(summary: Summary) -> dict[str, object]:
    """Give a summary as `mcn statistics` writes it; unrounded, null where there is nothing."""
    return {
        "unit": summary.unit,
        "length": summary.length,
        "micrographs": summary.micrographs,
        "intervals": summary.reason or "95 %, bootstrap over micrographs, 2,000 replicates",
        "classes": {
            each.cls: {
                "n": each.crystals,
                "n_whole": each.whole,
                "micrographs": each.micrographs,
                **{
                    name: {
                        "value": figure.value,
                        "low": figure.interval.low,
                        "high": figure.interval.high,
                        **({"reason": figure.interval.reason} if figure.interval.reason else {}),
                    }
                    for name, figure in each.figures.items()
                },
            }
            for each in summary.classes
        },
    }
