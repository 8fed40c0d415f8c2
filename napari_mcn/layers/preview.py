"""The layer that shows a proposed mask before it is accepted."""

from napari.components import ViewerModel

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph


class PreviewLayer:
    """A bright cyan fill with an outline."""

    def __init__(self, viewer: ViewerModel, micrograph: Micrograph) -> None: ...

    @property
    def mask(self) -> Mask | None:
        """What is shown."""

    def set_mask(self, mask: Mask | None) -> None:
        """Show a mask instead of the last one; None shows nothing."""

    def close(self) -> None:
        """Remove the layer."""
