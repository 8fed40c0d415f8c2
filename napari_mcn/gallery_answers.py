"""What class keys do to the crystal that is chosen in the gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_mcn.keymap import named_by
from napari_mcn.notify import refusals_told

if TYPE_CHECKING:
    from collections.abc import Callable

    from microcrystalnet.domain.label import Answer
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.remarks import Remarks
    from napari_mcn.session import Session


class GalleryAnswers:
    """The current expert's answers, through the journal as everywhere.

    Parameters
    ----------
    chosen
        Gives the id of the crystal that is meant.
    """

    def __init__(
        self, session: Session, canvas: Canvas, remarks: Remarks, chosen: Callable[[], str]
    ) -> None:
        self._session, self._canvas, self._remarks = session, canvas, remarks
        self._chosen = chosen

    @refusals_told
    def press_digit(self, digit: str) -> None:
        """Name the chosen crystal with the class of this key; 5 is *unclear* where it is free."""
        code = named_by(digit, self._session.project.state.scheme)
        self._answer(lambda said: said.naming(code))

    def choose_class(self, code: str) -> None:
        """Name the chosen crystal."""
        self._answer(lambda said: said.naming(code))

    def choose_unclear(self) -> None:
        """Say that the class cannot be told."""
        self._answer(lambda said: said.naming(None))

    def discard(self) -> None:
        """Say that this is not a crystal."""
        self._answer(lambda said: said.discarding())

    @refusals_told
    def clear(self) -> None:
        """Withdraw the current expert's answer."""
        self._session.project.clear_label(self._chosen())

    @refusals_told
    def _answer(self, complete: Callable[[Answer], Answer]) -> None:
        store, crystal_id = self._session.project, self._chosen()
        before = store.state.label(crystal_id)
        waiting = self._remarks.get(store.actor, crystal_id)
        said = waiting if before is None else before.answer.reconsidered()
        store.label(crystal_id, complete(said), assist=self._canvas.assist)
        self._remarks.drop(store.actor, crystal_id)
