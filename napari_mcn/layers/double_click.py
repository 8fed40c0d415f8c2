"""Keeps napari from zooming where two quick clicks mean two clicks."""

from napari.components import ViewerModel


class DoubleClickZoom:
    """napari's zoom on a double click, which two quick clicks on a crystal must not cause."""

    def __init__(self, viewer: ViewerModel) -> None:
        self._callbacks = viewer.mouse_double_click_callbacks
        self._zooms = [
            each
            for each in self._callbacks
            if getattr(each, "__name__", "") == "double_click_to_zoom"
        ]

    @property
    def enabled(self) -> bool:
        """Whether a double click zooms."""
        return all(each in self._callbacks for each in self._zooms)

    @enabled.setter
    def enabled(self, enabled: bool) -> None:
        if enabled and not self.enabled:
            self._callbacks.extend(self._zooms)
        elif not enabled and self.enabled:
            for each in self._zooms:
                self._callbacks.remove(each)
