"""The layer that outlines many proposed masks, fast enough to follow a slider."""

from collections.abc import Sequence

import numpy as np
from napari.components import ViewerModel
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph
from napari_mcn.layers.outline import Zoom
from napari_mcn.layers.raster import Raster
from napari_mcn.layers.roles import Role

_FILL, _EDGE = 1, 2
_COLOURS = {_FILL: (0.0, 0.9, 1.0, 0.18), _EDGE: (0.0, 1.0, 1.0, 1.0)}
_THICKNESS = 1.5  # screen pixels


class ProposalsLayer:
    """Masks of an automatic pass before they are accepted: a faint fill, and an outline inside."""

    def __init__(self, viewer: ViewerModel, micrograph: Micrograph) -> None:
        self._raster = Raster(viewer, micrograph, Role.PROPOSALS, "Proposed crystals", _COLOURS)
        self._zoom = Zoom(viewer, micrograph, self._on_zoom)
        self._masks: Sequence[Mask] = ()
        self._thickness = 0

    def set_masks(self, masks: Sequence[Mask]) -> None:
        """Show exactly these masks."""
        if masks or self._masks:
            self._masks = masks
            self._draw()

    def turn(self, micrograph: Micrograph) -> None:
        """Propose nothing, on another micrograph."""
        self.set_masks(())
        self._zoom.turn(micrograph)
        self._raster.turn(micrograph)

    def close(self) -> None:
        """Remove the layer and let go of the camera."""
        self._zoom.close()
        self._raster.close()

    def _draw(self) -> None:
        self._thickness = self._wanted()
        codes = np.zeros_like(self._raster.codes)
        for mask in self._masks:
            _paint(codes[mask.slices], mask.pixels, self._thickness)
        self._raster.fill(codes)

    def _wanted(self) -> int:
        return self._zoom.image_pixels(_THICKNESS)

    def _on_zoom(self) -> None:
        if self._masks and self._thickness != self._wanted():
            self._draw()


def _paint(window: NDArray[np.uint8], pixels: NDArray[np.bool_], thickness: int) -> None:
    """Paint a mask over what is there; an edge that was drawn before stays."""
    inside = _shrunk(pixels, thickness)
    window[inside & (window != _EDGE)] = _FILL
    window[pixels & ~inside] = _EDGE


def _shrunk(pixels: NDArray[np.bool_], steps: int) -> NDArray[np.bool_]:
    """Take the outermost ``steps`` pixels off; ten times as fast as `binary_erosion`."""
    inside = np.pad(pixels, 1)
    for _ in range(steps):
        core = inside[1:-1, 1:-1]
        core = core & inside[:-2, 1:-1] & inside[2:, 1:-1] & inside[1:-1, :-2] & inside[1:-1, 2:]
        inside = np.pad(core, 1)
    return np.asarray(inside[1:-1, 1:-1])
