"""The layer that shows a micrograph, at its true scale, with its databar dimmed."""

from napari.components import ViewerModel
from napari.layers import Image
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import Micrograph


def show(viewer: ViewerModel, micrograph: Micrograph, pixels: NDArray) -> Image:
    """Replace the shown micrograph by this one, at the bottom, and fit it into the window."""
    raise NotImplementedError


def rescale(viewer: ViewerModel, micrograph: Micrograph) -> None:
    """Give every layer of ours the scale of a micrograph whose pixel size has become known."""
    raise NotImplementedError


def clear(viewer: ViewerModel) -> None:
    """Remove the micrograph and what shows its databar."""
    raise NotImplementedError
