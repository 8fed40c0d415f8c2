"""Colours for maps, told apart by anyone, and how far they let the micrograph through."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STRONGEST = 99.5  # percentile
CLEAR = 1 / 3  # the share of a scale, next to zero, over which it fades into transparency


@dataclass(frozen=True, slots=True)
class ColourScale:
    """Colours ``#rrggbb`` at equal steps; a ``signed`` one has zero in its middle."""

    name: str
    colours: tuple[str, ...]
    signed: bool = False

    def table(self, count: int = 256, *, fading: bool = False) -> NDArray[np.float32]:
        """Give (count, 4) float32 RGBA, 0 to 1; ``fading`` ones are transparent near zero."""
        steps = np.linspace(0, 1, count)
        anchors = np.array([_rgb(each) for each in self.colours])
        places = np.linspace(0, 1, len(anchors))
        rgb = [np.interp(steps, places, anchors[:, channel]) for channel in range(3)]
        height = np.abs(2 * steps - 1) if self.signed else steps
        alpha = np.clip(height / CLEAR, 0, 1) if fading else np.ones(count)
        return np.stack([*rgb, alpha], axis=1).astype(np.float32)

    def limits(self, values: NDArray[np.floating]) -> tuple[float, float]:
        """Give the values at the ends of the scale for a map; NaN is left out, zero is kept.

        The few strongest pixels may lie beyond: see `strength`.
        """
        known = values[np.isfinite(values)]
        high = strength(known)
        if self.signed:
            return (-high, high) if high else (-1.0, 1.0)
        low = float(np.min(known, initial=0))
        return low, high if high > low else low + 1.0

    def paint(
        self, values: NDArray[np.floating], limits: tuple[float, float] | None = None
    ) -> NDArray[np.uint8]:
        """Give a map (height, width) as (height, width, 3) uint8 colours; NaN is black."""
        painted = np.rint(self.table(256)[:, :3] * 255).astype(np.uint8)[
            self._steps(values, limits)
        ]
        painted[~np.isfinite(values)] = 0
        return np.asarray(painted, np.uint8)

    def veil(
        self,
        values: NDArray[np.floating],
        opacity: float,
        limits: tuple[float, float] | None = None,
    ) -> NDArray[np.float32]:
        """Give a map (height, width) as (height, width, 4) RGBA, 0 to 1, to lay on a picture.

        Near zero and where it is NaN it is clear; ``opacity`` is that of its strongest values.
        """
        colours = self.table(256, fading=True)[self._steps(values, limits)]
        colours[..., 3] *= np.where(np.isfinite(values), opacity, 0)
        return colours

    def _steps(
        self, values: NDArray[np.floating], limits: tuple[float, float] | None
    ) -> NDArray[np.intp]:
        """Give the place of each value in a table of 256 colours, 0 for NaN."""
        low, high = limits or self.limits(values)
        unit = np.clip((np.nan_to_num(values, nan=low) - low) / (high - low), 0, 1)
        return np.asarray(np.rint(unit * 255), np.intp)


# inferno (Smith and van der Walt 2015) and cividis (Nunez et al. 2018), at every 32nd step.
INFERNO = ColourScale(
    "inferno",
    (
        "#000004",
        "#210c4a",
        "#57106e",
        "#8a226a",
        "#bc3754",
        "#e45a31",
        "#f98e09",
        "#f9cb35",
        "#fcffa4",
    ),
)
CIVIDIS = ColourScale(
    "cividis",
    (
        "#00224e",
        "#1a386f",
        "#434e6c",
        "#61656f",
        "#7d7c78",
        "#9b9476",
        "#bcae6c",
        "#dec958",
        "#fee838",
    ),
)
# From blue (against) to orange (for), after the colours of Okabe and Ito (2008).
BLUE_ORANGE = ColourScale(
    "blue to orange",
    ("#56b4e9", "#0072b2", "#303840", "#d55e00", "#ffb000"),
    signed=True,
)


def strength(values: NDArray[np.floating]) -> float:
    """Give the size that all but the strongest pixels of a map stay below, 0 for an empty one.

    One pixel in two hundred is allowed beyond, because a single spike would darken all others.
    """
    size = np.abs(values[np.isfinite(values)])
    if not size.size:
        return 0.0
    return float(np.percentile(size, STRONGEST)) or float(size.max())


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
