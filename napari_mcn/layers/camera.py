"""Where the viewer looks."""

import numpy as np
from napari.components import ViewerModel

from microcrystalnet.domain.mask import Mask
from napari_mcn.layers.roles import Role, find, unwrapped


def fly_to(viewer: ViewerModel, target: Mask | tuple[float, float]) -> None:
    """Centre a mask's bounding box, or a (row, column), at the zoom in use."""
    viewer = unwrapped(viewer)
    layer = find(viewer, Role.MICROGRAPH)
    if layer is None:
        return
    point = _middle(target) if isinstance(target, Mask) else target
    viewer.scene.camera.center = tuple(layer.data_to_world(point))


def zoom_to(viewer: ViewerModel, mask: Mask, share: float = 0.3) -> None:
    """Centre a mask and zoom until it takes up this share of the window's shorter side."""
    viewer = unwrapped(viewer)
    layer = find(viewer, Role.MICROGRAPH)
    if layer is None:
        return
    height, width = np.multiply(mask.pixels.shape, layer.scale)
    viewer.scene.camera.zoom = share * min(viewer.canvas.size) / max(height, width)
    fly_to(viewer, mask)


def fit(viewer: ViewerModel) -> None:
    """Show the whole micrograph."""
    viewer = unwrapped(viewer)
    layer = find(viewer, Role.MICROGRAPH)
    if layer is not None:
        viewer.reset_view(layers=[layer], margin=0.02)


def _middle(mask: Mask) -> tuple[float, float]:
    box = mask.region
    return (box.row0 + box.row1 - 1) / 2, (box.col0 + box.col1 - 1) / 2
