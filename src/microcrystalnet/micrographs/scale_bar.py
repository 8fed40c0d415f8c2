"""Finds the scale bar that is burnt into a micrograph, near a line that a person drew along it."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import PixelSize, Scale, ScaleSource
from microcrystalnet.errors import ScaleBarError

_END_PX = 1 / math.sqrt(12)  # standard uncertainty of an end that is known to the pixel
_DRAWN_PX = 1.5  # of an end that was drawn by hand and not found in the picture
_SHORTEST_PX = 8.0
_LENGTHS = (0.6, 1.7)  # of the bar, in those of the drawn line
_REACH = 0.4  # how far beyond its ends the bar may reach, in lengths of the drawn line
_NEAR_ROWS = 12
_GROUND_PX = 4  # beyond an end, looked at for the ground

_Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A bar in a picture: where its middle lies across it, both ends, and their uncertainty.

    A level bar lies ``across`` a row and goes from one column to another, an ``upright`` one across
    a column and from row to row. Ends count from the middle of the first pixel, so that a bar of n
    full pixels is n long. ``end_px`` is the standard uncertainty of one end. ``snapped`` says that
    the bar was found in the picture; otherwise the ends are those of the line that was drawn.
    """

    across: float
    begin: float
    end: float
    end_px: float
    snapped: bool
    upright: bool = False

    @property
    def length_px(self) -> float:
        """Length of the bar in pixels."""
        return self.end - self.begin

    @property
    def ends(self) -> tuple[_Point, _Point]:
        """Both ends as (row, column)."""
        first, last = (self.across, self.begin), (self.across, self.end)
        return (first[::-1], last[::-1]) if self.upright else (first, last)

    @property
    def uncertainty(self) -> float:
        """Relative standard uncertainty of the length: both ends, independent."""
        return math.sqrt(2) * self.end_px / self.length_px

    def scale(self, length_um: float, before: Scale) -> Scale:
        """Give the scale if the bar stands for so many micrometres.

        The bar tells the side of a pixel along it. How much higher than wide pixels are, and the
        tilt that heights are corrected for, stay as they were ``before``.

        Raises
        ------
        ScaleBarError
            If the length is not positive.
        """
        along = self.pixel_size(length_um).nm
        widths = before.ratio ** (-0.5 if self.upright else 0.5)  # from one side to their mean
        return before.resized(along * widths, ScaleSource.SCALE_BAR, self.uncertainty)

    def pixel_size(self, length_um: float) -> PixelSize:
        """Give the side of a square pixel if the bar stands for so many micrometres.

        Raises
        ------
        ScaleBarError
            If the length is not positive.
        """
        if not (math.isfinite(length_um) and length_um > 0):
            raise ScaleBarError(
                f"A scale bar cannot stand for {length_um:g} µm; type the length beside it."
            )
        side = length_um / self.length_px
        return PixelSize(side, side)


def find_bar(pixels: NDArray[np.generic], start: _Point, end: _Point) -> ScaleBar:
    """Snap a line drawn along a level or upright scale bar to the bar.

    The bar is the run of one brightness along the line, lighter or darker than its ground, whose
    ends lie nearest to those of the line; each end is where the brightness passes the middle
    between bar and ground, between pixels if need be.

    Parameters
    ----------
    pixels : (height, width)
        The recorded grey picture.
    start, end
        (row, column) of both ends of the line in full-image pixels.

    Raises
    ------
    ScaleBarError
        If the line is too short to be a scale bar, or neither level nor upright.
    """
    high, wide = abs(end[0] - start[0]), abs(end[1] - start[1])
    if max(high, wide) < _SHORTEST_PX or min(high, wide) > max(high, wide) / 4:
        raise ScaleBarError(
            f"The line is {wide:.0f} pixels wide and {high:.0f} high; drag from one "
            "end of the scale bar to the other, along it."
        )
    if high > wide:
        return replace(_find_level(pixels.T, start[::-1], end[::-1]), upright=True)
    return _find_level(pixels, start, end)


def _find_level(pixels: NDArray[np.generic], start: _Point, end: _Point) -> ScaleBar:
    (row0, left), (row1, right) = sorted((start, end), key=lambda point: point[1])
    row = (row0 + row1) / 2
    window = _Window.around(pixels, row, left, right)
    found = max(window.bars(), key=window.fit, default=None)
    if found is None:
        return ScaleBar(row, left, right, _DRAWN_PX, snapped=False)
    return window.measured(found)


@dataclass(frozen=True, slots=True)
class _Run:
    """Pixels of one row that belong together: ``col0 <= col < col1``, lighter or darker."""

    row: int
    col0: int
    col1: int
    lighter: bool


