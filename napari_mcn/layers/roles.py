"""How our layers are told apart: a role in the layer's metadata, never its name or position."""

from collections.abc import Mapping
from contextlib import nullcontext
from enum import StrEnum
from typing import Any

from napari.components import ViewerModel
from napari.layers import Layer

from microcrystalnet.domain.micrograph import Micrograph

METADATA_KEY = "napari-mcn"
BEHIND = (0.0, 0.0, 0.0, 0.7)  # behind coloured words on the canvas, which may be white
_UNITS: dict[tuple[str, ...], Any] = {}  # what napari made of their names


class Role(StrEnum):
    """What a layer of ours is for; in the order in which they lie on each other, bottom first."""

    MICROGRAPH = "micrograph"
    DATABAR = "databar"
    FILTERED = "filtered window"
    PREDICTED_MAP = "predicted class map"
    CLASS_MAP = "class map"
    OVERLAY = "overlay"
    CRYSTALS = "crystals"
    PROPOSALS = "proposals"
    MISSED = "missed crystals"
    INVENTED = "invented crystals"
    BOXES = "boxes"
    MARKED = "marked crystals"
    SELECTION = "selection"
    BRUSH = "brush"
    HOVER = "hover"
    PREVIEW = "preview"
    BOX = "prompt box"
    CLICKS = "prompt clicks"
    STROKE = "drawn line"


_HEIGHT = {role: height for height, role in enumerate(Role)}


def metadata(role: Role, image_id: str) -> dict[str, Any]:
    """Give the metadata that marks a layer as ours."""
    return {METADATA_KEY: {"role": str(role), "image_id": image_id}}


def role_of(layer: Layer) -> Role | None:
    """Give the role of a layer, or None where it is not ours."""
    mark = layer.metadata.get(METADATA_KEY)
    return Role(mark["role"]) if isinstance(mark, Mapping) and "role" in mark else None


def image_of(layer: Layer) -> str | None:
    """Give the id of the micrograph a layer of ours belongs to."""
    mark = layer.metadata.get(METADATA_KEY)
    return mark.get("image_id") if isinstance(mark, Mapping) else None


def find(viewer: ViewerModel, role: Role) -> Layer | None:
    """Give the layer with this role, or None."""
    return next((layer for layer in viewer.layers if role_of(layer) is role), None)


def ours(viewer: ViewerModel) -> tuple[Layer, ...]:
    """Give all layers of ours, bottom first."""
    return tuple(layer for layer in viewer.layers if role_of(layer) is not None)


def unwrapped(viewer: ViewerModel) -> ViewerModel:
    """Give the viewer behind the proxy that napari hands to plugins."""
    return getattr(viewer, "__wrapped__", viewer)


def placement(micrograph: Micrograph) -> dict[str, tuple[Any, Any]]:
    """Give the ``scale`` and ``units`` that every layer on a micrograph shares."""
    if micrograph.pixel_size is None:
        return {"scale": (1.0, 1.0), "units": ("pixel", "pixel")}
    size = micrograph.pixel_size
    return {"scale": (size.row_um, size.col_um), "units": ("um", "um")}


def turn(layer: Layer, micrograph: Micrograph) -> None:
    """Let a layer of ours, whose data is changed apart, lie on another micrograph."""
    layer.metadata[METADATA_KEY]["image_id"] = micrograph.image_id
    placed = placement(micrograph)
    hold = getattr(layer, "_block_refresh", nullcontext)
    with hold():  # napari slices the layer for each of them, with the same result
        _measure_in(layer, placed["units"])
        if tuple(layer.scale) != placed["scale"]:  # napari does so even if it is the same
            layer.scale = placed["scale"]


def _measure_in(layer: Layer, units: tuple[str, ...]) -> None:
    """Give a layer units; napari takes a millisecond for reading their names."""
    known = _UNITS.get(units)
    if known is None or layer.units != known:
        layer.units = known or units
        _UNITS[units] = layer.units


def insert(viewer: ViewerModel, layer: Layer) -> None:
    """Put a layer of ours at the height of its role, and leave the selection as it was.

    Does nothing where the viewer holds it already. Layers call this when they first have something
    to show, because napari takes 0.1 s for each, and again later, because a user can remove them.
    """
    if layer in viewer.layers:
        return
    layer.locked = True  # the layer list's Delete key spares it
    height = _HEIGHT[role_of(layer)]
    below = [at for at, each in enumerate(viewer.layers) if _height_of(each) <= height]
    chosen = viewer.layers.selection.active
    viewer.layers.insert(max(below, default=-1) + 1, layer)
    if chosen is not None:
        viewer.layers.selection.active = chosen


def remove(viewer: ViewerModel, layer: Layer) -> None:
    """Take a layer away where the viewer still holds it."""
    if layer in viewer.layers:
        viewer.layers.remove(layer)


def _height_of(layer: Layer) -> int:
    role = role_of(layer)
    return len(_HEIGHT) if role is None else _HEIGHT[role]
