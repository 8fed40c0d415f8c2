"""Notices image files that were dropped on the viewer and became layers that are not ours."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from napari.components import ViewerModel
from napari.layers import Image, Layer
from psygnal import Signal

from napari_mcn.layers.roles import remove, role_of, unwrapped


class Strays:
    """Tells of image layers that came from a file, and removes them once they are taken in."""

    found = Signal(list)  # paths, in the order of the layers

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = unwrapped(viewer)
        self._viewer.layers.events.inserted.connect(self._on_inserted)

    def take(self, path: Path) -> None:
        """Remove the layers that show this file."""
        for layer in [each for each in self._viewer.layers if _file_of(each) == path]:
            remove(self._viewer, layer)

    def close(self) -> None:
        """Let go of the viewer."""
        self._viewer.layers.events.inserted.disconnect(self._on_inserted)

    def _on_inserted(self, event: Any) -> None:  # napari's own event
        layers = event.value if isinstance(event.value, Iterable) else (event.value,)
        paths = [path for each in layers if (path := _file_of(each)) is not None]
        if paths:
            self.found.emit(paths)


def _file_of(layer: Layer) -> Path | None:
    """Give the file of an image layer of napari's own, or None."""
    if not isinstance(layer, Image) or role_of(layer) is not None or not layer.source.path:
        return None
    return Path(layer.source.path)
