"""The layer that shows a proposed mask before it is accepted."""

from napari.components import ViewerModel

from microcrystalnet.domain.micrograph import Micrograph
from napari_mcn.layers.mark import MaskMark, Ring
from napari_mcn.layers.roles import Role

_FILL = (0.0, 0.9, 1.0, 0.35)
_EDGE = Ring((0.0, 1.0, 1.0, 1.0), 1.5)


class PreviewLayer(MaskMark):
    """A bright cyan fill with an outline."""

    def __init__(self, viewer: ViewerModel, micrograph: Micrograph) -> None:
        super().__init__(
            viewer, micrograph, Role.PREVIEW, "Proposed mask", fill=_FILL, rings=(_EDGE,)
        )
