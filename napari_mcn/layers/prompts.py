"""The layers in which a user points at a crystal: clicks that add or cut, and one box."""

from enum import StrEnum

from napari.components import ViewerModel
from psygnal import Signal

from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.domain.prompt import Prompt


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

    def __init__(self, viewer: ViewerModel, micrograph: Micrograph) -> None: ...

    tool: Tool = Tool.OFF
    positive: bool = True

    @property
    def prompt(self) -> Prompt:
        """What has been pointed at."""

    def set_prompt(self, prompt: Prompt) -> None:
        """Show a prompt, such as that of an accepted crystal which is reopened."""

    def clear(self) -> None:
        """Forget all clicks and the box."""

    def close(self) -> None:
        """Remove the layers and let go of the mouse."""
