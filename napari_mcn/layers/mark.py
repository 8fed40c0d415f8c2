"""One mask marked by rings around it that stay equally thick on screen at any zoom."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from napari.components import ViewerModel
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph, Region
from napari_mcn.layers.outline import Zoom, grown, widen
from napari_mcn.layers.raster import Colour, Raster
from napari_mcn.layers.roles import Role

_FILL = 1  # code of the mask itself; the rings' codes follow


@dataclass(frozen=True, slots=True)
class Ring:
    """A line around a mask; ``thickness`` in screen pixels."""

    colour: Colour
    thickness: float


class MaskMark:
    """Marks one mask at a time by a fill, if any, and rings, the first of them innermost."""

    def __init__(
        self,
        viewer: ViewerModel,
        micrograph: Micrograph,
        role: Role,
        name: str,
        *,
        fill: Colour | None,
        rings: Sequence[Ring],
    ) -> None:
        colours = {} if fill is None else {_FILL: fill}
        colours |= {code: ring.colour for code, ring in enumerate(rings, start=_FILL + 1)}
        self._filled = fill is not None
        self._rings, self._micrograph = tuple(rings), micrograph
        self._raster = Raster(viewer, micrograph, role, name, colours)
        self._zoom = Zoom(viewer, micrograph, self._on_zoom)
        self._mask: Mask | None = None
        self._drawn: Region | None = None
        self._thicknesses: tuple[int, ...] = ()

    @property
    def mask(self) -> Mask | None:
        """What is shown."""
        return self._mask

    def set_mask(self, mask: Mask | None) -> None:
        """Show a mask instead of the last one; None shows nothing."""
        self._mask = mask
        self._draw()

    def turn(self, micrograph: Micrograph) -> None:
        """Mark nothing, on another micrograph."""
        self.set_mask(None)
        self._micrograph = micrograph
        self._zoom.turn(micrograph)
        self._raster.turn(micrograph)

    def close(self) -> None:
        """Remove the layer and let go of the camera."""
        self._zoom.close()
        self._raster.close()

    def _draw(self) -> None:
        if self._drawn is not None:
            self._raster.stamp(self._drawn, np.uint8(0))
            self._drawn = None
        if self._mask is not None:
            self._thicknesses = self._wanted()
            codes, self._drawn = self._codes(self._mask)
            self._raster.stamp(self._drawn, codes)

    def _codes(self, mask: Mask) -> tuple[NDArray[np.uint8], Region]:
        pixels, region = grown(mask, sum(self._thicknesses), self._micrograph)
        codes = pixels * np.uint8(_FILL if self._filled else 0)
        for code, thickness in enumerate(self._thicknesses, start=_FILL + 1):
            wider = widen(pixels, thickness)
            codes[wider & ~pixels] = code
            pixels = wider
        return codes, region

    def _wanted(self) -> tuple[int, ...]:
        return tuple(self._zoom.image_pixels(ring.thickness) for ring in self._rings)

    def _on_zoom(self) -> None:
        if self._mask is not None and self._thicknesses != self._wanted():
            self._draw()
