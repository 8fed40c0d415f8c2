"""Everything of ours that lies on the shown micrograph, coming and going as one thing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from napari.components import ViewerModel
from psygnal import Signal

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prompt import Prompt
from microcrystalnet.imaging.contrast import to_uint8
from napari_mcn.layers import camera, micrograph, mode
from napari_mcn.layers.axes import axes_once
from napari_mcn.layers.crystals import Brush
from napari_mcn.layers.curtain import Curtain, is_visible
from napari_mcn.layers.prompts import Tool
from napari_mcn.layers.sheet import Sheet
from napari_mcn.layers.status import tell_of_place
from napari_mcn.layers.strays import Strays
from napari_mcn.layers.stroke import Stroke

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from microcrystalnet.domain.crystal import Crystal
    from microcrystalnet.domain.micrograph import Micrograph
    from microcrystalnet.domain.scheme import Scheme

TOOLS = {"prompt": Tool.POINT, "box": Tool.BOX}
UNSHADED = frozenset({"scale bar", "region"})  # tools that need the databar read
STROKES = frozenset({"lasso", "merge", "cut", "scale bar", "region"})  # tools that draw a line


class Canvas:
    """What controllers see of the viewer; its signals outlive the micrographs."""

    crystal_clicked = Signal(str)
    prompt_changed = Signal(Prompt)
    hovered = Signal(float, float)  # row, col under a mouse that holds no button
    drawn = Signal(Stroke)  # by the lasso, merge and cut tools
    brushed = Signal(str, Mask)
    refused = Signal(str)  # a sentence: the user pointed where there is nothing to outline
    classes_changed = Signal()  # other classes are to be shown than before
    files_dropped = Signal(list)  # paths of images that napari opened as layers of its own

    def __init__(self, viewer: ViewerModel) -> None:
        self.viewer = viewer
        self.pixels: NDArray[np.uint8] | None = None
        self.sheet: Sheet | None = None
        self.remarks: Mapping[str, str] = {}  # crystal id: what the status line says of it
        self.settled: Mapping[str, str | None] | None = None  # shown instead of own answers
        self.told = False  # whether predictions stand beside the micrograph, as in the gallery
        self._curtain = Curtain(viewer)
        self._camera_held = False
        self._kept_zoom: float | None = None
        self._tool, self._positive = "look", True
        self._strays = Strays(viewer)
        self._strays.found.connect(lambda paths: self.files_dropped.emit(paths))

    def show(
        self,
        shown: Micrograph,
        pixels: NDArray[np.generic],
        scheme: Scheme,
        grey: NDArray[np.uint8] | None = None,
        crystals: Iterable[Crystal] = (),
        *,
        classes: Mapping[str, str | None] | None = None,
    ) -> None:
        """Show a micrograph (height, width) with nothing over it but these crystals and classes.

        ``grey`` are the pixels in 0..255 where they are known; ``classes`` as in the class map.
        Layers are used again where they fit: napari takes a second for others.
        """
        if self.sheet is None or not self.sheet.fits(scheme):
            self.clear()
        self.pixels = to_uint8(pixels) if grey is None else grey
        if self.sheet is None:
            self.sheet = self._build(shown, pixels, scheme)
            self.sheet.class_map.set_classes(classes or {})
            self.sheet.crystals.set_crystals(crystals)
        else:
            with axes_once(self.viewer):
                micrograph.turn(self.viewer, shown, pixels)
                self.sheet.turn(shown, crystals, classes or {})
                self._look_again()

    def _look_again(self) -> None:
        if self._kept_zoom is None:
            camera.fit(self.viewer)
        else:
            camera.take_zoom(self.viewer, self._kept_zoom, None)
        self.sheet.crystals.follow_zoom()

    def _build(self, shown: Micrograph, pixels: NDArray[np.generic], scheme: Scheme) -> Sheet:
        layer = micrograph.show(self.viewer, shown, pixels)
        tell_of_place(layer, self._remark_at)
        sheet = Sheet(self.viewer, shown, scheme)
        # Not the bare `emit`: psygnal would hand it its own second argument as well.
        sheet.crystals.crystal_clicked.connect(lambda each: self.crystal_clicked.emit(each))
        sheet.crystals.brushed.connect(lambda each, mask: self.brushed.emit(each, mask))
        sheet.prompts.prompt_changed.connect(lambda prompt: self.prompt_changed.emit(prompt))
        sheet.prompts.refused.connect(lambda sentence: self.refused.emit(sentence))
        sheet.prompts.hover.connect(lambda row, col: self.hovered.emit(row, col))
        sheet.stroke.drawn.connect(lambda stroke: self.drawn.emit(stroke))
        return sheet

    def clear(self) -> None:
        """Show no micrograph."""
        self.pixels = None
        if self.sheet is not None:
            with self.viewer.layers.batched_update():  # or napari tidies up after each layer
                self.sheet.close()
                self.sheet = None
                micrograph.clear(self.viewer)

    def close(self) -> None:
        """Show no micrograph, and let go of the viewer."""
        self.clear()
        self._strays.close()

    def take_stray(self, path: Path) -> None:
        """Remove the layers that napari made of a file which is a micrograph of ours now."""
        self._strays.take(path)

    def set_crystals(self, crystals: Mapping[str, Crystal]) -> None:
        """Outline exactly these crystals."""
        if self.sheet is not None:
            self.sheet.crystals.set_crystals(crystals.values())

    def update_crystals(self, crystals: Mapping[str, Crystal | None]) -> None:
        """Outline these anew; None takes a crystal away."""
        if self.sheet is None:
            return
        self.sheet.crystals.remove([each for each, now in crystals.items() if now is None])
        for crystal in crystals.values():
            if crystal is not None:
                self.sheet.crystals.put(crystal)

    def select(self, crystal_id: str | None) -> None:
        """Highlight one crystal."""
        if self.sheet is not None:
            self.sheet.crystals.select(crystal_id)

    def preview(self, mask: Mask | None) -> None:
        """Show a proposed mask, or none."""
        if self.sheet is not None:
            self.sheet.preview.set_mask(mask)

    def propose(self, masks: Sequence[Mask]) -> None:
        """Outline masks that an automatic pass proposes; none takes them away."""
        if self.sheet is not None:
            self.sheet.proposals.set_masks(masks)

    def judge(self, missed: Sequence[Mask], invented: Sequence[Mask]) -> None:
        """Box what a comparison found missing, and what should not be there."""
        if self.sheet is not None:
            self.sheet.missed.set_masks(missed)
            self.sheet.invented.set_masks(invented)

    def hint(self, mask: Mask | None) -> None:
        """Show what a click would outline, or nothing."""
        if self.sheet is not None and mask != self.sheet.hover.mask:
            self.sheet.hover.set_mask(mask)

    def mark(self, mask: Mask | None) -> None:
        """Show which crystals are marked, as one mask, or none."""
        if self.sheet is not None:
            self.sheet.marked.set_mask(mask)

    def set_prompt(self, prompt: Prompt) -> None:
        """Show clicks and a box that the user did not make just now."""
        if self.sheet is not None:
            self.sheet.prompts.set_prompt(prompt)

    def clear_prompt(self) -> None:
        """Forget the clicks and the box."""
        if self.sheet is not None:
            self.sheet.prompts.clear()

    @property
    def positive(self) -> bool:
        """Whether clicks and the brush add; otherwise they cut away."""
        return self._positive

    @positive.setter
    def positive(self, positive: bool) -> None:
        self._positive = positive
        self._apply_tool()

    @property
    def tool(self) -> str:
        """What the mouse does on the micrograph."""
        return self._tool

    def use_tool(self, tool: str) -> None:
        """Give the mouse a tool: look, prompt, box, brush or one of `STROKES`."""
        self._tool = tool
        self._apply_tool()

    def _apply_tool(self) -> None:
        if self.sheet is None:
            return
        micrograph.shade(self.viewer, self._tool not in UNSHADED)
        brush = Brush.PAINT if self._positive else Brush.ERASE
        self.sheet.prompts.positive = self._positive
        # Off before the prompts are on: both switch the cursor and napari's zoom.
        self.sheet.stroke.active = False
        self.sheet.prompts.tool = TOOLS.get(self._tool, Tool.OFF)
        self.sheet.stroke.active = self._tool in STROKES
        self.sheet.crystals.clickable = self._tool not in TOOLS and self._tool not in STROKES
        self.sheet.crystals.use_brush(brush if self._tool == "brush" else None)

    @property
    def assist(self) -> str:
        """What of the classifier's is in view: none, prediction or saliency."""
        if self.sheet is None:
            return "none"
        if is_visible(self.sheet.overlay.layer):
            return "saliency"
        return "prediction" if self.told or self.sheet.predicted.visible else "none"

    def crystal_at(self, row: float, col: float) -> str | None:
        """Give the topmost crystal at a place in full-image pixels."""
        return None if self.sheet is None else self.sheet.crystals.crystal_at(row, col)

    def _remark_at(self, row: float, col: float) -> str:
        crystal_id = self.crystal_at(row, col)
        return "" if crystal_id is None else self.remarks.get(crystal_id, "")

    @property
    def middle(self) -> tuple[float, float]:
        """The row and column in the middle of the view, in full-image pixels."""
        return camera.middle_of(self.viewer)

    def fly_to(self, mask: Mask) -> None:
        """Bring a crystal to the middle, unless the camera is held."""
        if not self._camera_held:
            camera.fly_to(self.viewer, mask)

    def come_near(self, mask: Mask) -> None:
        """Bring a crystal to the middle, and near enough to judge it."""
        camera.come_near(self.viewer, mask)

    @contextmanager
    def view_kept(self) -> Iterator[None]:
        """Show the same micrograph anew, at another scale perhaps, without moving the view."""
        place, zoom = camera.middle_of(self.viewer), camera.zoom_of(self.viewer)
        try:
            yield
        finally:
            if zoom is not None:
                camera.look_at(self.viewer, place, zoom)

    @contextmanager
    def camera_held(self) -> Iterator[None]:
        """Select without moving the view: the user is already looking there."""
        self._camera_held = True
        try:
            yield
        finally:
            self._camera_held = False

    @contextmanager
    def zoom_kept(self) -> Iterator[None]:
        """Go to a crystal, of another micrograph even, at the zoom in use."""
        zoom = self._kept_zoom = camera.zoom_of(self.viewer)
        try:
            yield
        finally:
            self._kept_zoom = None
        if zoom is not None and self.sheet is not None:
            selected = self.sheet.crystals.selected
            mask = None if selected is None else self.sheet.crystals.mask_of(selected)
            camera.take_zoom(self.viewer, zoom, mask)

    def set_mode(self, text: str) -> None:
        """Write over the micrograph what the keys do; empty takes it away."""
        mode.show(self.viewer, text)

    def show_settled(self, classes: Mapping[str, str | None] | None) -> None:
        """Colour crystals by what is settled, by crystal id; None: by the expert's own answers."""
        if classes is not None or self.settled is not None:
            self.settled = classes
            self.classes_changed.emit()

    def hide_overlays(self) -> None:
        """Bare the micrograph while a key is held."""
        self._curtain.hide()

    def show_overlays(self) -> None:
        """Show again what was hidden."""
        self._curtain.show()
