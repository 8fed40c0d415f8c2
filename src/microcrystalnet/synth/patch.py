"""What one solid looks like from above on its own small pixel grid."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from microcrystalnet.synth.grain import Field, Grain
from microcrystalnet.synth.solids import Skin

STEEPEST = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A solid's upper and lower height in pixels, and its slopes, each (2 reach + 1)² float32.

    ``inside`` says where the solid is; the other arrays mean nothing elsewhere.
    """

    inside: NDArray[np.bool_]
    top: Field
    bottom: Field
    row_slope: Field
    col_slope: Field


@dataclass(frozen=True, slots=True, eq=False)
class Relief:
    """One solid's unevenness: its skin, at its own place ``shift`` in the common grain."""

    skin: Skin
    grain: Grain
    shift: Field

    def waves(self, points: Field) -> Field:
        """Height of the broad bumps at ``points`` (3, n) in pixels, (n,)."""
        skin = self.skin
        bumps = self.grain.fractal(points, skin.wave_length, self.shift, skin.octaves)
        return skin.waves * bumps

    def details(self, points: Field) -> Field:
        """Height of grit and etch pits at ``points`` (3, n) in pixels, (n,)."""
        skin = self.skin
        out = skin.grit * self.grain.fine(points, self.shift)
        if skin.pits > 0:
            etched = self.grain.fractal(points, skin.pit_width, self.shift, 2, 5)
            out -= 0.12 * skin.pit_width * np.clip((etched - 2.2 + 4 * skin.pits) * 2, 0, 1)
        return out.astype(np.float32)


def grid(reach: int) -> tuple[Field, Field]:
    """Give row and column of each pixel relative to the middle of a patch."""
    line = np.arange(-reach, reach + 1, dtype=np.float32)
    rows, cols = np.meshgrid(line, line, indexing="ij")
    return rows, cols


def limit_slope(slope: NDArray[np.floating]) -> Field:
    """Clip to what can still be seen from above."""
    clipped: Field = np.clip(slope, -STEEPEST, STEEPEST).astype(np.float32)
    return clipped


def slopes(height: Field) -> tuple[Field, Field]:
    """Give the slope along rows and along columns, each shaped like ``height``."""
    along_rows: Field = np.gradient(height, axis=0)
    along_cols: Field = np.gradient(height, axis=1)
    return along_rows, along_cols


def tidy(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Drop thin lips and pieces that have come off; keep the largest piece of a shape."""
    firm = ndimage.binary_opening(inside, iterations=2)
    pieces, count = ndimage.label(firm)
    if count < 2:
        return firm if count else inside
    largest: NDArray[np.bool_] = pieces == 1 + np.bincount(pieces.ravel())[1:].argmax()
    return largest
