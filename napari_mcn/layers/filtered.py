"""The layer that shows a part of the micrograph as the noise filters leave it."""

import numpy as np
from napari.components import ViewerModel
from napari.layers import Image
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import Micrograph, Region
from napari_mcn.layers.curtain import set_visible
from napari_mcn.layers.roles import Role, insert, metadata, placement, remove, turn, unwrapped

_FRAME = (1.0, 0.8, 0.0, 1.0)
_FRAME_PX = 2.0  # on the screen, at any zoom


class FilteredLayer:
    """A filtered window over the recorded pixels, in a frame that is seen on any picture."""

    def __init__(self, viewer: ViewerModel, micrograph: Micrograph) -> None:
        self._viewer, self._full = unwrapped(viewer), False
        self.layer = Image(
            _nothing(),
            name="Filtered (preview)",
            metadata=metadata(Role.FILTERED, micrograph.image_id),
            colormap="gray",
            contrast_limits=(0, 255),
            interpolation2d="linear",
            visible=False,
            **placement(micrograph),
        )
        frame = self.layer.bounding_box
        frame.points, frame.line_color, frame.line_thickness = False, _FRAME, _FRAME_PX
        frame.visible = True

    def show(self, pixels: NDArray[np.uint8], region: Region) -> None:
        """Lay filtered pixels, (height, width) in 0..255, over a region of the micrograph."""
        self._full = True
        self.layer.data = pixels
        self.layer.translate = np.multiply((region.row0, region.col0), self.layer.scale)
        insert(self._viewer, self.layer)
        set_visible(self.layer, True)

    def clear(self) -> None:
        """Show the recorded pixels again."""
        set_visible(self.layer, False)

    def turn(self, micrograph: Micrograph) -> None:
        """Show nothing, on another micrograph."""
        if self._full:
            self._full = False
            self.clear()
            self.layer.data = _nothing()
        turn(self.layer, micrograph)

    def close(self) -> None:
        """Remove the layer."""
        remove(self._viewer, self.layer)


def _nothing() -> NDArray[np.uint8]:
    return np.zeros((2, 2), np.uint8)
