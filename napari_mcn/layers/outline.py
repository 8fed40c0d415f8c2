"""Outlines of masks as small windows of codes, as thick as the zoom needs them."""

import math
from collections.abc import Callable

import numpy as np
from napari.components import ViewerModel
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph, Region
from napari_mcn.layers.roles import placement, unwrapped


def grown(mask: Mask, border: int, micrograph: Micrograph) -> tuple[NDArray[np.bool_], Region]:
    """Give a mask's pixels with ``border`` empty ones around, as far as the micrograph goes."""
    box = mask.region
    region = Region(
        max(box.row0 - border, 0),
        max(box.col0 - border, 0),
        min(box.row1 + border, micrograph.height),
        min(box.col1 + border, micrograph.width),
    )
    pixels = np.zeros((region.height, region.width), bool)
    pixels[
        box.row0 - region.row0 : box.row1 - region.row0,
        box.col0 - region.col0 : box.col1 - region.col0,
    ] = mask.pixels
    return pixels, region


def widen(pixels: NDArray[np.bool_], steps: int) -> NDArray[np.bool_]:
    """Grow true pixels by ``steps``, alternating cross and square so that corners stay round."""
    for step in range(steps):
        pixels = _widen(_widen(pixels, 0), 1) if step % 2 else _widen(pixels, 0) | _widen(pixels, 1)
    return pixels


def _widen(pixels: NDArray[np.bool_], axis: int) -> NDArray[np.bool_]:
    """Grow true pixels by one along an axis: 20 times as fast as scipy's dilation."""
    wider = pixels.copy()
    along, was = np.moveaxis(wider, axis, 0), np.moveaxis(pixels, axis, 0)
    along[1:] |= was[:-1]
    along[:-1] |= was[1:]
    return wider


class Zoom:
    """How many screen pixels an image pixel takes up, and a call whenever that changes."""

    def __init__(
        self, viewer: ViewerModel, micrograph: Micrograph, changed: Callable[[], None]
    ) -> None:
        self._camera = unwrapped(viewer).scene.camera
        self._side = _side_of(micrograph)
        self._changed = changed
        self._camera.events.zoom.connect(changed)

    @property
    def magnification(self) -> float:
        """Screen pixels per image pixel."""
        return self._camera.zoom * self._side

    def image_pixels(self, screen_pixels: float, most: int = 16) -> int:
        """Give the whole number of image pixels, 1 or more, that look this thick on screen."""
        return max(1, min(most, math.ceil(screen_pixels / self.magnification - 0.2)))

    def turn(self, micrograph: Micrograph) -> None:
        """Measure on another micrograph from now on."""
        self._side = _side_of(micrograph)

    def close(self) -> None:
        """Let go of the camera."""
        self._camera.events.zoom.disconnect(self._changed)


def _side_of(micrograph: Micrograph) -> float:
    """Give the side of an image pixel in world units."""
    return math.sqrt(math.prod(placement(micrograph)["scale"]))
