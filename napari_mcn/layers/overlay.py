"""The layer that lays maps, such as saliency, on the micrograph."""

from typing import Protocol

import numpy as np
from napari.components import ViewerModel
from napari.layers import Image
from napari.utils.colormaps import Colormap
from numpy.typing import ArrayLike, NDArray
from psygnal import Signal

from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.imaging.colour_scales import INFERNO, ColourScale
from napari_mcn.layers.curtain import is_visible, set_visible
from napari_mcn.layers.roles import Role, insert, metadata, placement, remove, turn, unwrapped

_OPACITY = 0.8


class Frame(Protocol):
    """Where a crop lies; `microcrystalnet.imaging.crops.CropFrame` is one."""

    def to_image(self, rows: ArrayLike, cols: ArrayLike) -> tuple[NDArray, NDArray]:
        """Give full-image coordinates of crop pixels."""


class OverlayLayer:
    """One float map over one crystal, or over all of them."""

    seen = Signal(bool)  # whether a map lies on the micrograph now

    def __init__(self, viewer: ViewerModel, micrograph: Micrograph) -> None:
        self._viewer = unwrapped(viewer)
        self._wanted, self._full = True, False
        self._scale: ColourScale | None = None
        self.layer = Image(
            _nothing(),
            name="Why",
            metadata=metadata(Role.OVERLAY, micrograph.image_id),
            opacity=_OPACITY,
            blending="translucent",
            interpolation2d="nearest",
            contrast_limits=(0.0, 1.0),
            visible=False,
            **placement(micrograph),
        )
        self._unit = np.array(self.layer.scale)

    @property
    def visible(self) -> bool:
        """Whether a map is, or would be, shown."""
        return self._wanted

    @visible.setter
    def visible(self, visible: bool) -> None:
        self._wanted = visible
        self._show()

    @property
    def in_view(self) -> bool:
        """Whether a map can be seen now: nobody hides it, and no key is held that does."""
        return self._full and self.layer.visible

    @property
    def opacity(self) -> float:
        """Between 0, unseen, and 1, hiding the crystal."""
        return self.layer.opacity

    @opacity.setter
    def opacity(self, opacity: float) -> None:
        self.layer.opacity = opacity

    def show_map(
        self,
        values: NDArray,
        frame: Frame,
        scale: ColourScale = INFERNO,
        limits: tuple[float, float] | None = None,
    ) -> None:
        """Lay a (size, size) map where its crop was cut, replacing the last one.

        Values near zero are transparent, so that the crystal stays in sight.
        """
        rows, cols = frame.to_image(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
        first, second = np.array([rows[0], cols[0]]), np.array([rows[1], cols[1]])
        self._lay(values, first, second - first, scale, limits)

    def show_whole(
        self,
        values: NDArray,
        scale: ColourScale = INFERNO,
        limits: tuple[float, float] | None = None,
    ) -> None:
        """Lay a map (height, width) of the whole micrograph on it; NaN is transparent."""
        self._lay(values, np.zeros(2), np.ones(2), scale, limits)

    def prepare(self) -> None:
        """Let the viewer make what it needs to draw a map, before there is one."""
        insert(self._viewer, self.layer)

    def _lay(
        self,
        values: NDArray,
        first: NDArray,
        step: NDArray,
        scale: ColourScale,
        limits: tuple[float, float] | None,
    ) -> None:
        """Draw values whose first pixel lies at ``first`` and whose pixels are ``step`` wide."""
        self.layer.data = np.asarray(values, np.float32)
        self.layer.contrast_limits = limits or scale.limits(values)
        if scale != self._scale:  # other colours make the viewer build its shaders anew
            self._scale = scale
            self.layer.colormap = Colormap(
                scale.table(256, fading=True), name=f"{scale.name}, fading"
            )
        # In one step, as the viewer draws everything anew for each change of scale or place.
        place = np.diag([*step, 1.0])
        place[:2, 2] = self._unit * first
        self.layer.affine = place
        self._full = True
        insert(self._viewer, self.layer)
        self._show()

    def clear(self) -> None:
        """Show no map."""
        if self._full:
            self._full = False
            self._show()

    def _show(self) -> None:
        visible = self._wanted and self._full
        if visible != is_visible(self.layer):
            set_visible(self.layer, visible)
            self.seen.emit(visible)

    def turn(self, micrograph: Micrograph) -> None:
        """Show no map, on another micrograph."""
        self._wanted = True
        if self._full:
            self.clear()
            self.layer.data, self.layer.affine = _nothing(), np.eye(3)
        turn(self.layer, micrograph)
        self._unit = np.array(self.layer.scale)

    def close(self) -> None:
        """Remove the layer."""
        remove(self._viewer, self.layer)


def _nothing() -> NDArray[np.float32]:
    return np.zeros((2, 2), np.float32)
