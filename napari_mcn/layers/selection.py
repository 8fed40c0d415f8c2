"""The highlight around the selected crystal: a bright ring in a dark rim, seen at any zoom."""

from napari.components import ViewerModel

from microcrystalnet.domain.micrograph import Micrograph
from napari_mcn.layers.mark import MaskMark, Ring
from napari_mcn.layers.roles import Role

_YELLOW = Ring((1.0, 0.92, 0.0, 1.0), 3.0)
_RIM = Ring((0.0, 0.0, 0.0, 0.75), 1.0)


class Selection(MaskMark):
    """Highlights one mask at a time."""

    def __init__(self, viewer: ViewerModel, micrograph: Micrograph) -> None:
        super().__init__(
            viewer,
            micrograph,
            Role.SELECTION,
            "Selected crystal",
            fill=None,
            rings=(_YELLOW, _RIM),
        )
