"""Keys that work whatever layer is selected, and let go of the viewer on close."""

from collections.abc import Callable, Generator, Iterable
from typing import Any

from app_model.types import KeyBinding
from napari.components import ViewerModel
from napari.utils.key_bindings import KeymapProvider, coerce_keybinding

Action = Callable[[], object]
_Bound = Callable[[Any], Any]


class Keys:
    """Binds keys on the viewer and on every layer, present and to come.

    On the viewer alone they would be shadowed by the keymaps of napari's layers. Keys are written
    as napari does: ``"1"``, ``"Shift-C"``, ``"Control-Shift-Z"``, ``"Tab"``, ``"Delete"``; a sign
    napari has no name for, such as ``"?"``, is told by the text it types. Callbacks take nothing.
    """

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = getattr(viewer, "__wrapped__", viewer)
        self._bound: dict[str, _Bound] = {}
        self._typed: dict[str, Action] = {}
        self._before: dict[str, _Bound] = {}
        self._viewer.layers.events.inserted.connect(self._on_inserted)
        self._canvas = _Canvas(self._viewer, self._on_typed)

    def bind(self, key: str, action: Action) -> None:
        """Call ``action`` on every press of a key."""
        if not _known(key):
            self._typed[key] = action
            return

        def pressed(_provider: object) -> None:
            action()

        self._bind(key, pressed)

    def bind_hold(self, key: str, press: Action, release: Action) -> None:
        """Call ``press`` when a key goes down and ``release`` when it comes up."""

        def held(_provider: object) -> Generator[None, None, None]:
            press()
            yield
            release()

        self._bind(key, held)

    def close(self) -> None:
        """Give all keys back to napari."""
        self._viewer.layers.events.inserted.disconnect(self._on_inserted)
        self._canvas.close()
        for layer in self._viewer.layers:
            for key in self._bound:
                layer.bind_key(key, None)
        for key in self._bound:
            self._viewer.bind_key(key, self._before.get(key), overwrite=True)
        self._bound, self._typed = {}, {}

    def _bind(self, key: str, function: _Bound) -> None:
        before = self._viewer.bind_key(_Key(key), function, overwrite=True)
        if key not in self._bound and before is not None:
            self._before[key] = before
        self._bound[key] = function
        for layer in self._viewer.layers:
            layer.bind_key(_Key(key), function, overwrite=True)
        if key == "Tab":
            self._canvas.keep_tab()

    def _on_inserted(self, event: Any) -> None:  # napari's own event
        for layer in _layers(event.value):
            for key, function in self._bound.items():
                layer.bind_key(_Key(key), function, overwrite=True)

    def _on_typed(self, event: Any) -> None:  # vispy's own event
        action = self._typed.get(event.text)
        if action is not None:
            action()
            event.handled = True


class _Key(KeyBinding):
    """A key that knows its hash; napari asks for a thousand at every press, and spells each."""

    def __init__(self, key: str) -> None:
        known = coerce_keybinding(key)
        super().__init__(parts=known.parts)
        self._hash = hash(known)

    def __hash__(self) -> int:
        return self._hash


class _Canvas:
    """What the canvas must be asked for directly; nothing of it where there is no window."""

    def __init__(self, viewer: ViewerModel, typed: Callable[[Any], None]) -> None:
        window = getattr(viewer, "window", None)
        self._canvas = None if window is None else window._qt_viewer.canvas
        self._typed = typed
        self._tab_kept = False
        if self._canvas is not None:
            # Last, because napari marks keys it does not know as unhandled, and Qt would send them
            # on to the window, which reports them once more.
            self._canvas.events.key_press.connect(typed, position="last")

    def keep_tab(self) -> None:
        """Report Tab as a key, where Qt would move the focus to another widget."""
        if self._canvas is not None:
            self._tab_kept = True
            self._canvas.native.focusNextPrevChild = self._move_focus

    def close(self) -> None:
        """Let go of the canvas."""
        self._tab_kept = False
        if self._canvas is not None:
            self._canvas.events.key_press.disconnect(self._typed)

    def _move_focus(self, forward: bool) -> bool:
        native = self._canvas.native
        return not self._tab_kept and type(native).focusNextPrevChild(native, forward)


def _known(key: str) -> bool:
    """Say whether napari has a name for a key; all others look the same to its keymaps."""
    return str(coerce_keybinding(key).parts[-1].key) != "unknown"


def _layers(value: KeymapProvider | Iterable[KeymapProvider]) -> Iterable[KeymapProvider]:
    return value if isinstance(value, Iterable) else (value,)
