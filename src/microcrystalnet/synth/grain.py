"""A periodic block of smooth noise from which all rendered surfaces draw their unevenness."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Field = NDArray[np.float32]
SIDE = 48
CELL = 5.0  # lattice steps from one bump of the block to the next


@dataclass(frozen=True, slots=True, eq=False)
class Grain:
    """Smooth random numbers (mean 0, deviation 1) on a periodic lattice, (side, side, side)."""

    lattice: Field

    @classmethod
    def grow(cls, random: np.random.Generator) -> "Grain":
        """Make a new block."""
        white = random.standard_normal((SIDE, SIDE, SIDE)).astype(np.float32)
        smooth = ndimage.gaussian_filter(white, 1.3, mode="wrap")
        return cls(((smooth - smooth.mean()) / smooth.std()).astype(np.float32))

    def sample(self, points: Field, wavelength: float, shift: Field) -> Field:
        """Read the block at ``points`` (3, n) in pixels, its bumps ``wavelength`` pixels apart.

        ``shift`` (3,) in lattice steps makes two surfaces differ. Returns (n,).
        """
        steps = points * np.float32(CELL / wavelength) + shift[:, None]
        read: Field = ndimage.map_coordinates(
            self.lattice, steps, order=1, mode="grid-wrap", output=np.float32
        )
        return read

    def fractal(self, points: Field, wavelength: float, shift: Field, octaves: int) -> Field:
        """Sum ``octaves`` readings, each half as wide and half as high as the one before."""
        total = np.zeros(points.shape[1], np.float32)
        for octave in range(octaves):
            reading = self.sample(points, wavelength / 2**octave, shift + 17.3 * octave)
            total += reading * np.float32(0.5**octave)
        return total
