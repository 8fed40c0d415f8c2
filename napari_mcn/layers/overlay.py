"""The layer that lays a map of a crop, such as a saliency map, on the micrograph."""

from typing import Protocol

import numpy as np
from napari.components import ViewerModel
from napari.layers import Image
from napari.utils.colormaps import Colormap, ensure_colormap
from numpy.typing import ArrayLike, NDArray
from psygnal import Signal

from microcrystalnet.domain.micrograph import Micrograph
from napari_mcn.layers.roles import Role, insert, metadata, placement, remove, unwrapped

_OPACITY = 0.8


class Frame(Protocol):
    """Where a crop lies; `microcrystalnet.imaging.crops.CropFrame` is one."""

    def to_image(self, rows: ArrayLike, cols: ArrayLike) -> tuple[NDArray, NDArray]:
        """Give full-image coordinates of crop pixels."""


class OverlayLayer:
    """One float map over one crystal."""

    seen = Signal(bool)  # whether a map lies on the micrograph now

    def __init__(self, viewer: ViewerModel, micrograph: Micrograph) -> None:
        self._viewer = unwrapped(viewer)
        self._wanted, self._full = True, False
        self.layer = Image(
            np.zeros((2, 2), np.float32),
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
    def opacity(self) -> float:
        """Between 0, unseen, and 1, hiding the crystal."""
        return self.layer.opacity

    @opacity.setter
    def opacity(self, opacity: float) -> None:
        self.layer.opacity = opacity

    def show_map(self, values: NDArray, frame: Frame, colormap: str = "magma") -> None:
        """Lay a (size, size) map where its crop was cut, replacing the last one.

        Low values are transparent, so that the crystal stays in sight.
        """
        rows, cols = frame.to_image(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
        first, second = np.array([rows[0], cols[0]]), np.array([rows[1], cols[1]])
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        self.layer.data = np.nan_to_num(np.asarray(values, np.float32), nan=low)
        self.layer.contrast_limits = (low, high if high > low else low + 1.0)
        self.layer.colormap = _fading(colormap)
        self.layer.scale = self._unit * (second - first)
        self.layer.translate = self._unit * first
        self._full = True
        insert(self._viewer, self.layer)
        self._show()

    def clear(self) -> None:
        """Show no map."""
        if self._full:
            self._full = False
            self._show()

    def _show(self) -> None:
        self.layer.visible = self._wanted and self._full
        self.seen.emit(self.layer.visible)

    def close(self) -> None:
        """Remove the layer."""
        remove(self._viewer, self.layer)


def _fading(name: str) -> Colormap:
    """Give a colour map whose lower third fades into transparency."""
    colours = ensure_colormap(name).map(np.linspace(0, 1, 64))
    colours[:, 3] = np.clip(np.linspace(0, 3, 64), 0, 1)
    return Colormap(colours, name=f"{name}, fading")
