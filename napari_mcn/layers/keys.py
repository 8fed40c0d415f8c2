"""Keys that work whatever layer is selected, and let go of the viewer on close."""

from collections.abc import Callable

from napari.components import ViewerModel


class Keys:
    """Binds keys on the viewer and on every layer, present and to come.

    Keys are written as napari does: ``"1"``, ``"Shift-C"``, ``"Control-Shift-Z"``, ``"Tab"``,
    ``"Delete"``, ``"?"``. Callbacks take nothing.
    """

    def __init__(self, viewer: ViewerModel) -> None: ...

    def bind(self, key: str, action: Callable[[], object]) -> None:
        """Call ``action`` on every press of a key."""

    def bind_hold(
        self, key: str, press: Callable[[], object], release: Callable[[], object]
    ) -> None:
        """Call ``press`` when a key goes down and ``release`` when it comes up."""

    def close(self) -> None:
        """Give all keys back to napari."""
