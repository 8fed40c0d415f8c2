"""One plain sentence to the user, as a napari notification that can be read to its end."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, ParamSpec

from napari.utils.notifications import show_info, show_warning
from qtpy.QtCore import Qt, QTimer
from qtpy.QtWidgets import QApplication

from microcrystalnet.errors import MicroCrystalError

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")

ONE_LINE = 40  # characters that napari shows of a notification before it is unfolded
SLID_IN_MS, READ_MS = 300, 8000


def tell(sentence: str) -> None:
    """Say that something is done."""
    if not _still_shown(sentence):
        show_info(sentence)
        _make_readable(sentence)


def refuse(error: MicroCrystalError) -> None:
    """Say why something cannot be done, and what to do."""
    if not _still_shown(str(error)):
        show_warning(str(error))
        _make_readable(str(error))


def refusals_told(action: Callable[P, None]) -> Callable[P, None]:
    """Turn a `MicroCrystalError` of a user's action into a notification."""

    @functools.wraps(action)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            action(*args, **kwargs)
        except MicroCrystalError as error:
            refuse(error)

    return guarded


def _still_shown(sentence: str) -> bool:
    """Say whether the newest notification says so already; it is then left in view for longer."""
    popup = _newest_popup(sentence)
    if popup is None or not popup.isVisible():
        return False
    popup.timer.start(READ_MS)
    return True


def _make_readable(sentence: str) -> None:
    """Unfold a long notification, and keep it from taking the keyboard when it goes.

    napari folds all but the first words away, and gives the keyboard to the canvas when a
    notification fades: the rest of a name that is being typed would then label crystals.
    """
    popup = _newest_popup(sentence)
    if popup is None:
        return
    popup.close = functools.partial(_close_quietly, popup, type(popup).close)
    if len(sentence) > ONE_LINE:
        unfold = QTimer(popup)
        unfold.setSingleShot(True)
        unfold.timeout.connect(lambda: _unfold(popup))
        unfold.start(SLID_IN_MS)
        popup.timer.start(READ_MS)


def _unfold(popup: Any) -> None:
    """Show every line; superqt's label would leave the last one out of the height it asks for."""
    popup.message.setElideMode(Qt.TextElideMode.ElideNone)
    popup.expand()


def _newest_popup(sentence: str) -> Any:  # napari publishes no type for it
    """Give what napari shows this sentence in; None where it shows none, as without a window."""
    try:
        from napari._qt.dialogs.qt_notification import NapariQtNotification
    except ImportError:
        return None
    popups = NapariQtNotification._instances
    return popups[-1] if popups and popups[-1].message.text() == sentence else None


def _close_quietly(popup: Any, close: Callable[[Any], None]) -> None:
    keyboard = QApplication.focusWidget()
    close(popup)
    if keyboard is not None and not popup.isAncestorOf(keyboard):
        keyboard.setFocus()
