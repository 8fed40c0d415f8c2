"""The Model page: training, results, prediction, comparison, search and import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.engines.client import EngineClient
from napari_mcn.closing import close_all
from napari_mcn.controllers.evaluation_controller import EvaluationController
from napari_mcn.controllers.import_controller import ImportController
from napari_mcn.controllers.layout_controller import LayoutController
from napari_mcn.controllers.model_controller import ModelController
from napari_mcn.controllers.models_controller import ModelsController
from napari_mcn.controllers.released_controller import ReleasedController
from napari_mcn.controllers.results_controller import ResultsController
from napari_mcn.controllers.review_controller import ReviewController
from napari_mcn.controllers.search_controller import SearchController
from napari_mcn.controllers.since_judged_controller import SinceJudgedController
from napari_mcn.controllers.survey_controller import SurveyController
from napari_mcn.judgement import Judgement
from napari_mcn.panels.model_panel import COMPARE, PREDICT, RESULTS, SEARCH, ModelPanel
from napari_mcn.slices import Slices

if TYPE_CHECKING:
    from napari_mcn.steps.place import Place


class ModelStep:
    """The Model page, its sub-pages and their controllers.

    ``results.crystals_chosen`` tells which crystals a figure led to: their ids, and what they are.
    """

    def __init__(self, place: Place) -> None:
        self.panel, self._active = ModelPanel(), False
        shared = self.panel, place.session
        work = {"busy": place.busy, "owner": place.owner}
        self.model = ModelController(*shared, place.classifier, **work)
        judgement = Judgement(place.session)
        self.review = ReviewController(*shared, place.canvas, judgement, place.open_gallery)
        self.results = ResultsController(
            *shared,
            judgement,
            place.classifier,
            dialogs=place.dialogs,
            open_gallery=place.open_gallery,
            **work,
        )
        self.layout = LayoutController(
            self.panel.results, place.session, judgement, place.classifier, **work
        )
        self.since = SinceJudgedController(self.panel.results, place.session, judgement)
        self.evaluation = EvaluationController(*shared, judgement, place.classifier, **work)
        self.evaluation.judged.connect(self.layout.renew)
        self.survey = SurveyController(self.panel.predict, place.session, Slices(place.busy.task()))
        self.models = ModelsController(*shared, dialogs=place.dialogs)
        self.search = SearchController(*shared, EngineClient("classifier"), **work)
        self.importing = ImportController(*shared, place.classifier, dialogs=place.dialogs, **work)
        self.released = ReleasedController(
            self.panel.imports.weights,
            EngineClient("sam_chores"),
            self.importing.look_into,
            **work,
        )
        self.panel.page_shown.connect(self._on_page)

    def activate(self, active: bool) -> None:
        """Learn whether the page is in front."""
        self._active = active
        self._on_page(self.panel.page)

    def _on_page(self, page: str) -> None:
        self.layout.activate(self._active and page == RESULTS)
        self.since.activate(self._active and page == RESULTS)
        self.survey.activate(self._active and page == PREDICT)
        self.models.activate(self._active and page == COMPARE)
        self.search.activate(self._active and page == SEARCH)

    def close(self) -> None:
        """Let go of the session, the viewer and the engines."""
        close_all(
            [
                *(self.released, self.importing, self.search, self.models, self.survey),
                *(self.evaluation, self.since, self.layout, self.results, self.review),
                self.model,
            ]
        )
