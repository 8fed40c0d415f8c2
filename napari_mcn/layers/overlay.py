"""The layer that lays a map of a crop, such as a saliency map, on the micrograph."""

from typing import Protocol

from napari.components import ViewerModel
from numpy.typing import ArrayLike, NDArray

from microcrystalnet.domain.micrograph import Micrograph


class Frame(Protocol):
    """Where a crop lies; `microcrystalnet.imaging.crops.CropFrame` is one."""

    def to_image(self, rows: ArrayLike, cols: ArrayLike) -> tuple[NDArray, NDArray]:
        """Give full-image coordinates of crop pixels."""


class OverlayLayer:
    """One float map over one crystal."""

    def __init__(self, viewer: ViewerModel, micrograph: Micrograph) -> None: ...

    visible: bool
    opacity: float

    def show_map(self, values: NDArray, frame: Frame, colormap: str = "magma") -> None:
        """Lay a (size, size) map where its crop was cut, replacing the last one."""

    def clear(self) -> None:
        """Show no map."""

    def close(self) -> None:
        """Remove the layer."""
