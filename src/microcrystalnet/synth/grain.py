"""Smooth random unevenness in space, from which all rendered surfaces take theirs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Field = NDArray[np.float32]
WAVES, BANDS = 14, 8
TILE = 512
FALL = 0.45  # height of an octave over that of the one before


@dataclass(frozen=True, slots=True, eq=False)
class Grain:
    """Plane waves of random direction and phase; their sum has mean 0 and deviation 1.

    ``waves`` is (bands, waves, 3) with lengths around 1, ``phases`` (bands, waves). A sum of a few
    waves is five times faster than reading interpolated lattice noise and looks the same here.
    ``grit`` (tile, tile) is fine noise, a few pixels from bump to bump.
    """

    waves: Field
    phases: Field
    grit: Field

    @classmethod
    def grow(cls, random: np.random.Generator) -> "Grain":
        """Draw new waves."""
        ways = random.standard_normal((BANDS, WAVES, 3))
        ways /= np.linalg.norm(ways, axis=2, keepdims=True)
        ways *= np.exp(random.uniform(-0.7, 0.5, (BANDS, WAVES, 1)))
        phases = random.uniform(0, 2 * np.pi, (BANDS, WAVES))
        grit = np.zeros((TILE, TILE), np.float32)
        for width in (1.0, 1.8, 3.5):
            layer = ndimage.gaussian_filter(random.standard_normal(grit.shape), width, mode="wrap")
            grit += (layer / layer.std() * width / 1.8).astype(np.float32)
        return cls(ways.astype(np.float32), phases.astype(np.float32), grit / grit.std())

    def sample(self, points: Field, wavelength: float, shift: Field, band: int = 0) -> Field:
        """Read the unevenness at ``points`` (3, n) in pixels, one bump a ``wavelength``; (n,).

        ``shift`` (3,) moves to another place, so that two surfaces differ.
        """
        waves = self.waves[band % BANDS]
        phases = self.phases[band % BANDS] + waves @ shift
        angles = (waves * np.float32(2 * np.pi / wavelength)) @ points + phases[:, None]
        total: Field = np.cos(angles, out=angles).sum(0) * np.float32(np.sqrt(2 / WAVES))
        return total

    def fine(self, points: Field, shift: Field) -> Field:
        """Read the grit at ``points`` (3, n) in pixels; it is drawn out on steep slopes; (n,)."""
        row = (points[0] + 0.6 * points[2] + shift[0]).astype(np.int64) % TILE
        col = (points[1] + 0.6 * points[2] + shift[1]).astype(np.int64) % TILE
        read: Field = self.grit[row, col]
        return read

    def fractal(
        self, points: Field, wavelength: float, shift: Field, octaves: int, band: int = 0
    ) -> Field:
        """Sum ``octaves`` readings, each half as wide and lower than the one before."""
        total = np.zeros(points.shape[1], np.float32)
        for octave in range(octaves):
            reading = self.sample(points, wavelength / 2**octave, shift, band + octave)
            total += reading * np.float32(FALL**octave)
        return total
