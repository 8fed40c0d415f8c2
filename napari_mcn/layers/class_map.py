"""The layer that fills labelled crystals with the colour of their class."""

from collections.abc import Mapping

from napari.components import ViewerModel

from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.domain.scheme import Scheme
from napari_mcn.layers.crystals import CrystalsLayer
from napari_mcn.layers.roles import Role

UNCLEAR = "unclear"  # code of a crystal whose expert said *unclear*
DISCARDED = "not a crystal"  # code of a crystal whose expert said *not a crystal*


class ClassMapLayer:
    """A uint8 map of class codes over the crystals; `Role.PREDICTED_MAP` for predictions."""

    def __init__(
        self,
        viewer: ViewerModel,
        micrograph: Micrograph,
        scheme: Scheme,
        crystals: CrystalsLayer,
        role: Role = Role.CLASS_MAP,
    ) -> None: ...

    visible: bool

    def set_classes(self, classes: Mapping[str, str | None]) -> None:
        """Colour exactly these crystals: crystal id -> class code, UNCLEAR, DISCARDED or None."""

    def set_class(self, crystal_id: str, code: str | None) -> None:
        """Colour one crystal; None takes its colour away."""

    def code_at(self, row: float, col: float) -> str | None:
        """Give the code shown at a pixel."""

    def close(self) -> None:
        """Remove the layer and let go of the crystals."""
