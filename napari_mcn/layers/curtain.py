"""Hiding everything that lies on the micrograph while a key is held."""

from napari.components import ViewerModel
from napari.layers import Layer

from napari_mcn.layers.roles import Role, ours, role_of, unwrapped

_STAYS = {Role.MICROGRAPH, Role.DATABAR}


class Curtain:
    """Hides our layers but the micrograph, and shows again those that were visible."""

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = unwrapped(viewer)
        self._hidden: tuple[Layer, ...] = ()

    def hide(self) -> None:
        """Bare the micrograph; twice is as good as once."""
        above = [each for each in ours(self._viewer) if role_of(each) not in _STAYS]
        seen = tuple(each for each in above if each.visible)
        self._hidden = (*self._hidden, *seen)
        for layer in seen:
            layer.visible = False

    def show(self) -> None:
        """Show what `hide` hid."""
        hidden, self._hidden = self._hidden, ()
        for layer in hidden:
            layer.visible = True
