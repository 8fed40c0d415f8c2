"""Where the viewer looks."""

import numpy as np
from napari.components import ViewerModel
from napari.layers import Layer
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from napari_mcn.layers.roles import Role, find, unwrapped

LEAST_SHARE = 0.15  # of the window's shorter side: a smaller crystal shows no edges to judge by
NEAR_SHARE = 0.3
_MARGIN = 0.02  # of the window, left free around a micrograph


def fly_to(viewer: ViewerModel, target: Mask | tuple[float, float]) -> None:
    """Centre a mask's bounding box, or a (row, column), at the zoom in use.

    Near the border the view stops there, so that no part of the window shows nothing.
    """
    viewer = unwrapped(viewer)
    layer = find(viewer, Role.MICROGRAPH)
    if layer is None:
        return
    point = _middle(target) if isinstance(target, Mask) else target
    middle = np.asarray(layer.data_to_world(point))[-2:]
    reach = np.divide(viewer.canvas.size, 2 * viewer.scene.camera.zoom)
    viewer.scene.camera.center = tuple(_inside(middle, _outer_edges(layer), reach))


def come_near(viewer: ViewerModel, mask: Mask) -> None:
    """Centre a mask, and zoom in on one too small to judge in the window as it is."""
    viewer = unwrapped(viewer)
    layer = find(viewer, Role.MICROGRAPH)
    if layer is None:
        return
    side, window = max(np.multiply(mask.pixels.shape, layer.scale)), min(viewer.canvas.size)
    if side * viewer.scene.camera.zoom < LEAST_SHARE * window:
        viewer.scene.camera.zoom = NEAR_SHARE * window / side
    fly_to(viewer, mask)


def middle_of(viewer: ViewerModel) -> tuple[float, float]:
    """Give the row and column in the middle of the view; (0, 0) where no micrograph is shown."""
    viewer = unwrapped(viewer)
    layer = find(viewer, Role.MICROGRAPH)
    if layer is None:
        return 0.0, 0.0
    row, col = layer.world_to_data(viewer.scene.camera.center[-2:])
    return float(row), float(col)


def zoom_of(viewer: ViewerModel) -> float | None:
    """Give the screen pixels per image pixel; None where no micrograph is shown."""
    viewer = unwrapped(viewer)
    layer = find(viewer, Role.MICROGRAPH)
    return None if layer is None else float(viewer.scene.camera.zoom * layer.scale[-1])


def take_zoom(viewer: ViewerModel, zoom: float, mask: Mask | None) -> None:
    """Show a mask at a zoom in screen pixels per image pixel, or smaller if it would not fit."""
    viewer = unwrapped(viewer)
    layer = find(viewer, Role.MICROGRAPH)
    if layer is None:
        return
    wanted = zoom / layer.scale[-1]
    if mask is not None:
        sides = np.multiply(mask.pixels.shape, layer.scale[-2:])
        wanted = min(wanted, *np.divide(viewer.canvas.size, 1.2 * sides))
    if not np.isclose(wanted, viewer.scene.camera.zoom):
        viewer.scene.camera.zoom = float(wanted)
        if mask is not None:
            fly_to(viewer, mask)


def look_at(viewer: ViewerModel, place: tuple[float, float], zoom: float) -> None:
    """Have a (row, column) in the middle, at a zoom in screen pixels per image pixel."""
    viewer = unwrapped(viewer)
    layer = find(viewer, Role.MICROGRAPH)
    if layer is not None:
        viewer.scene.camera.zoom = float(zoom / layer.scale[-1])
        viewer.scene.camera.center = tuple(map(float, layer.data_to_world(place)[-2:]))


def fit(viewer: ViewerModel) -> None:
    """Show the whole micrograph."""
    viewer = unwrapped(viewer)
    layer = find(viewer, Role.MICROGRAPH)
    if layer is not None:
        show_whole(viewer, layer)


def show_whole(viewer: ViewerModel, layer: Layer) -> None:
    """Fit a layer into the window.

    While a stack lies in the viewer beside it, as a dropped file of several pictures does for a
    moment, napari looks for axes that the layer does not have; it is then fitted by hand.
    """
    if viewer.dims.ndim == layer.ndim:
        viewer.reset_view(layers=[layer], margin=_MARGIN)
        return
    first, last = _outer_edges(layer)
    room = np.multiply(viewer.canvas.size, 1 - _MARGIN)
    viewer.scene.camera.zoom = float(np.min(room / (last - first)))
    viewer.scene.camera.center = (0.0, *map(float, (first + last) / 2))


def _middle(mask: Mask) -> tuple[float, float]:
    box = mask.region
    return (box.row0 + box.row1 - 1) / 2, (box.col0 + box.col1 - 1) / 2


def _outer_edges(layer: Layer) -> NDArray[np.float64]:
    """Give the world coordinates (2, 2) of the corners, half a pixel beyond the pixel centres."""
    half = np.multiply(layer.scale[-2:], 0.5)
    return layer.extent.world[:, -2:] + np.stack([-half, half])


def _inside(
    middle: NDArray[np.float64], extent: NDArray[np.float64], reach: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Move the middle of a view so that it shows as much of the ``extent`` (2, 2) as it can."""
    low, high = extent[0] + reach, extent[1] - reach
    return np.where(low <= high, np.clip(middle, low, np.maximum(low, high)), extent.mean(axis=0))
