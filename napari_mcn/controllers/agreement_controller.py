"""Compares the experts once their answers are open, and leads to the crystals behind a figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from microcrystalnet.blind_answers import Counted, image_names
from microcrystalnet.errors import AgreementError
from microcrystalnet.labelling.agreement import Agreement, compare_experts
from microcrystalnet.labelling.answer_table import AnswerTable, arrange
from microcrystalnet.report.answer_file import write_agreement
from microcrystalnet.storage.bulk import collector_at_rest
from napari_mcn.agreement_view import pair_of, view_of
from napari_mcn.gathering import Gathering
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refusals_told, tell
from napari_mcn.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from qtpy.QtCore import QObject

    from microcrystalnet.domain.scheme import Scheme
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.background import Background
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.panels.agreement_panel import AgreementPanel
    from napari_mcn.session import Session

CLOSED = (
    "The other experts' answers are closed, so that they do not sway you; open them when you have "
    "labelled everything."
)
WORKING = "Comparing the experts …"


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """What was compared, and what came out."""

    counted: Counted
    table: AnswerTable
    found: Agreement


def compare(pages: Sequence[Counted], scheme: Scheme) -> Compared:
    """Compare the answers on many crystals; see `compare_experts`.

    Raises
    ------
    AgreementError
        If there is nothing to compare.
    """
    with collector_at_rest():  # it would stop the window too, for a tenth of a second
        counted = Counted.together(pages)
        table = arrange(counted.answers, scheme)
        return Compared(counted, table, compare_experts(table))


class AgreementController:
    """Works out figures only while the page is in front, on a thread of its own."""

    def __init__(
        self,
        panel: AgreementPanel,
        session: Session,
        background: Background,
        *,
        dialogs: Dialogs,
        owner: QObject,
        slices: Slices | None = None,
        open_gallery: Callable[[str, Sequence[str]], None] | None = None,
    ) -> None:
        self._open_gallery = open_gallery
        self.panel, self._session, self._dialogs = panel, session, dialogs
        self._background, self._slices = background, slices or Slices()
        self._job = listen(owner, self._on_compared, self._on_refused)
        self._gathering = Gathering()
        self._gathering.gathered.connect(self._on_gathered)
        self._active, self._asked = False, 0
        self._compared: Compared | None = None
        self._pair: str | None = None
        self._place: tuple[object, int] = (None, -1)  # the cell last pressed, and how far in it
        panel.reveal_requested.connect(self.reveal)
        panel.pair_chosen.connect(self.show_pair)
        panel.cell_chosen.connect(self.next_of_cell)
        panel.image_chosen.connect(self.go_to_image)
        panel.export_requested.connect(self.export)
        session.events.store.connect(self._on_changed)
        session.events.expert.connect(self._on_changed)
        session.events.answers_open.connect(self._on_changed)
        session.edited.connect(self._on_edited)
        self._forget()

    def close(self) -> None:
        """Let go of the session and of the thread."""
        self._session.events.store.disconnect(self._on_changed)
        self._session.events.expert.disconnect(self._on_changed)
        self._session.events.answers_open.disconnect(self._on_changed)
        self._session.edited.disconnect(self._on_edited)
        self._gathering.stop()
        self._slices.stop()
        self._background.close()

    @property
    def compared(self) -> bool:
        """Whether the figures of the present answers are known."""
        return self._compared is not None

    def activate(self, active: bool) -> None:
        """Compare when the page comes to the front."""
        self._active = active
        self._refresh()

    @refusals_told
    def reveal(self) -> None:
        """Open everyone's answers."""
        self._session.project.rounds.require_open()
        self._session.answers_open = True

    def show_pair(self, pair: str) -> None:
        """Show the matrix of another pair of experts."""
        if self._compared is None:
            return
        self._pair = pair
        self.panel.set_pair(pair_of(self._compared.found, pair))

    @refusals_told
    def next_of_cell(self, first: str, second: str) -> None:
        """Show the crystals behind a cell; without a gallery, go to the next at every press."""
        if self._compared is None or self._pair is None:
            return
        one, two = self._pair.split("|")
        crystals = self._compared.table.both_said(one, first, two, second)
        if not crystals:
            raise AgreementError(f"No crystal is {first} to {one} and {second} to {two}.")
        if self._open_gallery is not None:
            ids = [crystal_id for _, crystal_id in crystals]
            self._open_gallery(f"{one} says {first}, {two} says {second}", ids)
            return
        cell = self._pair, first, second
        step = self._place[1] + 1 if self._place[0] == cell else 0
        self._place = cell, step % len(crystals)
        self._go_to(*crystals[self._place[1]])
        self.panel.set_next_step(
            f"Crystal {self._place[1] + 1} of {len(crystals)} that {one} calls {first} and {two} "
            f"{second}; click again for the next."
        )

    @refusals_told
    def go_to_image(self, name: str) -> None:
        """Show a micrograph of the table."""
        image_id = self._image_ids().get(name)
        if image_id is None:
            raise AgreementError(f"{name} is not in the project any more.")
        if image_id != self._session.image_id:
            self._session.show(image_id)

    @refusals_told
    def export(self) -> None:
        """Write the figures and the answers behind them into a folder."""
        if self._compared is None:
            raise AgreementError("There is nothing to export: no experts were compared yet.")
        folder = self._dialogs.save_as("agreement")
        if folder is None:
            return
        written = write_agreement(folder, self._compared.found, self._compared.counted.answers)
        names = ", ".join(path.name for path in written)
        tell(f"{names} were written into {folder.name}.")

    def _go_to(self, image: str, crystal_id: str) -> None:
        image_id = self._image_ids().get(image)
        if image_id is None or crystal_id not in self._session.project.state.crystals(image_id):
            raise AgreementError("This crystal is not in the project any more.")
        self._session.go_to(image_id, crystal_id)

    def _image_ids(self) -> dict[str, str]:
        return {name: image_id for image_id, name in image_names(self._session.project).items()}

    def _on_changed(self, _value: object) -> None:
        self._forget()
        self._refresh()

    def _on_edited(self, change: Change) -> None:
        if change.kind in {"label", "masks"} and change.crystal_ids:
            self._gathering.touch(change.crystal_ids)
        elif change.kind != "decision":  # which changes nobody's answer
            self._gathering.forget()
            self._refresh()

    def _forget(self) -> None:
        """Show nothing that an expert who is blind should not see."""
        self._asked += 1
        self._slices.stop()
        self._gathering.forget()
        self._compared, self._pair, self._place = None, None, (None, -1)
        self.panel.set_view(None)
        store = self._session.store
        self.panel.set_hidden(None if self._session.answers_open else CLOSED)
        self.panel.reveal_button.set_available(store is not None, "Open a project first.")
        self.panel.set_next_step(self._next_step())

    def _next_step(self) -> str:
        store = self._session.store
        if store is None:
            return "Open a project on the Project page."
        if not self._session.answers_open:
            return "When every expert has finished, open the answers to see how far they agree."
        if unsealed := len(store.rounds.withheld):
            return (
                f"Answers stay closed on {unsealed} micrograph{'s' * (unsealed > 1)} that you "
                "label blind; seal them on the Rounds page to see all figures."
            )
        return "Click a figure of the matrix to see the crystals behind it."

    def _refresh(self) -> None:
        """Gather the answers, where they may be seen and somebody looks."""
        if not (self._active and self._session.answers_open and self._session.store):
            self._gathering.pause()
            return
        if self._compared is None:
            self.panel.set_view(None, WORKING)
        if self._gathering.begun:
            self._gathering.follow(self._session.store)
        elif not self._slices.running:  # read what came from others, and note that it is seen
            self._slices.run(
                self._session.store.collecting_votes(), self._follow, self._close_answers
            )

    def _follow(self) -> None:
        if self._session.store is not None and self._active:
            self._gathering.follow(self._session.store)

    def _close_answers(self) -> None:
        self._session.answers_open = False

    def _on_gathered(self, pages: Any) -> None:  # a tuple of `Counted`
        self._asked += 1
        scheme = self._session.project.state.scheme
        self._background.run(lambda: compare(pages, scheme), Tagged(self._job, self._asked))

    def _on_compared(self, answer: Any) -> None:  # the tag and what `compare` gave
        asked, compared = answer
        if asked != self._asked:
            return
        self._compared = compared
        view = view_of(compared.found, compared.counted.left_out)
        pairs = [key for key, _ in view.pairs]
        self.panel.set_view(view)
        self._pair = self._pair if self._pair in pairs else pairs[0]
        self.panel.set_pairs(view.pairs, self._pair)
        self.show_pair(self._pair)

    def _on_refused(self, refusal: Any) -> None:  # the tag and the error
        asked, error = refusal
        if asked == self._asked:
            self._compared = None
            self.panel.set_view(None, str(error))
