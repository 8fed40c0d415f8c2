"""Measures the burnt-in scale bar, corrects for tilt, and chooses the part that is analysed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Region
from microcrystalnet.errors import ScaleBarError
from microcrystalnet.micrographs.databar import find_databar
from microcrystalnet.micrographs.known import badge_words, doubt_words, known_of
from microcrystalnet.micrographs.reader import read_pixels
from microcrystalnet.micrographs.scale_bar import ScaleBar, find_bar
from microcrystalnet.micrographs.settings import differ
from napari_mcn.notify import refusals_told, tell

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microcrystalnet.domain.micrograph import Micrograph, Scale
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.layers.stroke import Stroke
    from napari_mcn.panels.scale_page import ScalePage
    from napari_mcn.session import Session

BAR, REGION = "scale bar", "region"  # tools of the canvas
_WHAT_TO_DRAG = {
    BAR: "Drag along the scale bar",
    REGION: "Drag from corner to corner",
}
_AXIS = (
    "The axis of the tilt is taken to lie level in the picture, from left to right: widths stay "
    "as they are."
)
_OBLONG = 1e-6  # less is square
_LEVEL = 0.5  # degrees; less is no tilt


class ScaleController:
    """The Scale page."""

    def __init__(self, page: ScalePage, session: Session, canvas: Canvas) -> None:
        self._page, self._session, self._canvas = page, session, canvas
        self._bar: ScaleBar | None = None
        page.bar_tool_toggled.connect(lambda down: self._take(BAR if down else "look"))
        page.region_tool_toggled.connect(lambda down: self._take(REGION if down else "look"))
        page.bar_length_given.connect(self._on_length)
        page.tilt_given.connect(self._on_tilt)
        page.databar_requested.connect(self._on_databar)
        page.whole_requested.connect(self._on_whole)
        canvas.drawn.connect(self._on_drawn)
        session.events.image_id.connect(self._on_image)
        session.edited.connect(self._on_edited)
        self._on_image(session.image_id)

    def close(self) -> None:
        """Let go of the session and the canvas."""
        self._canvas.drawn.disconnect(self._on_drawn)
        self._session.events.image_id.disconnect(self._on_image)
        self._session.edited.disconnect(self._on_edited)

    def put_away(self) -> None:
        """Give the mouse back when the page is left."""
        if self._canvas.tool in (BAR, REGION):
            self._take("look")
        if self._bar is not None:
            self._canvas.preview(None)
        self._page.let_go()

    def _take(self, tool: str) -> None:
        self._canvas.use_tool(tool)
        # Not as a notification: it would lie on the databar.
        self._canvas.set_mode(_WHAT_TO_DRAG.get(tool, ""))

    def _on_drawn(self, stroke: Stroke) -> None:
        if self._canvas.tool == BAR:
            self._measure(stroke)
        elif self._canvas.tool == REGION:
            self._confine(stroke)

    @refusals_told
    def _measure(self, stroke: Stroke) -> None:
        bar = find_bar(self._pixels(), stroke.path[0], stroke.path[-1])
        self._bar = bar
        self._canvas.preview(_line(bar))
        self._page.set_bar(_found(bar), True)

    @refusals_told
    def _on_length(self, length_um: float) -> None:
        image_id, bar = self._session.image_id, self._bar
        if image_id is None or bar is None:
            raise ScaleBarError("Drag along the scale bar in the picture first.")
        before = self._session.project.state.micrograph(image_id).scale
        scale = bar.scale(length_um, before)
        self._session.project.set_scale(image_id, scale)
        self.put_away()
        _compare(before, scale)

    @refusals_told
    def _on_tilt(self, degrees: float) -> None:
        micrograph = self._session.micrograph
        if micrograph is not None:
            scale = micrograph.scale.corrected(degrees)
            self._session.project.set_scale(micrograph.image_id, scale)

    @refusals_told
    def _confine(self, stroke: Stroke) -> None:
        if stroke.is_click:
            raise ScaleBarError("Drag from corner to corner of the part to analyse.")
        (row0, col0), (row1, col1) = stroke.path[0], stroke.path[-1]
        rows, cols = sorted((row0, row1)), sorted((col0, col1))
        self._choose(Region(*map(round, (rows[0], cols[0], rows[1] + 1, cols[1] + 1))))
        self.put_away()

    @refusals_told
    def _on_databar(self) -> None:
        pixels = self._pixels()
        found = find_databar(pixels)
        if found is None:
            raise ScaleBarError(
                "No databar was recognised at the lower edge; draw the region by hand if there is "
                "one."
            )
        self._choose(found.region(pixels.shape[1]))

    @refusals_told
    def _on_whole(self) -> None:
        micrograph = self._session.micrograph
        if micrograph is not None:
            self._choose(Region(0, 0, micrograph.height, micrograph.width))

    def _choose(self, region: Region) -> None:
        if self._session.image_id is not None:
            self._session.project.set_region(self._session.image_id, region)

    def _pixels(self) -> NDArray[np.generic]:
        """Read the recorded pixels: those on the screen are clipped."""
        image_id = self._session.image_id
        if image_id is None:
            raise ScaleBarError("Open a micrograph on the Micrographs page first.")
        return read_pixels(self._session.project.image_path(image_id))

    def _on_image(self, _image_id: str | None) -> None:
        self.put_away()
        self._bar = None
        self._page.set_bar("", False)
        self._show()

    def _on_edited(self, change: Change) -> None:
        if change.kind == "images" and change.image_id == self._session.image_id:
            self.put_away()  # the micrograph is shown anew, with no tool in hand
            self._show()

    def _show(self) -> None:
        micrograph = self._session.micrograph
        self._page.set_present(micrograph is not None)
        if micrograph is None:
            self._page.set_next_step("Open a micrograph on the Micrographs page first.")
            return
        self._page.set_next_step(
            "Check the scale and the analysed part."
            if micrograph.calibrated
            else "Drag along the burnt-in scale bar, or type the pixel size on Micrographs."
        )
        self._page.set_scale(
            badge_words(micrograph), micrograph.calibrated, doubt_words(micrograph)
        )
        known = known_of(micrograph)
        self._page.set_known([(each.name, each.value, each.origin) for each in known])
        self._page.set_region(f"Analysed: {known[-1].value}.")
        self._show_tilt(micrograph)

    def _show_tilt(self, micrograph: Micrograph) -> None:
        taken = micrograph.acquisition
        tilt = micrograph.tilt_corrected or taken.tilt_degrees or 0.0
        self._page.set_tilt(_tilt_words(micrograph), abs(tilt), _no_tilt(micrograph))


def _tilt_words(micrograph: Micrograph) -> str:
    """Say what the tilt of the stage does to heights, or what was done about it."""
    tilt, done = micrograph.acquisition.tilt_degrees, micrograph.tilt_corrected
    if micrograph.acquisition.tilt_allowed:
        return "The microscope has corrected the heights for the tilt; nothing is to be done."
    if done is not None:
        return f"Heights are corrected for {abs(done):.4g}° of tilt; 0 takes that back. {_AXIS}"
    if tilt is None:
        return f"The file tells of no tilt; type it if the stage was tilted. {_AXIS}"
    if abs(tilt) <= _LEVEL:
        return "The stage was level, says the file."
    factor = 1 / np.cos(np.radians(tilt))
    return (
        f"The stage was tilted by {abs(tilt):.4g}°, says the file: heights show {factor:.3g} times "
        f"too short. {_AXIS}"
    )


def _no_tilt(micrograph: Micrograph) -> str:
    """Say why heights cannot be corrected now, or give an empty text."""
    if micrograph.acquisition.tilt_allowed:
        return "The microscope has corrected them already."
    return "" if micrograph.calibrated else "Give the micrograph a scale first."


def _compare(before: Scale, after: Scale) -> None:
    """Tell of another scale that there was, if it was not the same."""
    if before.pixel_size is None or after.pixel_size is None:
        return
    old, new = before.pixel_size.nm, after.pixel_size.nm
    if abs(before.ratio - 1) > _OBLONG:
        tell(
            f"Pixels stay {before.ratio:.4g} times as high as wide, as they were; the scale bar "
            "gave their size."
        )
    if differ(old, new):
        tell(
            f"The scale bar makes {new:.4g} nm per pixel but {old:.4g} stood there "
            f"({before.source}): "
            "one of them is wrong. Undo gives the old scale back."
        )


def _found(bar: ScaleBar) -> str:
    length = f"{bar.length_px:.2f} ± {bar.uncertainty * bar.length_px:.2f} pixels"
    if bar.snapped:
        return f"The bar is {length} long. Type the length written beside it."
    return f"No bar was found there; your line counts as drawn, {length}. Type its length."


def _line(bar: ScaleBar) -> Mask:
    """Give a bar as pixels to show."""
    pixels = np.ones((3, max(1, round(bar.length_px))))
    across, along = max(0, round(bar.across) - 1), round(bar.begin + 0.5)
    if bar.upright:
        return Mask.from_pixels(pixels.T, along, across)
    return Mask.from_pixels(pixels, across, along)
