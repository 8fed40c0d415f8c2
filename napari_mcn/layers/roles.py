"""How our layers are told apart: a role in the layer's metadata, never its name or position."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from napari.components import ViewerModel
from napari.layers import Layer

from microcrystalnet.domain.micrograph import Micrograph

METADATA_KEY = "napari-mcn"


class Role(StrEnum):
    """What a layer of ours is for."""

    MICROGRAPH = "micrograph"
    DATABAR = "databar"
    CRYSTALS = "crystals"
    SELECTION = "selection"
    BRUSH = "brush"
    CLASS_MAP = "class map"
    PREDICTED_MAP = "predicted class map"
    OVERLAY = "overlay"
    BOXES = "boxes"
    PREVIEW = "preview"
    CLICKS = "prompt clicks"
    BOX = "prompt box"


def metadata(role: Role, image_id: str) -> dict[str, Any]:
    """Give the metadata that marks a layer as ours."""
    return {METADATA_KEY: {"role": str(role), "image_id": image_id}}


def role_of(layer: Layer) -> Role | None:
    """Give the role of a layer, or None where it is not ours."""
    mark = layer.metadata.get(METADATA_KEY)
    return Role(mark["role"]) if isinstance(mark, Mapping) and "role" in mark else None


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
