"""Hiding everything that lies on the micrograph while a key is held."""

from collections.abc import MutableMapping
from typing import Any

from napari.components import ViewerModel
from napari.layers import Layer
from napari.utils.events import Event

from napari_mcn.layers.roles import METADATA_KEY, Role, ours, role_of, unwrapped

_STAYS = {Role.MICROGRAPH, Role.DATABAR}
_AFTER = "visible once the curtain opens"  # followed by the layer's own id: copies share a mark


class Curtain:
    """Hides our layers but the micrograph, and shows again those that shall be visible.

    A copy that napari's *Duplicate layer* made of one of them counts as ours.

    What is shown or taken away meanwhile, by `set_visible`, is so once the curtain opens.
    """

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = unwrapped(viewer)
        self._bared: list[Layer] = []
        self._drawn = False

    def hide(self) -> None:
        """Bare the micrograph; twice is as good as once."""
        for layer in ours(self._viewer):
            self._bare(layer, layer.visible)
        if not self._drawn:
            self._drawn = True
            self._viewer.layers.events.inserted.connect(self._on_inserted)

    def show(self) -> None:
        """Show what `hide` hid, and what came since."""
        if self._drawn:
            self._drawn = False
            self._viewer.layers.events.inserted.disconnect(self._on_inserted)
        bared, self._bared = self._bared, []
        for layer in bared:
            visible = _mark(layer).pop(_after(layer))
            set_visible(layer, visible)

    def _on_inserted(self, event: Event) -> None:
        if role_of(event.value) is not None:
            self._bare(event.value, is_visible(_original(event.value)))

    def _bare(self, layer: Layer, visible: bool) -> None:
        if role_of(layer) in _STAYS or _after(layer) in _mark(layer):
            return
        self._bared.append(layer)
        _mark(layer)[_after(layer)] = visible
        layer.visible = False


def set_visible(layer: Layer, visible: bool) -> None:
    """Show or hide a layer of ours, at once or when the curtain opens."""
    if _after(layer) in _mark(layer):
        _mark(layer)[_after(layer)] = visible
    elif visible != layer.visible:  # napari draws the layer anew even if it is not
        layer.visible = visible


def is_visible(layer: Layer) -> bool:
    """Say whether a layer of ours is shown, or will be when the curtain opens."""
    return bool(_mark(layer).get(_after(layer), layer.visible))


def _original(layer: Layer) -> Layer:
    """Give the layer of ours that this one was copied from, or the layer itself."""
    parent = layer.source.parent
    original = None if parent is None else parent()
    return layer if original is None or role_of(original) is None else original


def _after(layer: Layer) -> str:
    return f"{_AFTER} {layer.unique_id}"


def _mark(layer: Layer) -> MutableMapping[str, Any]:
    mark: MutableMapping[str, Any] = layer.metadata[METADATA_KEY]
    return mark
