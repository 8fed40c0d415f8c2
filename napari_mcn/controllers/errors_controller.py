"""Tells whether the network errs where the experts disagreed, and leads to those crystals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.errors import MicroCrystalError, ModelError
from microcrystalnet.learning import model_folder
from microcrystalnet.learning.judged import judged_of
from microcrystalnet.report.contested import ALL, contested_of
from microcrystalnet.report.contested_section import in_words, remark, texts
from microcrystalnet.since_judged import since_judged
from napari_mcn.notify import refusals_told
from napari_mcn.slices import Slices, everything

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from microcrystalnet.report.contested import ContestedRow, ContestedTable
    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.panels.errors_page import ErrorsPage
    from napari_mcn.session import Session

NO_MODEL = "Train a classifier on the Model page first."
UNJUDGED = "This model was not judged on crystals of this project, so its errors are not known."
READING = "The experts' answers are being read …"
STOPPED = "The errors were not counted; come back to this page to count them."
CLICK = "Click a number to see the crystals that are named wrongly."


class ErrorsController:
    """The Errors page of the Review tab; it is worked out when it comes to the front."""

    def __init__(
        self,
        page: ErrorsPage,
        session: Session,
        open_gallery: Callable[[str, Sequence[str]], None],
        slices: Slices | None = None,
    ) -> None:
        self._page, self._session, self._open_gallery = page, session, open_gallery
        self._slices = slices or Slices()
        self._active = False
        self._rows: tuple[ContestedRow, ...] = ()
        page.cell_chosen.connect(self.show_crystals)
        session.events.store.connect(self._show)
        session.events.expert.connect(self._show)
        session.events.model_id.connect(self._show)

    def close(self) -> None:
        """Let go of the session, and read no further."""
        self._slices.stop()
        self._session.events.store.disconnect(self._show)
        self._session.events.expert.disconnect(self._show)
        self._session.events.model_id.disconnect(self._show)

    def activate(self, active: bool) -> None:
        """Work the table out when the page comes to the front."""
        self._active = active
        self._show()

    @refusals_told
    def show_crystals(self, at: int, disagreed: bool) -> None:
        """Show the errors behind a number."""
        row = self._rows[at]
        crystals = row.disagreed_wrong if disagreed else row.agreed_wrong
        if not crystals:
            raise ModelError("The network names none of these crystals wrongly.")
        said = "first disagreed" if disagreed else "agreed"
        settled = "" if row.cls == ALL else f", settled as {row.cls} when judged"
        self._open_gallery(f"Errors where the experts {said}{settled}", crystals)

    def _show(self, _changed: object = None) -> None:
        self._slices.stop()
        if not self._active:
            return
        try:
            store, _ = self._asked()
        except MicroCrystalError as problem:
            self._say(str(problem))
            return
        self._say(READING)
        self._slices.run(everything(store), self._show_read, lambda: self._say(STOPPED))

    def _say(self, sentence: str) -> None:
        """Show a sentence in place of a table."""
        self._rows = ()
        self._page.set_rows("", (), "")
        self._page.set_next_step(sentence)

    def _show_read(self) -> None:
        try:
            found, since = self._table()
        except MicroCrystalError as problem:
            self._say(str(problem))
            return
        self._rows = found.rows
        rows = [texts(each) for each in found.rows]
        self._page.set_rows(in_words(found), rows, f"{remark(found)} {since}".rstrip())
        self._page.set_next_step(CLICK)

    def _asked(self) -> tuple[ProjectStore, str]:
        """Give the project and the model that are asked about."""
        store, model_id = self._session.project, self._session.model_id
        store.rounds.require_open()
        if model_id is None:
            raise ModelError(NO_MODEL)
        return store, model_id

    def _table(self) -> tuple[ContestedTable, str]:
        """Give the table, and how many labels are others by now."""
        store, model_id = self._asked()
        card = model_folder.load(store.model_folder(model_id))
        found, judged = contested_of(store, card), judged_of(card)
        if found is None or judged is None:
            raise ModelError(UNJUDGED)
        return found, since_judged(store, judged)
