"""Has SAM look at the project's next micrographs while the user works on the shown one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.errors import SilentFolderError
from napari_mcn.session import EMBEDDED

if TYPE_CHECKING:
    from pathlib import Path

    from microcrystalnet.engines.ahead import LookAhead
    from napari_mcn.session import Session

NEXT = 3  # micrographs; more would be done long before anybody opens them


class AheadController:
    """Waits until the shown micrograph is prepared: that one comes first."""

    def __init__(self, session: Session, ahead: LookAhead) -> None:
        self._session, self._ahead = session, ahead
        session.events.store.connect(self._stop)
        session.events.engine.connect(self._stop)

    def close(self) -> None:
        """Let go of the session and end the work."""
        self._session.events.store.disconnect(self._stop)
        self._session.events.engine.disconnect(self._stop)
        self._ahead.stop()

    def look(self) -> None:
        """Look at the micrographs after the shown one, unless the engine needs no time anyway."""
        if self._session.engine != EMBEDDED:
            self._ahead.look(self._next(), self._session.engine)

    def _next(self) -> list[Path]:
        store, shown = self._session.store, self._session.image_id
        if store is None or shown is None:
            return []
        order = list(store.state.micrographs)
        after = order.index(shown) + 1
        try:
            return [store.image_path(each) for each in order[after : after + NEXT]]
        except SilentFolderError:
            return []  # a share that hangs: there is time when it answers again

    def _stop(self, _changed: object) -> None:
        self._ahead.stop()
