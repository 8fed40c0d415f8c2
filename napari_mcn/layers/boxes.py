"""The layer that draws teal boxes around crystals, such as misclassified ones."""

from collections.abc import Iterable

from napari.components import ViewerModel

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph


class BoxesLayer:
    """Rectangles around masks."""

    def __init__(self, viewer: ViewerModel, micrograph: Micrograph) -> None: ...

    visible: bool

    def set_masks(self, masks: Iterable[Mask]) -> None:
        """Draw a box around each of these masks and none else."""

    def close(self) -> None:
        """Remove the layer."""
