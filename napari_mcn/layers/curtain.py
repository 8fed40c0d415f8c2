"""Hiding everything that lies on the micrograph while a key is held."""

from napari.components import ViewerModel


class Curtain:
    """Hides our layers but the micrograph, and shows again those that were visible."""

    def __init__(self, viewer: ViewerModel) -> None: ...

    def hide(self) -> None:
        """Bare the micrograph; twice is as good as once."""

    def show(self) -> None:
        """Show what `hide` hid."""
