"""Lets every key of the table work over the micrograph and in the dock alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import Qt
from qtpy.QtGui import QKeySequence
from qtpy.QtWidgets import QShortcut

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
        for each in KEYS:
            self._keys.bind(each.key, actions[each.action])
            if each.key not in LEFT_TO_QT:
                self._shortcuts.append(_shortcut(dock, spoken(each.key), actions[each.action]))
        for each in (HIDE, ERASE):
            self._keys.bind_hold(each.key, *holds[each.action])

    def close(self) -> None:
        """Give all keys back."""
        self._keys.close()
        self._shortcuts.clear()


def _shortcut(dock: QWidget, keys: str, action: Action) -> QShortcut:
    """Let a key work while the dock has the keyboard; fields that take text keep their letters."""
    shortcut = QShortcut(QKeySequence(keys), dock)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.activated.connect(action)
    return shortcut
