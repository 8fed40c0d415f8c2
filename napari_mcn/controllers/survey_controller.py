"""What the predictions add up to, and which of them are left open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from microcrystalnet.errors import ModelError
from microcrystalnet.learning import model_folder
from microcrystalnet.learning.survey import OPTIMISTIC, abundances, answers, suggested
from microcrystalnet.progress import Progress
from napari_mcn.panels.predict_page import ALL, HERE, ClassShare
from napari_mcn.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from microcrystalnet.domain.crystal import Crystal
    from microcrystalnet.domain.micrograph import Micrograph
    from microcrystalnet.domain.prediction import Prediction
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.panels.predict_page import PredictPage
    from napari_mcn.session import Session

COUNTING = "Counting what the network named …"


class SurveyController:
    """The lower part of the Predict page."""

    def __init__(self, page: PredictPage, session: Session, slices: Slices | None = None) -> None:
        self._page, self._session, self._scope = page, session, HERE
        self._slices, self._active = slices or Slices(), False
        self._counted: tuple[list[Prediction], list[float | None]] = [], []
        self._newer = 0  # crystals whose outline is newer than what was said of the micrograph
        page.abstain_changed.connect(self._on_least)
        page.scope_chosen.connect(self._on_scope)
        session.events.model_id.connect(self._on_model)
        session.events.image_id.connect(self._on_changed)
        session.events.expert.connect(self._on_changed)
        session.events.abstain.connect(self._on_changed)
        session.predicted.connect(self._show)
        session.edited.connect(self._on_edited)
        self._on_model(None)

    def close(self) -> None:
        """Let go of the session."""
        self._slices.stop()
        self._session.events.model_id.disconnect(self._on_model)
        self._session.events.image_id.disconnect(self._on_changed)
        self._session.events.expert.disconnect(self._on_changed)
        self._session.events.abstain.disconnect(self._on_changed)
        self._session.predicted.disconnect(self._show)
        self._session.edited.disconnect(self._on_edited)

    def activate(self, active: bool) -> None:
        """Count only while the page is in front."""
        self._active = active
        self._show()

    def _on_least(self, least: float) -> None:
        self._session.abstain = least

    def _on_scope(self, scope: str) -> None:
        self._scope = scope
        self._show()

    def _on_model(self, _model_id: object) -> None:
        self._page.set_abstain(self._session.abstain, self._advice())
        self._page.set_warnings(())
        self._show()

    def _on_changed(self, _value: object) -> None:
        self._show()

    def _on_edited(self, change: Change) -> None:
        if change.kind in {"masks", "images", "rounds"}:
            self._show()

    def _advice(self) -> str:
        """Say from which confidence on answers were right nineteen times in twenty."""
        store, model_id = self._session.store, self._session.model_id
        if store is None or model_id is None:
            return ""
        try:
            card = model_folder.load(store.model_folder(model_id))
        except ModelError:
            return ""  # the page that shows the result has told it
        if card.training is None:
            return ""
        found = suggested(card.training, card.classes)
        if found is None:
            return "Too few crystals were judged to say how sure it must be to be right."
        said = (
            f"Of the judged crystals, {100 * found.accuracy:.0f} % were right from "
            f"{100 * found.confidence:.0f} % on; that answers {100 * found.answered:.0f} % of them."
        )
        return f"{said} {OPTIMISTIC}" if found.optimistic else said

    def _show(self) -> None:
        """Count anew, with pauses: a project may have many micrographs."""
        self._slices.stop()
        if self._active:
            self._slices.run(self._counting(), self._show_counted, self._show_nothing)

    def _show_nothing(self) -> None:
        """Take away what was counted before: it is of another micrograph, model or project."""
        self._page.set_shares(())

    def _show_counted(self) -> None:
        said, areas = self._counted
        if not said:
            self._page.set_shares((), _left_out(self._newer))
            return
        classes = said[0].classes
        table = np.array([each.probabilities for each in said])
        named = answers(table, classes, self._session.abstain)
        self._page.set_shares(
            [
                ClassShare(
                    each.cls,
                    each.count,
                    100 * each.count_share,
                    None if each.area_share is None else 100 * each.area_share,
                )
                for each in abundances(named, classes, areas)
            ],
            _left_out(self._newer),
        )

    def _counting(self) -> Iterator[Progress]:
        """Gather the predictions that are counted, and the area of each crystal."""
        store, model_id, here = self._session.store, self._session.model_id, self._session.image_id
        found: list[Prediction] = []
        areas: list[float | None] = []
        self._counted, self._newer = (found, areas), 0
        if store is None or model_id is None or here is None:
            return
        images = list(store.state.micrographs) if self._scope == ALL else [here]
        for at, image_id in enumerate(images):
            yield from store.reading_outlines(image_id)
            micrograph = store.state.micrograph(image_id)
            unit = _pixel_area(micrograph, alone=len(images) == 1)
            told, closed = self._told(image_id), store.rounds.reserve(image_id)
            for crystal in store.state.crystals(image_id).values():
                said = told.get(crystal.crystal_id)
                if said and _counts(crystal, said, micrograph):
                    found.append(said)
                    areas.append(None if unit is None else unit * crystal.mask.area)
                elif told and crystal.crystal_id not in closed:
                    self._newer += micrograph.region.contains(*crystal.mask.centre)
            yield Progress(at, len(images), COUNTING)

    def _told(self, image_id: str) -> Mapping[str, Prediction]:
        """Give what is said of a micrograph; for the one in view it was read before."""
        session = self._session
        here = image_id == session.image_id
        return session.predictions() if here else session.predictions_of(image_id)


def _counts(crystal: Crystal, said: Prediction, micrograph: Micrograph) -> bool:
    """Say whether statistics count a prediction: of this outline, inside the analysed part."""
    return said.is_of(crystal.mask) and micrograph.region.contains(*crystal.mask.centre)


def _left_out(newer: int) -> str:
    """Say how many crystals are not counted because of their outline; empty where none is."""
    if not newer:
        return ""
    said = "1 crystal is" if newer == 1 else f"{newer} crystals are"
    return f"{said} not counted: outlined or corrected after the prediction. Predict again."


def _pixel_area(micrograph: Micrograph, *, alone: bool) -> float | None:
    """Give the area of a pixel; alone, shares do not need the scale of a micrograph."""
    size = micrograph.pixel_size
    if size is None:
        return 1.0 if alone else None
    return size.row_um * size.col_um
