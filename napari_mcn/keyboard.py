"""Lets every key of the table work over the micrograph and in the dock alike."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from qtpy.QtCore import Qt
from qtpy.QtGui import QKeySequence
from qtpy.QtWidgets import QApplication, QShortcut

from napari_mcn.keymap import ERASE, HIDE, KEYS, spoken
from napari_mcn.layers.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from napari.components import ViewerModel
    from qtpy.QtWidgets import QWidget

    Action = Callable[[], object]

LEFT_TO_QT = frozenset({"Tab"})  # in the dock, Tab goes from field to field


class Keyboard:
    """Binds the keys to what they do; ``holds`` gives what H and E do while they are down."""

    def __init__(
        self,
        viewer: ViewerModel,
        dock: QWidget,
        actions: Mapping[str, Action],
        holds: Mapping[str, tuple[Action, Action]],
    ) -> None:
        self._keys = Keys(viewer)
        self._shortcuts: list[QShortcut] = []
        self._down: dict[str, Action] = {}  # keys that are held, and what letting go of them does
        for each in KEYS:
            self._keys.bind(each.key, actions[each.action])
            if each.key not in LEFT_TO_QT:
                self._shortcuts.append(_shortcut(dock, spoken(each.key), actions[each.action]))
        for each in (HIDE, ERASE):
            press, release = holds[each.action]
            self._keys.bind_hold(
                each.key,
                partial(self._press, each.key, press, release),
                partial(self._let_go, each.key),
            )
        # Another window takes the keyboard, and with it the news that the key comes up.
        self._application = QApplication.instance()
        self._application.focusWindowChanged.connect(self._let_go_of_all)

    def _press(self, key: str, press: Action, release: Action) -> None:
        self._down[key] = release
        press()

    def _let_go(self, key: str) -> None:
        release = self._down.pop(key, None)
        if release is not None:
            release()

    def _let_go_of_all(self, _window: object) -> None:
        for key in tuple(self._down):
            self._let_go(key)

    def close(self) -> None:
        """Give all keys back."""
        self._application.focusWindowChanged.disconnect(self._let_go_of_all)
        self._keys.close()
        self._shortcuts.clear()


def _shortcut(dock: QWidget, keys: str, action: Action) -> QShortcut:
    """Let a key work while the dock has the keyboard; fields that take text keep their letters."""
    shortcut = QShortcut(QKeySequence(keys), dock)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.activated.connect(action)
    return shortcut
