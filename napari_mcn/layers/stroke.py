"""A line drawn by hand over crystals: a lasso around them, or a cut across one."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from napari.components import ViewerModel
from napari.layers import Shapes
from psygnal import Signal

from microcrystalnet.domain.micrograph import Micrograph
from napari_mcn.layers.double_click import DoubleClickZoom
from napari_mcn.layers.mouse import LEFT, MouseEvent, Point, point_of, slipped
from napari_mcn.layers.outline import Zoom
from napari_mcn.layers.roles import Role, insert, metadata, placement, remove, turn, unwrapped

_COLOUR = "#ff9f0a"
_LINE_ON_SCREEN, _STEP_ON_SCREEN = 2.0, 3.0  # screen pixels


@dataclass(frozen=True, slots=True)
class Stroke:
    """A drawn line; a single place is a click. ``adds``: Shift was held."""

    path: tuple[tuple[float, float], ...]  # (row, column) in full-image pixels
    adds: bool = False

    @property
    def is_click(self) -> bool:
        """Whether the mouse was only clicked."""
        return len(self.path) == 1


class StrokeLayer:
    """Reports what the left button draws while `active`; dragging does not pan then."""

    drawn = Signal(Stroke)

    def __init__(self, viewer: ViewerModel, micrograph: Micrograph) -> None:
        self._viewer = unwrapped(viewer)
        self._active = False
        self._layer = _shapes(micrograph)
        self._zoom = Zoom(viewer, micrograph, _ignore_zoom)
        self._viewer.mouse_drag_callbacks.insert(0, self._on_press)
        self._zooming = DoubleClickZoom(self._viewer)

    @property
    def active(self) -> bool:
        """Whether the left button draws."""
        return self._active

    @active.setter
    def active(self, active: bool) -> None:
        before, self._active = self._active, active
        if active:
            self._viewer.cursor.style = "cross"
            self._zooming.enabled = False
        elif before:
            self._viewer.cursor.style = "standard"
            self._zooming.enabled = True

    def turn(self, micrograph: Micrograph) -> None:
        """Give the mouse back, and be ready for another micrograph."""
        self.active = False
        self._show(())
        self._zoom.turn(micrograph)
        turn(self._layer, micrograph)

    def close(self) -> None:
        """Remove the layer and let go of the mouse."""
        self.active = False
        self._viewer.mouse_drag_callbacks.remove(self._on_press)
        self._zoom.close()
        remove(self._viewer, self._layer)

    def _on_press(self, _viewer: ViewerModel, event: MouseEvent) -> Generator[None, None, None]:
        if not self._active or event.button != LEFT or set(event.modifiers) - {"Shift"}:
            return
        camera = self._viewer.scene.camera
        panned, camera.mouse_pan = camera.mouse_pan, False
        try:
            path = yield from self._follow(event)
        finally:
            camera.mouse_pan = panned
            self._show(())
        self.drawn.emit(Stroke(path, "Shift" in event.modifiers))

    def _follow(self, event: MouseEvent) -> Generator[None, None, tuple[tuple[float, float], ...]]:
        start, path, dragged = tuple(event.pos), [self._place(event)], False
        yield
        while event.type == "mouse_move":
            dragged = dragged or slipped(start, event)
            if dragged and self._far(path[-1], self._place(event)):
                path.append(self._place(event))
                self._show(path)
            yield
        if dragged or slipped(start, event):
            path.append(self._place(event))
        return tuple(path)

    def _place(self, event: MouseEvent) -> tuple[float, float]:
        point: Point = point_of(self._layer, event)
        return point.row, point.col

    def _far(self, one: tuple[float, float], two: tuple[float, float]) -> bool:
        """Say whether two places lie apart on screen; a slow hand sends a place for each pixel."""
        return bool(np.hypot(*np.subtract(one, two)) * self._zoom.magnification > _STEP_ON_SCREEN)

    def _show(self, path: "list[tuple[float, float]] | tuple[()]") -> None:
        if self._layer.nshapes:
            self._layer.data = []
        if len(path) > 1:
            width = _LINE_ON_SCREEN / self._zoom.magnification
            self._layer.add_paths([np.array(path)], edge_width=width)
            insert(self._viewer, self._layer)


def _shapes(micrograph: Micrograph) -> Shapes:
    layer = Shapes(
        ndim=2,
        name="Drawn line",
        metadata=metadata(Role.STROKE, micrograph.image_id),
        edge_color=_COLOUR,
        face_color="transparent",
        opacity=1.0,
        **placement(micrograph),
    )
    layer.editable = False
    return layer


def _ignore_zoom() -> None:
    """Leave a line as thick as it was begun: it lives for the length of a drag."""
