"""The Segment page: proposing, clicking, correcting and comparing outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.engines.ahead import LookAhead
from microcrystalnet.engines.client import EngineClient
from napari_mcn.background import Background
from napari_mcn.closing import close_all
from napari_mcn.controllers.ahead_controller import AheadController
from napari_mcn.controllers.compare_controller import CompareController
from napari_mcn.controllers.correct_controller import CorrectController
from napari_mcn.controllers.everything_controller import EverythingController
from napari_mcn.controllers.filter_controller import FilterController
from napari_mcn.controllers.finetune_controller import FinetuneController
from napari_mcn.controllers.hover_controller import HoverController
from napari_mcn.controllers.outlines_controller import OutlinesController
from napari_mcn.controllers.prompt_controller import PromptController
from napari_mcn.controllers.reshape_controller import ReshapeController
from napari_mcn.controllers.segment_controller import SegmentController
from napari_mcn.controllers.weights_controller import WeightsController
from napari_mcn.panels.segment_panel import SegmentPanel

if TYPE_CHECKING:
    from napari_mcn.steps.place import Place


class OutliningStep:
    """The Segment page and its controllers."""

    def __init__(self, place: Place) -> None:
        self.panel = SegmentPanel()
        self._add_engine_parts(place)
        self._add_outlining_parts(place)

    def _add_engine_parts(self, place: Place) -> None:
        panel, session, owner = self.panel, place.session, place.owner
        self.ahead = AheadController(session, LookAhead())
        self.segment = SegmentController(
            panel,
            session,
            place.canvas,
            place.segmentation,
            dialogs=place.dialogs,
            busy=place.busy,
            owner=owner,
            after_prepared=self.ahead.look,
        )
        self.filter = FilterController(
            panel.filters, session, place.canvas, EngineClient("filter"), owner=owner
        )
        self.weights = WeightsController(
            panel.weights,
            EngineClient("sam_chores"),
            engines=self.segment,
            busy=place.busy,
            owner=owner,
        )
        self.finetune = FinetuneController(
            panel.finetuning,
            session,
            EngineClient("sam_chores"),
            use=self.segment.use,
            busy=place.busy,
            owner=owner,
        )

    def _add_outlining_parts(self, place: Place) -> None:
        panel, session, canvas, owner = self.panel, place.session, place.canvas, place.owner
        engine, prepare = place.segmentation, self.segment.prepare
        self.everything = EverythingController(
            panel.everything,
            session,
            canvas,
            engine,
            prepare=prepare,
            busy=place.busy,
            owner=owner,
        )
        self.prompt = PromptController(panel, session, canvas, engine, prepare=prepare, owner=owner)
        self.hover = HoverController(session, canvas, engine, owner)
        self.correct = CorrectController(panel, session, canvas)
        self.compare = CompareController(
            panel.compare,
            session,
            canvas,
            Background(),
            dialogs=place.dialogs,
            busy=place.busy,
            owner=owner,
        )
        self.outlines = OutlinesController(
            panel.outlines, session, Background(), dialogs=place.dialogs, owner=owner
        )
        self.reshape = ReshapeController(panel.correct, session, canvas)
        panel.correct.reopen_requested.connect(self.prompt.reopen)

    def activate(self, active: bool) -> None:
        """Learn whether the page is in front; the tool is put away when it is left."""
        self.segment.activate(active)
        self.everything.activate(active)
        self.compare.activate(active)
        if not active:
            self.prompt.put_away()

    def close(self) -> None:
        """Let go of the session, the viewer and the engines."""
        close_all(
            [
                self.compare,
                self.outlines,
                self.reshape,
                self.correct,
                self.hover,
                self.prompt,
                self.finetune,
                self.weights,
                self.filter,
                self.everything,
                self.segment,
                self.ahead,
            ]
        )
