"""The layers over one micrograph, made and removed together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_mcn.layers.boxes import BoxesLayer
from napari_mcn.layers.class_map import ClassMapLayer
from napari_mcn.layers.crystals import CrystalsLayer
from napari_mcn.layers.filtered import FilteredLayer
from napari_mcn.layers.hints import HoverLayer, MarkedLayer
from napari_mcn.layers.overlay import OverlayLayer
from napari_mcn.layers.preview import PreviewLayer
from napari_mcn.layers.prompts import PromptsLayer
from napari_mcn.layers.proposals import ProposalsLayer
from napari_mcn.layers.roles import Role, ours, role_of, unwrapped
from napari_mcn.layers.stroke import StrokeLayer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from napari.components import ViewerModel

    from microcrystalnet.domain.crystal import Crystal
    from microcrystalnet.domain.micrograph import Micrograph
    from microcrystalnet.domain.scheme import Scheme

MISSED, INVENTED = "#ff9f1c", "#ff4fd8"  # orange and magenta, told apart by anyone


class Sheet:
    """The layers over one micrograph."""

    def __init__(self, viewer: ViewerModel, shown: Micrograph, scheme: Scheme) -> None:
        self._viewer, self.shown, self._scheme = unwrapped(viewer), shown, scheme
        self.crystals = CrystalsLayer(viewer, shown)
        self.class_map = ClassMapLayer(viewer, shown, scheme, self.crystals)
        self.predicted = ClassMapLayer(
            viewer, shown, scheme, self.crystals, role=Role.PREDICTED_MAP
        )
        self.predicted.visible = False
        self.filtered = FilteredLayer(viewer, shown)
        self.proposals = ProposalsLayer(viewer, shown)
        self.missed = BoxesLayer(viewer, shown, Role.MISSED, "Missed", MISSED)
        self.invented = BoxesLayer(viewer, shown, Role.INVENTED, "Invented", INVENTED)
        self.boxes = BoxesLayer(viewer, shown)
        self.overlay = OverlayLayer(viewer, shown)
        self.overlay.seen.connect(self._veil_classes)
        self.marked = MarkedLayer(viewer, shown)
        self.hover = HoverLayer(viewer, shown)
        self.preview = PreviewLayer(viewer, shown)
        self.prompts = PromptsLayer(viewer, shown)
        self.stroke = StrokeLayer(viewer, shown)

    def _veil_classes(self, veiled: bool) -> None:
        for each in (self.class_map, self.predicted):
            each.veil(veiled)

    def fits(self, scheme: Scheme) -> bool:
        """Say whether the layers can lie on another micrograph, whose classes are of a scheme.

        A copy that the user made of a layer is not ours to turn; it goes with the micrograph it
        shows.
        """
        roles = [role_of(each) for each in ours(self._viewer)]
        alone = len(roles) == len(set(roles)) and Role.MICROGRAPH in roles
        return alone and self._scheme == scheme

    def turn(
        self, shown: Micrograph, crystals: Iterable[Crystal], classes: Mapping[str, str | None]
    ) -> None:
        """Lie on another micrograph, with these crystals, as if made anew for it.

        ``classes`` are for the class map, by crystal id.

        Raises
        ------
        MaskError
            If a mask reaches beyond the micrograph; no crystal is shown then.
        """
        self.shown = shown
        for each in (self.stroke, self.prompts, self.preview, self.hover, self.marked):
            each.turn(shown)
        self.overlay.turn(shown)
        for each in (self.boxes, self.invented, self.missed):
            each.turn(shown)
        self.proposals.turn(shown)
        self.filtered.turn(shown)
        self.predicted.turn(shown, {})
        self.class_map.turn(shown, classes)
        self.class_map.visible, self.predicted.visible = True, False
        self.crystals.turn(shown, crystals)

    def close(self) -> None:
        """Remove the layers, those that depend on others first."""
        for each in (self.stroke, self.prompts, self.preview, self.hover, self.marked):
            each.close()
        for each in (
            self.overlay,
            self.boxes,
            self.invented,
            self.missed,
            self.proposals,
            self.filtered,
        ):
            each.close()
        for each in (self.predicted, self.class_map, self.crystals):
            each.close()
