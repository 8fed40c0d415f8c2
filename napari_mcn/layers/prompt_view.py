"""How clicks and a box look on the micrograph."""

import numpy as np
from napari.components import ViewerModel
from napari.layers import Points, Shapes

from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.domain.prompt import Box, Click
from napari_mcn.layers.outline import Zoom
from napari_mcn.layers.roles import Role, insert, metadata, placement, remove, turn, unwrapped

_GREEN, _RED, _BOX = "#2bff4d", "#ff3b30", "#00ffff"
_CLICK_ON_SCREEN, _LINE_ON_SCREEN = 18.0, 2.0  # screen pixels
_CLICK = 64.0  # image pixels; drawn smaller, but where a micrograph is much reduced


class PromptView:
    """A green plus for each positive click, a red minus for each negative, and a cyan box."""

    def __init__(self, viewer: ViewerModel, micrograph: Micrograph) -> None:
        self._viewer = unwrapped(viewer)
        self._box: Box | None = None
        self.box_layer = _shapes(micrograph)
        self.click_layer = _points(micrograph)
        self._zoom = Zoom(viewer, micrograph, self._on_zoom)

    def show_clicks(self, clicks: tuple[Click, ...]) -> None:
        """Draw these clicks and none else."""
        self.click_layer.data = np.array([(each.row, each.col) for each in clicks]).reshape(-1, 2)
        if clicks:
            self.click_layer.symbol = ["cross" if each.positive else "hbar" for each in clicks]
            self.click_layer.face_color = [_GREEN if each.positive else _RED for each in clicks]
            self.click_layer.selected_data = set()
            insert(self._viewer, self.click_layer)

    def show_box(self, box: Box | None) -> None:
        """Draw this box, or none."""
        self._box = box
        if self.box_layer.nshapes:
            self.box_layer.data = []
        if box is not None:
            self.box_layer.add_rectangles(
                [[(box.row0, box.col0), (box.row1, box.col1)]], edge_width=self._width()
            )
            insert(self._viewer, self.box_layer)

    def turn(self, micrograph: Micrograph) -> None:
        """Lie on another micrograph; what is shown is cleared apart."""
        self._zoom.turn(micrograph)
        for layer in (self.box_layer, self.click_layer):
            turn(layer, micrograph)

    def close(self) -> None:
        """Remove the layers and let go of the camera."""
        self._zoom.close()
        for layer in (self.box_layer, self.click_layer):
            remove(self._viewer, layer)

    def _width(self) -> float:
        return _LINE_ON_SCREEN / self._zoom.magnification

    def _on_zoom(self) -> None:
        if self._box is not None:
            self.box_layer.edge_width = [self._width()]


def _points(micrograph: Micrograph) -> Points:
    layer = Points(
        np.empty((0, 2)),
        name="Clicks",
        metadata=metadata(Role.CLICKS, micrograph.image_id),
        size=_CLICK,
        canvas_size_limits=(0.0, _CLICK_ON_SCREEN),  # a lower limit would fatten the border
        border_color="black",
        border_width=0.1,
        opacity=1.0,
        **placement(micrograph),
    )
    layer.editable = False
    return layer


def _shapes(micrograph: Micrograph) -> Shapes:
    layer = Shapes(
        ndim=2,
        name="Box",
        metadata=metadata(Role.BOX, micrograph.image_id),
        edge_color=_BOX,
        face_color="transparent",
        opacity=1.0,
        **placement(micrograph),
    )
    layer.editable = False
    return layer
