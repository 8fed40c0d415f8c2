"""The layer that outlines the crystals of one micrograph, selects them and lets a brush mend them."""

from collections.abc import Iterable
from enum import StrEnum

from napari.components import ViewerModel
from psygnal import Signal

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph


class Brush(StrEnum):
    """What dragging over the selected crystal does."""

    PAINT = "paint"
    ERASE = "erase"


class CrystalsLayer:
    """Outlines of crystals; one of them may be selected, and brushed."""

    crystal_clicked = Signal(str)  # crystal id under a plain left click
    background_clicked = Signal()  # a plain left click beside all crystals
    brushed = Signal(str, Mask)  # crystal id and its mask after a finished stroke

    def __init__(self, viewer: ViewerModel, micrograph: Micrograph) -> None: ...

    clickable: bool = True  # whether clicks are reported; off while prompts are being placed

    @property
    def selected(self) -> str | None:
        """The selected crystal."""

    @property
    def brush(self) -> Brush | None:
        """The tool in use, or None."""

    def set_crystals(self, crystals: Iterable[Crystal]) -> None:
        """Show exactly these crystals; a selection that is not among them ends."""

    def put(self, crystal: Crystal) -> None:
        """Add a crystal, or replace the one with its id; touches only its bounding box."""

    def remove(self, crystal_ids: Iterable[str]) -> None:
        """Take crystals away; unknown ids are ignored."""

    def crystal_at(self, row: float, col: float) -> str | None:
        """Give the topmost crystal at a pixel."""

    def mask_of(self, crystal_id: str) -> Mask:
        """Give a crystal's mask, including what the brush has done to it."""

    def select(self, crystal_id: str | None) -> None:
        """Highlight one crystal, or none."""

    def use_brush(self, brush: Brush | None, diameter: int | None = None) -> None:
        """Start or stop brushing the selected crystal; diameter in image pixels."""

    def close(self) -> None:
        """Remove the layers and let go of the viewer."""
