"""The layer that draws boxes around crystals, teal ones around those misclassified."""

from collections.abc import Iterable

import numpy as np
from napari.components import ViewerModel
from napari.layers import Shapes

from microcrystalnet.domain.colours import TEAL
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph
from napari_mcn.layers.curtain import is_visible, set_visible
from napari_mcn.layers.outline import Zoom
from napari_mcn.layers.roles import Role, insert, metadata, placement, remove, turn, unwrapped

_LINE_ON_SCREEN = 2.0  # screen pixels
_SEAM_ON_SCREEN = 4.5  # screen pixels of the dark ground that sets a line off
_MARGIN = 2.0  # image pixels between a crystal and its box


class BoxesLayer:
    """Rectangles around masks, each on a dark ground that sets it off from any class colour."""

    def __init__(
        self,
        viewer: ViewerModel,
        micrograph: Micrograph,
        role: Role = Role.BOXES,
        name: str = "Misclassified",
        colour: str = TEAL,
    ) -> None:
        self._viewer, self._colour = unwrapped(viewer), colour
        self.layer = Shapes(
            ndim=2,
            name=name,
            metadata=metadata(role, micrograph.image_id),
            edge_color=colour,
            face_color="transparent",
            opacity=1.0,
            **placement(micrograph),
        )
        self.layer.editable = False
        self._zoom = Zoom(viewer, micrograph, self._on_zoom)

    @property
    def visible(self) -> bool:
        """Whether the boxes are shown."""
        return is_visible(self.layer)

    @visible.setter
    def visible(self, visible: bool) -> None:
        set_visible(self.layer, visible)

    def set_masks(self, masks: Iterable[Mask]) -> None:
        """Draw a box around each of these masks and none else."""
        corners = [_corners(mask) for mask in masks]
        if self.layer.nshapes:
            self.layer.data = []
        if corners:
            colours = np.repeat(["black", self._colour], len(corners))
            self.layer.add_rectangles(
                2 * corners, edge_width=self._widths(len(corners)), edge_color=colours
            )
            insert(self._viewer, self.layer)

    def turn(self, micrograph: Micrograph) -> None:
        """Box nothing, on another micrograph."""
        self.set_masks(())
        if not self.visible:  # napari draws the layer anew even if it is
            self.visible = True
        self._zoom.turn(micrograph)
        turn(self.layer, micrograph)

    def close(self) -> None:
        """Remove the layer and let go of the camera."""
        self._zoom.close()
        remove(self._viewer, self.layer)

    def _widths(self, count: int) -> list[float]:
        """Give the thickness of each line, the dark ones first, in image pixels."""
        lines = np.repeat([_SEAM_ON_SCREEN, _LINE_ON_SCREEN], count)
        return list(lines / self._zoom.magnification)

    def _on_zoom(self) -> None:
        if self.layer.nshapes:
            self.layer.edge_width = self._widths(self.layer.nshapes // 2)


def _corners(mask: Mask) -> np.ndarray:
    box = mask.region
    reach = _MARGIN + 0.5
    return np.array(
        [(box.row0 - reach, box.col0 - reach), (box.row1 - 1 + reach, box.col1 - 1 + reach)]
    )
