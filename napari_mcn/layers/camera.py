"""Where the viewer looks."""

from napari.components import ViewerModel

from microcrystalnet.domain.mask import Mask


def fly_to(viewer: ViewerModel, target: Mask | tuple[float, float]) -> None:
    """Centre a mask, or a (row, column), at the zoom in use."""
    raise NotImplementedError


def zoom_to(viewer: ViewerModel, mask: Mask, share: float = 0.3) -> None:
    """Centre a mask and zoom until it takes up this share of the window's shorter side."""
    raise NotImplementedError


def fit(viewer: ViewerModel) -> None:
    """Show the whole micrograph."""
    raise NotImplementedError
