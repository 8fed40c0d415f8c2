"""Abundance and size of each class and of all crystals, each number with its interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from microcrystalnet.statistics.bootstrap import (
    LEAST_MICROGRAPHS,
    Draws,
    Floats,
    Interval,
    too_few,
    weighted_percentiles,
)
from microcrystalnet.statistics.population import Measured, Population

ALL = "all"
SIZES = ("mean", "sd", "d10", "median", "d50", "d90", "geometric_mean")
_AT_ONCE = 2_000_000  # weights held at a time, 16 MB
_SHARES = {"d10": 10.0, "d50": 50.0, "d90": 90.0}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and its interval; None where no crystal gives one."""

    value: float | None
    interval: Interval


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """One class, or `ALL`: how many, on how many micrographs, and `SIZES` and shares by name.

    ``whole`` of the crystals are cut by no edge; sizes are theirs, shares are of all.
    ``figures`` holds `SIZES` in the population's unit, ``number_percent`` and ``area_percent``.
    """

    cls: str
    crystals: int
    whole: int
    micrographs: int
    figures: Mapping[str, Figure]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why numbers have no interval, each reason once."""
        found = (each.interval.reason for each in self.figures.values())
        return tuple(dict.fromkeys(reason for reason in found if reason))


@dataclass(frozen=True, slots=True)
class Summary:
    """All classes and the total, last; ``reason`` says why there are no intervals, if so."""

    unit: str
    length: str
    classes: tuple[ClassSummary, ...]
    micrographs: int
    reason: str = ""

    @property
    def missing(self) -> dict[str, tuple[str, ...]]:
        """Why a class has no interval for some of its numbers, by class, if others have one."""
        if self.reason:
            return {}
        told = {each.cls: each.reasons for each in self.classes}
        return {cls: reasons for cls, reasons in told.items() if reasons}


def summarise(crystals: Population, classes: Sequence[str], draws: Draws | None = None) -> Summary:
    """Summarise crystals by class, and all of them together.

    Number % and area % are shares of the crystals that have one of ``classes``; sizes of the total
    are those of all crystals. Micrographs without a crystal that counts are not drawn. D10, D50
    and D90 are percentiles by number; the median is D50 under the name people look for.

    Parameters
    ----------
    crystals
        What a filter let through, with sizes.
    classes
        Which classes get a row, in this order; crystals of other classes count in the total.
    draws
        Of as many micrographs as there are; seeded by itself.
    """
    images = list(dict.fromkeys(each.row.micrograph.image_id for each in crystals.crystals))
    drawn = draws or Draws.of(len(images))
    place = {image_id: at for at, image_id in enumerate(images)}
    total = _Group(crystals.crystals, place, drawn)
    groups = {cls: _Group(crystals.of(cls), place, drawn) for cls in classes}
    named = _Group([each for cls in classes for each in crystals.of(cls)], place, drawn)
    rows = [group.summary(cls, group, named) for cls, group in groups.items()]
    rows.append(total.summary(ALL, named, named))
    reason = too_few(len(images)) if len(images) < LEAST_MICROGRAPHS else ""
    return Summary(crystals.unit, crystals.length, tuple(rows), len(images), reason)


class _Group:
    """The crystals of one class with how often each counts in each replicate."""

    def __init__(
        self, crystals: Sequence[Measured], place: Mapping[str, int], draws: Draws
    ) -> None:
        self.crystals, self._draws = crystals, draws
        self._images = np.array([place[each.row.micrograph.image_id] for each in crystals], int)
        whole = np.array([each.whole for each in crystals], bool)
        self._lengths = np.array([each.length for each in crystals], float)[whole]
        self._middle = float(self._lengths.mean()) if self._lengths.size else 0.0
        self._sized = self._images[whole]  # the micrographs of ``_lengths``
        self._areas = np.array([each.area for each in crystals], float)

    def summary(self, cls: str, part: "_Group", named: "_Group") -> ClassSummary:
        """Give every number of the group; shares are those of ``part`` in ``named``."""
        values = self._sizes(np.ones((1, self._lengths.size)))
        held = np.unique(self._sized).size
        drawn = self._drawn_sizes() if held >= LEAST_MICROGRAPHS else {}
        figures = {name: self._size(values[name][0], drawn.get(name), held) for name in SIZES}
        figures["number_percent"] = part._share(named, areas=False)
        figures["area_percent"] = part._share(named, areas=True)
        images = np.unique(self._images).size
        return ClassSummary(cls, len(self.crystals), self._lengths.size, int(images), figures)

    def _drawn_sizes(self) -> dict[str, Floats]:
        """Give `SIZES` in every replicate, some replicates at a time."""
        counts = self._draws.counts
        step = max(1, _AT_ONCE // max(self._lengths.size, 1))
        parts = [
            self._sizes(counts[first : first + step][:, self._sized])
            for first in range(0, len(counts), step)
        ]
        return {name: np.concatenate([part[name] for part in parts]) for name in SIZES}

    def _size(self, value: float, drawn: Floats | None, held: int) -> Figure:
        return self._figure(value, drawn, held, "such whole crystals")

    def _figure(
        self, value: float, drawn: Floats | None, held: int, what: str = "such crystals"
    ) -> Figure:
        told = None if not np.isfinite(value) else float(value)
        values = np.full(1, np.nan) if drawn is None else drawn
        return Figure(told, self._draws.interval(values, held, what))

    def _sizes(self, weights: Floats) -> dict[str, Floats]:
        """Give `SIZES` for each row of (replicates, crystals) weights."""
        n = weights.sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = weights @ self._lengths / n
            aside = self._lengths - self._middle  # squares of the lengths would cancel out
            spread = weights @ aside**2 - n * (mean - self._middle) ** 2
            deviation = np.sqrt(np.maximum(spread, 0) / np.where(n > 1, n - 1, np.nan))
            geometric = np.exp(weights @ np.log(self._lengths) / n)
        found = weighted_percentiles(self._lengths, weights, list(_SHARES.values()))
        by_name = dict(zip(_SHARES, found, strict=True))
        return {
            "mean": mean,
            "sd": deviation,
            **by_name,
            "median": by_name["d50"],
            "geometric_mean": geometric,
        }

    def _share(self, total: "_Group", *, areas: bool) -> Figure:
        own, all_of = self._per_image(areas=areas), total._per_image(areas=areas)
        if not all_of.sum():
            return self._figure(float("nan"), None, 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn = 100 * (self._draws.counts @ own) / (self._draws.counts @ all_of)
        held = int(np.count_nonzero(own))
        return self._figure(100 * own.sum() / all_of.sum(), drawn, held)

    def _per_image(self, *, areas: bool) -> Floats:
        weights = self._areas if areas else None
        return np.bincount(self._images, weights, self._draws.micrographs).astype(float)
