"""The layer that outlines the crystals of a micrograph, selects one and lets a brush mend it."""

import colorsys
from collections.abc import Generator, Iterable

import numpy as np
from napari.components import ViewerModel
from napari.layers import Labels
from napari.utils.colormaps import CyclicLabelColormap
from psygnal import Signal

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph, Region
from napari_mcn.layers.brush import Brush, BrushLayer
from napari_mcn.layers.contours import contour_fast
from napari_mcn.layers.curtain import set_visible
from napari_mcn.layers.instances import N_COLOURS, Instances
from napari_mcn.layers.mouse import LEFT, MouseEvent, point_of, until_release
from napari_mcn.layers.outline import Zoom
from napari_mcn.layers.raster import bypass_history, forget_history, refresh_window
from napari_mcn.layers.roles import Role, insert, metadata, placement, remove, turn, unwrapped
from napari_mcn.layers.selection import Selection

__all__ = ["Brush", "CrystalsLayer"]

_THICKEST = 4  # napari needs 120 ms for such outlines at 2048 x 2048, and more for thicker ones


class CrystalsLayer:
    """Outlines of crystals; one of them may be selected, and brushed."""

    crystal_clicked = Signal(str)  # crystal id under a plain left click
    brushed = Signal(str, Mask)  # crystal id and its mask after a finished stroke
    changed = Signal(object)  # the Region painted again, or None where it was the whole image

    def __init__(self, viewer: ViewerModel, micrograph: Micrograph) -> None:
        self.clickable = True  # whether clicks are reported; off while prompts are being placed
        self._viewer = unwrapped(viewer)
        self.instances = Instances(np.zeros((micrograph.height, micrograph.width), np.uint16))
        self.layer = _labels(micrograph, self.instances)
        insert(self._viewer, self.layer)
        self._selection = Selection(self._viewer, micrograph)
        self._brush_layer = BrushLayer(self._viewer, micrograph)
        self._brush_layer.stroked.connect(self._on_stroke)
        self._zoom = Zoom(self._viewer, micrograph, self.follow_zoom)
        self._viewer.mouse_drag_callbacks.append(self._on_press)
        self._selected: str | None = None
        self._brush: Brush | None = None
        self._diameter: int | None = None
        self.follow_zoom()

    @property
    def selected(self) -> str | None:
        """The selected crystal."""
        return self._selected

    @property
    def brush(self) -> Brush | None:
        """The tool in use, or None."""
        return self._brush

    @property
    def visible(self) -> bool:
        """Whether the outlines are shown."""
        return self.layer.visible

    @visible.setter
    def visible(self, visible: bool) -> None:
        self.layer.visible = visible

    def set_crystals(self, crystals: Iterable[Crystal]) -> None:
        """Show exactly these crystals; a selection that is not among them ends.

        Raises
        ------
        MaskError
            If a mask reaches beyond the micrograph.
        """
        insert(self._viewer, self.layer)
        try:
            self.instances.replace(crystals)
        finally:  # crystals that were shown before are not there any more
            self.layer.refresh(extent=False)
            self.changed.emit(None)
        self.select(self._selected if self._selected in self.instances else None)

    def put(self, crystal: Crystal) -> None:
        """Add a crystal, or replace the one with its id; touches only its bounding box.

        Raises
        ------
        MaskError
            If the mask reaches beyond the micrograph.
        """
        self._repainted(self.instances.put(crystal))
        if crystal.crystal_id == self._selected:
            self.select(self._selected)

    def remove(self, crystal_ids: Iterable[str]) -> None:
        """Take crystals away; unknown ids are ignored."""
        for crystal_id in crystal_ids:
            region = self.instances.remove(crystal_id)
            if region is not None:
                self._repainted(region)
        if self._selected is not None and self._selected not in self.instances:
            self.select(None)

    def crystal_at(self, row: float, col: float) -> str | None:
        """Give the topmost crystal at a place in full-image pixels."""
        return self.instances.at(round(row), round(col))

    def mask_of(self, crystal_id: str) -> Mask:
        """Give a crystal's mask as it was put, parts hidden by others included.

        Raises
        ------
        KeyError
            If no such crystal is shown.
        """
        return self.instances.mask(crystal_id)

    def select(self, crystal_id: str | None) -> None:
        """Highlight one crystal, or none; an id that is not shown selects none."""
        self._selected = crystal_id if crystal_id in self.instances else None
        mask = None if self._selected is None else self.mask_of(self._selected)
        self._selection.set_mask(mask)
        if self._brush is not None:
            self._brush_selected()

    def use_brush(self, brush: Brush | None, diameter: int | None = None) -> None:
        """Start or stop brushing the selected crystal; diameter in image pixels."""
        self._brush, self._diameter = brush, diameter
        self._brush_selected()

    def turn(self, micrograph: Micrograph, crystals: Iterable[Crystal] = ()) -> None:
        """Show other crystals, on another micrograph, and give the mouse back.

        Raises
        ------
        MaskError
            If a mask reaches beyond the micrograph; no crystal is shown then.
        """
        self._brush, self._diameter, self.clickable = None, None, True
        self._selected = None
        for each in (self._brush_layer, self._selection):
            each.turn(micrograph)
        self._zoom.turn(micrograph)
        turn(self.layer, micrograph)
        set_visible(self.layer, True)
        forget_history(self.layer)
        shape = micrograph.height, micrograph.width
        if self.instances.values.shape != shape:
            self.instances = Instances(np.zeros(shape, np.uint16))
            self.layer.data = self.instances.values
        self.set_crystals(crystals)

    def close(self) -> None:
        """Remove the layers and let go of the viewer."""
        self._viewer.mouse_drag_callbacks.remove(self._on_press)
        self._zoom.close()
        self._brush_layer.stroked.disconnect(self._on_stroke)
        self._brush_layer.close()
        self._selection.close()
        remove(self._viewer, self.layer)

    def _repainted(self, region: Region) -> None:
        insert(self._viewer, self.layer)
        refresh_window(self.layer, region)
        self.changed.emit(region)

    def _brush_selected(self) -> None:
        if self._brush is None or self._selected is None:
            self._brush_layer.stop()
            return
        self._brush_layer.start(self.mask_of(self._selected), self._brush, self._diameter)

    def _on_press(self, _viewer: ViewerModel, event: MouseEvent) -> Generator[None, None, None]:
        plain = event.button == LEFT and not event.modifiers
        clicked = yield from until_release(event)
        if clicked and plain and self.clickable and self._brush is None:
            self._on_click(event)

    def _on_click(self, event: MouseEvent) -> None:
        point = point_of(self.layer, event)
        crystal_id = self.crystal_at(point.row, point.col)
        if crystal_id is not None:
            self.crystal_clicked.emit(crystal_id)

    def _on_stroke(self, mask: Mask) -> None:
        if self._selected is not None:
            self.brushed.emit(self._selected, mask)

    def follow_zoom(self) -> None:
        """Keep the outlines about one screen pixel thick, as far as napari does it fast."""
        wanted = self._zoom.image_pixels(1.2, _THICKEST)
        if wanted != self.layer.contour:
            self.layer.contour = wanted


def _labels(micrograph: Micrograph, instances: Instances) -> Labels:
    layer = Labels(
        instances.values,
        name="Crystals",
        metadata=metadata(Role.CRYSTALS, micrograph.image_id),
        colormap=CyclicLabelColormap(colors=_colours(), background_value=0),
        opacity=0.9,
        **placement(micrograph),
    )
    bypass_history(layer)
    contour_fast(layer)
    layer.editable = False
    return layer


def _colours() -> np.ndarray:
    """Give light, saturated colours, none as yellow as the selection; neighbours differ most."""
    hues = (0.2 + 0.92 * ((np.arange(N_COLOURS) * 0.618034) % 1)) % 1
    pure = np.array([colorsys.hsv_to_rgb(hue, 0.9, 1.0) for hue in hues])
    lightness = pure @ (0.299, 0.587, 0.114)
    white = np.clip((0.62 - lightness) / (1 - lightness), 0, 1)[:, None]  # mixed into dark hues
    opaque = np.column_stack([pure + white * (1 - pure), np.ones(N_COLOURS)])
    return np.vstack([np.zeros(4), opaque]).astype(np.float32)