@dataclass(frozen=True, slots=True)
class _Window:
    """The part of a picture around a drawn line, as floats."""

    levels: NDArray[np.float64]
    row0: int
    col0: int
    line: tuple[float, float, float]  # row, left and right within the window

    @classmethod
    def around(
        cls, pixels: NDArray[np.generic], row: float, left: float, right: float
    ) -> "_Window":
        """Cut the window out; NaN becomes the ground."""
        reach = (right - left) * _REACH
        row0, col0 = max(0, round(row) - _NEAR_ROWS), max(0, int(left - reach))
        cut = pixels[row0 : round(row) + _NEAR_ROWS + 1, col0 : int(right + reach) + 2]
        levels = cut.astype(float)
        finite = levels[np.isfinite(levels)]
        ground = float(np.median(finite)) if finite.size else 0.0
        levels = np.where(np.isfinite(levels), levels, ground)
        return cls(levels, row0, col0, (row - row0, left - col0, right - col0))

    def bars(self) -> list[_Run]:
        """Give the runs that are about as long as the drawn line, lighter and darker ones."""
        if not self.levels.size:
            return []
        low, high = float(self.levels.min()), float(self.levels.max())
        middle = (low + high) / 2
        if high <= low:
            return []
        _, left, right = self.line
        shortest, longest = (share * (right - left) for share in _LENGTHS)
        runs = [*_runs(self.levels > middle, True), *_runs(self.levels < middle, False)]
        return [
            each
            for each in runs
            if shortest <= each.col1 - each.col0 <= longest and self._ends_inside(each)
        ]

    def _ends_inside(self, run: _Run) -> bool:
        """Say whether the ground is seen at both ends."""
        return run.col0 > 0 and run.col1 < self.levels.shape[1]

    def fit(self, run: _Run) -> float:
        """Say how well a run agrees with the line: its ends first, then its row."""
        row, left, right = self.line
        return -abs(run.col0 - left) - abs(run.col1 - 1 - right) - 0.5 * abs(run.row - row)

    def measured(self, run: _Run) -> ScaleBar:
        """Measure a bar over all the rows that show it."""
        rows = self._rows_of(run)
        ends = np.array([self._ends(row, run) for row in rows])
        spread = ends.std(axis=0).max() if len(rows) > 1 else 0.0
        left, right = np.median(ends, axis=0)
        return ScaleBar(
            self.row0 + float(np.mean(rows)),
            self.col0 + float(left),
            self.col0 + float(right),
            max(_END_PX, float(spread)),
            snapped=True,
        )

    def _rows_of(self, run: _Run) -> list[int]:
        """Give the rows next to a run that have the same run, to two pixels."""
        alike = {
            each.row
            for each in self.bars()
            if each.lighter == run.lighter
            and abs(each.col0 - run.col0) <= 2
            and abs(each.col1 - run.col1) <= 2
        }
        rows = [run.row]
        for step in (-1, 1):
            at = run.row + step
            while at in alike:
                rows.append(at)
                at += step
        return sorted(rows)

    def _ends(self, row: int, run: _Run) -> tuple[float, float]:
        """Give where the brightness of a row passes the middle, at both ends of a run."""
        level = self.levels[row]
        bar = float(np.median(level[run.col0 : run.col1]))
        return (
            _crossing(level, run.col0 - 1, run.col0, bar),
            _crossing(level, run.col1, run.col1 - 1, bar),
        )


def _runs(on: NDArray[np.bool_], lighter: bool) -> list[_Run]:
    """Give the runs of true pixels in every row."""
    edges = np.diff(np.pad(on, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    starts, ends = np.argwhere(edges == 1), np.argwhere(edges == -1)
    return [
        _Run(int(row), int(first), int(last), lighter)
        for (row, first), (_, last) in zip(starts, ends, strict=True)
    ]


def _crossing(level: NDArray[np.float64], outside: int, inside: int, bar: float) -> float:
    """Give the column of an edge from how much of the bar its two pixels hold together.

    A pixel that the bar half covers is half as bright as the bar; the edge lies where all of the
    bar's light in the two pixels, put together, would end.
    """
    step = inside - outside  # 1 at the left end, -1 at the right
    beyond = level[max(0, outside - _GROUND_PX) : outside]
    if step < 0:
        beyond = level[outside + 1 : outside + 1 + _GROUND_PX]
    ground = float(np.median(beyond)) if beyond.size else float(level[outside])
    height = bar - ground
    if height == 0:
        return outside + step / 2
    covered = sum(
        float(np.clip((level[each] - ground) / height, 0, 1)) for each in (outside, inside)
    )
    return inside + step * (0.5 - covered)
