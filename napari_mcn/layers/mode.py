"""A line over the micrograph that says what the keys do while they do something unusual."""

from napari.components import ViewerModel

from napari_mcn.layers.roles import BEHIND, unwrapped

_COLOUR = (1.0, 0.85, 0.2, 1.0)


def show(viewer: ViewerModel, text: str) -> None:
    """Write a line at the upper left; empty takes it away."""
    overlay = unwrapped(viewer).text_overlay
    if overlay.text == text and overlay.visible == bool(text):
        return
    overlay.text = text
    overlay.position = "top_left"
    overlay.font_size = 14
    overlay.color, overlay.box, overlay.box_color = _COLOUR, True, BEHIND
    overlay.visible = bool(text)
