"""The layer in which one crystal is mended with napari's own brush and eraser."""

from enum import StrEnum

import numpy as np
from napari.components import ViewerModel
from napari.layers import Layer
from psygnal import Signal

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.errors import MaskError
from napari_mcn.layers.raster import Raster
from napari_mcn.layers.roles import Role, find, unwrapped

_COLOUR = (1.0, 0.92, 0.0, 0.35)
_CRYSTAL = 1


class Brush(StrEnum):
    """What dragging over the selected crystal does."""

    PAINT = "paint"
    ERASE = "erase"


class BrushLayer:
    """Holds the pixels of the one crystal that is being mended, so that no other can change."""

    stroked = Signal(Mask)  # the mask after a finished stroke

    def __init__(self, viewer: ViewerModel, micrograph: Micrograph) -> None:
        self._viewer = unwrapped(viewer)
        # Every code is the crystal: the user may have picked another label in napari's controls.
        colours = dict.fromkeys((_CRYSTAL, None), _COLOUR)
        self._raster = Raster(viewer, micrograph, Role.BRUSH, "Brush", colours)
        self._layer = self._raster.layer
        self._raster.visible = False
        self._mask: Mask | None = None
        self._layer.events.paint.connect(self._on_stroke)

    def start(self, mask: Mask, brush: Brush, diameter: int | None) -> None:
        """Let the left mouse button paint on, or erase from, this mask."""
        self.show(mask)
        self._raster.visible = self._layer.editable = True
        self._layer.selected_label = _CRYSTAL
        if diameter is not None:
            self._layer.brush_size = diameter
        self._viewer.layers.selection.active = self._layer
        self._layer.mode = brush.value

    def show(self, mask: Mask) -> None:
        """Hold another mask, or the same one as it was put to rights."""
        if self._raster.codes.any():  # also what was drawn on when the brush was put away
            self._raster.fill(0)
        codes = np.where(mask.pixels, np.uint8(_CRYSTAL), np.uint8(0))
        self._raster.stamp(mask.region, codes)
        self._mask = mask

    def stop(self) -> None:
        """Give the mouse back."""
        if self._mask is None:
            return
        self._mask = None
        self._raster.fill(0)
        self._layer.mode = "pan_zoom"
        self._raster.visible = self._layer.editable = False
        if self._viewer.layers.selection.active is self._layer:
            self._viewer.layers.selection.active = self._micrograph_layer()

    def turn(self, micrograph: Micrograph) -> None:
        """Give the mouse back, and be ready for another micrograph."""
        self.stop()
        self._raster.turn(micrograph)

    def close(self) -> None:
        """Remove the layer."""
        self._layer.events.paint.disconnect(self._on_stroke)
        self._raster.close()

    def _micrograph_layer(self) -> Layer | None:
        return find(self._viewer, Role.MICROGRAPH)

    def _on_stroke(self) -> None:
        """Report the mended mask; a crystal that was wiped out wholly is put back."""
        before = self._mask
        if before is None:
            return
        try:
            self._mask = Mask.from_pixels(self._raster.codes)
        except MaskError:
            self.show(before)
            return
        if self._mask != before:
            self.stroked.emit(self._mask)
