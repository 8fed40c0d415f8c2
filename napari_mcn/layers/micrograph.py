"""The layer that shows a micrograph, at its true scale, with its databar dimmed."""

import math

import numpy as np
from napari.components import ViewerModel
from napari.components.overlays import TextOverlay
from napari.layers import Image, Shapes
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import Micrograph, Region
from microcrystalnet.imaging.contrast import limits
from microcrystalnet.micrographs.known import badge_lines, doubt_words
from napari_mcn.layers.camera import show_whole
from napari_mcn.layers.curtain import set_visible
from napari_mcn.layers.roles import (
    BEHIND,
    Role,
    find,
    image_of,
    insert,
    metadata,
    ours,
    placement,
    remove,
    unwrapped,
)
from napari_mcn.layers.roles import turn as turn_layer

_SHADE = 0.6
BADGE = "napari-mcn scale"  # among the overlays of the canvas
_CALIBRATED = None  # napari then writes dark on its light theme and light on its dark one
_UNCALIBRATED = (1.0, 0.35, 0.3, 1.0)
_SAMPLE = 500_000  # pixels looked at for the contrast; more do not change it


def show(viewer: ViewerModel, micrograph: Micrograph, pixels: NDArray) -> Image:
    """Replace the shown micrograph by this one, at the bottom, and fit it into the window.

    Layers of ours that belong to another micrograph are removed. ``pixels`` is (height, width), of
    any real dtype.
    """
    viewer = unwrapped(viewer)
    layer = Image(
        pixels,
        name=micrograph.file_name,
        metadata=metadata(Role.MICROGRAPH, micrograph.image_id),
        contrast_limits=contrast_limits(pixels, micrograph.region),
        colormap="gray",
        interpolation2d="linear",
        **placement(micrograph),
    )
    _remove_others(viewer, micrograph)
    insert(viewer, layer)
    viewer.layers.selection.active = layer
    _shade_databar(viewer, micrograph)
    _show_scale(viewer, micrograph)
    show_whole(viewer, layer)
    return layer


def turn(viewer: ViewerModel, micrograph: Micrograph, pixels: NDArray) -> None:
    """Show another micrograph, of any kind of pixels, in the layer of the last."""
    viewer = unwrapped(viewer)
    layer = find(viewer, Role.MICROGRAPH)
    layer.name = micrograph.file_name
    layer.data = pixels
    layer.contrast_limits_range = seen = contrast_limits(pixels, micrograph.region)
    layer.contrast_limits = seen
    turn_layer(layer, micrograph)
    set_visible(layer, True)
    viewer.layers.selection.active = layer
    viewer.status = ""  # it told of a place on the last micrograph
    _turn_databar(viewer, micrograph)
    _show_scale(viewer, micrograph)


def clear(viewer: ViewerModel) -> None:
    """Remove the micrograph and what shows its databar."""
    viewer = unwrapped(viewer)
    for role in (Role.DATABAR, Role.MICROGRAPH):
        layer = find(viewer, role)
        if layer is not None:
            remove(viewer, layer)
    if BADGE in viewer.canvas.overlays:
        viewer.canvas.overlays[BADGE].visible = False


def shade(viewer: ViewerModel, shaded: bool) -> None:
    """Dim what lies outside the analysis region, or leave it bright and bare to be read."""
    layer = find(unwrapped(viewer), Role.DATABAR)
    if layer is not None and layer.visible != shaded:
        layer.visible = shaded
        overlays = unwrapped(viewer).canvas.overlays
        overlays.scale_bar.visible = shaded  # it would lie on the burnt-in one
        if BADGE in overlays:
            overlays[BADGE].visible = shaded


def contrast_limits(pixels: NDArray, region: Region) -> tuple[float, float]:
    """Give the 0.1 and 99.9 percentile inside the analysis region; never equal."""
    seen = pixels[region.row0 : region.row1, region.col0 : region.col1]
    step = max(1, math.isqrt(seen.size // _SAMPLE))
    low, high = limits(seen[::step, ::step])
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _remove_others(viewer: ViewerModel, micrograph: Micrograph) -> None:
    clear(viewer)
    stale = [each for each in ours(viewer) if image_of(each) != micrograph.image_id]
    if stale:
        with viewer.layers.batched_update():
            for layer in stale:
                remove(viewer, layer)


def _shade_databar(viewer: ViewerModel, micrograph: Micrograph) -> None:
    strips = _corners(micrograph)
    if strips:
        shade = Shapes(
            strips,
            shape_type="rectangle",
            name="Databar (not analysed)",
            metadata=metadata(Role.DATABAR, micrograph.image_id),
            face_color="black",
            edge_width=0,
            opacity=_SHADE,
            **placement(micrograph),
        )
        shade.editable = False
        insert(viewer, shade)


def _turn_databar(viewer: ViewerModel, micrograph: Micrograph) -> None:
    """Dim the databar of another micrograph, which lies where the last one's did as a rule."""
    layer, strips = find(viewer, Role.DATABAR), _corners(micrograph)
    if layer is None:
        _shade_databar(viewer, micrograph)
        return
    if not np.array_equal([(each.min(0), each.max(0)) for each in layer.data], strips):
        layer.data = []  # what is drawn in place of others would take over their shape
        layer.add_rectangles(strips, edge_width=0, face_color="black")
    turn_layer(layer, micrograph)
    if not layer.visible:
        layer.visible = True


def _corners(micrograph: Micrograph) -> list[NDArray[np.float64]]:
    """Give two corners of each strip outside the analysis region: pixel edges, not centres."""
    return [np.array(corners) - 0.5 for corners in _outside(micrograph)]


def _outside(micrograph: Micrograph) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Give corners of the strips above, below, left and right of the analysis region."""
    height, width, region = micrograph.height, micrograph.width, micrograph.region
    strips = [
        ((0, 0), (region.row0, width)),
        ((region.row1, 0), (height, width)),
        ((region.row0, 0), (region.row1, region.col0)),
        ((region.row0, region.col1), (region.row1, width)),
    ]
    return [each for each in strips if each[0][0] < each[1][0] and each[0][1] < each[1][1]]


def _show_scale(viewer: ViewerModel, micrograph: Micrograph) -> None:
    """Show a scale bar, in red and in pixels while the pixel size is unknown."""
    bar = viewer.canvas.overlays.scale_bar
    bar.visible = bar.box = True
    bar.colored = not micrograph.calibrated
    bar.color = _UNCALIBRATED
    bar.box_color = None if micrograph.calibrated else BEHIND
    bar.position = f"{_edge(micrograph)}_right"
    _write_badge(viewer, micrograph)


def _edge(micrograph: Micrograph) -> str:
    """Give the edge of the window that is free: a burnt-in databar has its own words below."""
    return "top" if micrograph.region.row1 < micrograph.height else "bottom"


def _write_badge(viewer: ViewerModel, micrograph: Micrograph) -> None:
    """Write in a corner what the scale is and where it came from; red while in doubt.

    In short lines: on a narrow canvas a long one would lie under the scale bar and beyond the edge.
    """
    overlays = viewer.canvas.overlays
    if BADGE not in overlays:
        overlays[BADGE] = TextOverlay(font_size=9, box=True)
    overlays[BADGE].text = "\n".join(badge_lines(micrograph))
    overlays[BADGE].position = "top_right" if _edge(micrograph) == "top" else "bottom_left"
    sure = micrograph.calibrated and not doubt_words(micrograph)
    overlays[BADGE].color = _CALIBRATED if sure else _UNCALIBRATED
    overlays[BADGE].box_color = None if sure else BEHIND
    overlays[BADGE].visible = True
