"""How a user points at a crystal: clicks that add or cut, and one box."""

from collections.abc import Generator
from enum import StrEnum

from napari.components import ViewerModel
from psygnal import Signal

from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.domain.prompt import Box, Click, Prompt
from napari_mcn.layers.double_click import DoubleClickZoom
from napari_mcn.layers.mouse import (
    LEFT,
    RIGHT,
    MouseEvent,
    Point,
    box_between,
    point_of,
    slipped,
    until_release,
)
from napari_mcn.layers.prompt_view import PromptView
from napari_mcn.layers.roles import unwrapped

_OUTSIDE = "That point lies outside the analysed part of the micrograph; click on a crystal."
_NO_BOX = "That box lies outside the analysed part of the micrograph; draw it around a crystal."


class Tool(StrEnum):
    """What the left mouse button does."""

    OFF = "off"  # nothing of ours
    POINT = "point"  # a click adds a point; a drag pans; Shift and a drag draws a box
    BOX = "box"  # a drag draws a box; a click adds a point


class PromptsLayer:
    """Positive (+) and negative (-) clicks and one box, for one crystal at a time.

    A click is negative with Alt, with the right button, or while `positive` is False (key T).
    Works whatever layer is selected.
    """

    prompt_changed = Signal(Prompt)  # by the mouse only, not by `set_prompt` or `clear`
    hover = Signal(float, float)  # row, col under a mouse that holds no button, while a tool is on
    refused = Signal(str)  # a sentence: the user pointed where there is nothing to outline

    def __init__(self, viewer: ViewerModel, micrograph: Micrograph) -> None:
        self.positive = True
        self._viewer = unwrapped(viewer)
        self._region = micrograph.region
        self._view = PromptView(self._viewer, micrograph)
        self._prompt = Prompt()
        self._tool = Tool.OFF
        self._viewer.mouse_drag_callbacks.insert(0, self._on_press)
        self._viewer.mouse_move_callbacks.append(self._on_move)
        self._viewer.mouse_double_click_callbacks.append(self._on_double_click)
        self._zooming = DoubleClickZoom(self._viewer)

    @property
    def tool(self) -> Tool:
        """What the left mouse button does."""
        return self._tool

    @tool.setter
    def tool(self, tool: Tool) -> None:
        self._tool = tool
        self._zooming.enabled = tool is Tool.OFF
        self._viewer.cursor.style = "standard" if tool is Tool.OFF else "cross"

    @property
    def prompt(self) -> Prompt:
        """What has been pointed at."""
        return self._prompt

    def set_prompt(self, prompt: Prompt) -> None:
        """Show a prompt, such as that of an accepted crystal which is reopened."""
        before, self._prompt = self._prompt, prompt
        if prompt.clicks != before.clicks:
            self._view.show_clicks(prompt.clicks)
        if prompt.box != before.box:
            self._view.show_box(prompt.box)

    def clear(self) -> None:
        """Forget all clicks and the box."""
        self.set_prompt(Prompt())

    def turn(self, micrograph: Micrograph) -> None:
        """Forget all clicks and the tool, and be ready for another micrograph."""
        self.clear()
        self.positive, self.tool = True, Tool.OFF
        self._region = micrograph.region
        self._view.turn(micrograph)

    def close(self) -> None:
        """Remove the layers and let go of the mouse."""
        self.tool = Tool.OFF
        self._viewer.mouse_drag_callbacks.remove(self._on_press)
        self._viewer.mouse_move_callbacks.remove(self._on_move)
        self._viewer.mouse_double_click_callbacks.remove(self._on_double_click)
        self._view.close()

    def _on_press(self, _viewer: ViewerModel, event: MouseEvent) -> Generator[None, None, None]:
        if self._tool is Tool.OFF or event.button not in {LEFT, RIGHT}:
            return
        if self._draws_box(event):
            yield from self._drag_box(event)
        elif (yield from until_release(event)):
            self._add_click(event)

    def _draws_box(self, event: MouseEvent) -> bool:
        wanted = ("Shift",) if self._tool is Tool.POINT else ()
        return event.button == LEFT and tuple(event.modifiers) == wanted

    def _drag_box(self, event: MouseEvent) -> Generator[None, None, None]:
        camera = self._viewer.scene.camera
        start, pressed, panned = self._point(event), tuple(event.pos), camera.mouse_pan
        camera.mouse_pan, dragged = False, False
        try:
            yield
            while event.type == "mouse_move":
                dragged = dragged or slipped(pressed, event)
                if dragged:
                    self._view.show_box(box_between(start, self._point(event), self._region))
                yield
        finally:
            camera.mouse_pan = panned
        if dragged or slipped(pressed, event):
            self._finish_box(box_between(start, self._point(event), self._region))
        else:
            self._add_click(event)

    def _finish_box(self, box: Box | None) -> None:
        self._view.show_box(self._prompt.box if box is None else box)
        if box is None:
            self.refused.emit(_NO_BOX)
        else:
            self._change(self._prompt.with_box(box))

    def _add_click(self, event: MouseEvent) -> None:
        point = self._point(event)
        if not self._region.contains(round(point.row), round(point.col)):
            self.refused.emit(_OUTSIDE)
            return
        cuts = event.button == RIGHT or "Alt" in event.modifiers
        positive = self.positive and not cuts
        self._change(self._prompt.with_click(Click(point.row, point.col, positive)))

    def _change(self, prompt: Prompt) -> None:
        self.set_prompt(prompt)
        self.prompt_changed.emit(prompt)

    def _point(self, event: MouseEvent) -> Point:
        return point_of(self._view.click_layer, event)

    def _on_move(self, _viewer: ViewerModel, event: MouseEvent) -> None:
        if self._tool is Tool.OFF:
            return
        point = self._point(event)
        if self._region.contains(round(point.row), round(point.col)):
            self.hover.emit(point.row, point.col)

    def _on_double_click(self, _viewer: ViewerModel, event: MouseEvent) -> None:
        """Take the second of two quick clicks, which Qt does not report as a press."""
        if self._tool is not Tool.OFF and event.button in {LEFT, RIGHT}:
            self._add_click(event)
