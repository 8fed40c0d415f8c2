"""Quiet marks: what a click would outline, and which crystals are marked to be corrected."""

from napari.components import ViewerModel

from microcrystalnet.domain.micrograph import Micrograph
from napari_mcn.layers.mark import MaskMark, Ring
from napari_mcn.layers.roles import Role

_HOVER_EDGE = Ring((1.0, 1.0, 1.0, 0.8), 1.2)
_MARKED_FILL = (1.0, 0.62, 0.04, 0.45)


class HoverLayer(MaskMark):
    """A thin white outline of what a click would give."""

    def __init__(self, viewer: ViewerModel, micrograph: Micrograph) -> None:
        super().__init__(
            viewer, micrograph, Role.HOVER, "A click would outline", fill=None, rings=(_HOVER_EDGE,)
        )


class MarkedLayer(MaskMark):
    """An orange fill of all marked crystals as one mask.

    Without rings: around a mask as wide as the micrograph they would take 0.2 s.
    """

    def __init__(self, viewer: ViewerModel, micrograph: Micrograph) -> None:
        super().__init__(
            viewer, micrograph, Role.MARKED, "Marked crystals", fill=_MARKED_FILL, rings=()
        )
