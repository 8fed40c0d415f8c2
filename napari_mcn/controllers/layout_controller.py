"""Lays crystals out by what the network's last dense layer sees of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from microcrystalnet.examples import examples_of
from microcrystalnet.learning.feature_map import FEWEST
from microcrystalnet.progress import Progress
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refusals_told
from napari_mcn.panels.dot_plot import Dot
from napari_mcn.panels.results_page import DOTS, EVERY, JUDGED
from napari_mcn.result_view import UNKNOWN, colours_of
from napari_mcn.slices import Slices, outlines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qtpy.QtCore import QObject

    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.errors import MicroCrystalError
    from microcrystalnet.learning.dataset import Example
    from microcrystalnet.learning.feature_map import FeatureMap
    from napari_mcn.busy import Busy
    from napari_mcn.judgement import Judgement
    from napari_mcn.panels.results_page import ResultsPage
    from napari_mcn.session import Session

UNNAMED = "not predicted"


class LayoutController:
    """The t-SNE of the Results page; it is computed while the page is in front."""

    def __init__(
        self,
        page: ResultsPage,
        session: Session,
        judgement: Judgement,
        classifier: EngineClient,
        *,
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._page, self._session, self._classifier = page, session, classifier
        self._judgement, self._task = judgement, busy.task()
        self._slices = Slices(busy.task())
        self._job = listen(owner, self._on_laid_out, self._on_refused, self._task.step)
        self._active, self._which = False, JUDGED
        self._asked: tuple[str | None, str] | None = None  # the model, and which crystals
        page.layout_requested.connect(self.lay_out)
        session.events.model_id.connect(self._on_model)
        session.events.store.connect(self._on_model)
        session.events.expert.connect(self._on_model)
        session.predicted.connect(self._on_predicted)
        self._show()

    def close(self) -> None:
        """Let go of the session, and read no further."""
        self._slices.stop()
        self._session.events.model_id.disconnect(self._on_model)
        self._session.events.store.disconnect(self._on_model)
        self._session.events.expert.disconnect(self._on_model)
        self._session.predicted.disconnect(self._on_predicted)

    def activate(self, active: bool) -> None:
        """Lay the crystals out when the page comes to the front for the first time.

        A model that was not judged here has no results to stand beside.
        """
        self._active = active
        self._begin()

    def renew(self) -> None:
        """Forget where crystals lie; lay them out anew where the page is in front."""
        self._task.abandon()
        self._slices.stop()
        self._asked = self._judgement.feature_map = None
        self._show()
        self._begin()

    @refusals_told
    def lay_out(self, which: str) -> None:
        """Ask where the judged crystals, or every one, lie."""
        self._which, self._asked = which, (self._session.model_id, which)
        self._page.set_which(which)
        self._judgement.feature_map = None
        self._show()
        store = self._session.store
        if store is not None and self._judgement.card is not None:
            self._slices.run(outlines(store, tuple(store.state.micrographs)), self._ask)

    @refusals_told
    def _ask(self) -> None:
        """Ask about the crystals whose outlines were read."""
        store, model_id, card = self._session.project, self._session.model_id, self._judgement.card
        if model_id is None or card is None:
            return
        groups = self._groups()
        images = [each for each in store.state.micrographs if self._judgement.open_to_see(each)]
        examples = [
            each
            for each in examples_of(store, images)
            if each.crystal_id in groups
            and self._judgement.open_to_see(each.image_id, each.crystal_id)
        ]
        if not examples:
            return
        named = [groups[each.crystal_id] for each in examples]
        arguments = {
            "model_folder": store.model_folder(model_id),
            "examples": examples,
            "groups": named,
            "classes": tuple(dict.fromkeys([*card.classes, *named])),
        }
        self._request(arguments, examples)

    def _request(self, arguments: Mapping[str, object], examples: Sequence[Example]) -> None:
        listener = Tagged(self._job, self._asked)
        request = self._classifier.request("lay_out", arguments, listener, lane="lay out")
        first = Progress(0, 0, f"Laying out {len(examples)} crystals")
        self._task.start(first, lambda: self._classifier.cancel(request))
        self._page.set_layout_text("The crystals are being laid out …")

    def _groups(self) -> dict[str, str]:
        """Give the class of every crystal that is laid out: the experts', or the network's."""
        judged = self._judgement.judged
        if self._which == JUDGED:
            return dict(zip(judged.crystal_ids, judged.truth, strict=True)) if judged else {}
        state = self._session.project.state
        found: dict[str, str] = {}
        for image_id in state.micrographs:
            said = self._session.predictions_of(image_id)
            for crystal_id in state.crystals(image_id):
                found[crystal_id] = said[crystal_id].cls if crystal_id in said else UNNAMED
        return found

    def _on_model(self, _value: object) -> None:
        self.renew()

    def _begin(self) -> None:
        new = self._asked != (self._session.model_id, self._which)
        if self._active and new and self._judgement.judged is not None:
            self.lay_out(self._worthwhile())

    def _on_predicted(self) -> None:
        """Colour every crystal anew by what the network says now."""
        if self._active and self._asked is not None and self._which == EVERY:
            self.lay_out(EVERY)

    def _worthwhile(self) -> str:
        """Give which crystals to begin with: every one where too few were judged for a layout."""
        judged = self._judgement.judged
        few = judged is not None and len(judged.crystal_ids) < FEWEST
        return EVERY if few else self._which

    def _on_laid_out(self, answer: tuple[object, FeatureMap]) -> None:
        asked, found = answer
        if asked == self._asked and self._task.running:
            self._task.end()
            self._judgement.feature_map = found
            self._show()

    def _on_refused(self, refusal: tuple[object, MicroCrystalError]) -> None:
        asked, error = refusal
        if asked == self._asked:
            self._task.end()
            self._page.set_layout_text(str(error))

    def _show(self) -> None:
        found, card = self._judgement.feature_map, self._judgement.card
        if found is None or card is None:
            self._page.dots.set_dots(())
            self._page.dots_legend.set_entries(())
            self._page.set_layout_text("" if card is None else "The crystals are not laid out.")
            return
        colours = colours_of(card)
        self._page.dots.set_dots(self._dots(found, colours))
        self._page.dots_legend.set_entries(_legend(found, colours))
        shades = [colours.get(code, UNKNOWN) for code in found.classes]
        self._page.dots.set_density(found.density, shades)
        meaning = "the network's class" if self._which == EVERY else "the experts' class"
        self._page.set_layout_text(f"Colour: {meaning}. {DOTS}")

    def _dots(self, found: FeatureMap, colours: Mapping[str, str]) -> list[Dot]:
        judged = self._judgement.judged
        told = zip(judged.crystal_ids, judged.truth, judged.said, strict=True) if judged else ()
        known = {crystal_id: (truth, said) for crystal_id, truth, said in told}
        rows = zip(found.crystal_ids, found.groups, found.places.tolist(), strict=True)
        return [
            _dot(crystal_id, place, colours.get(group, UNKNOWN), known.get(crystal_id), group)
            for crystal_id, group, place in rows
        ]


def _legend(found: FeatureMap, colours: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give the colour, ``#rrggbb``, of every class that has dots, and how many it has."""
    counts = Counter(found.groups)
    there = [code for code in found.classes if counts[code]]
    return [(colours.get(code, UNKNOWN), f"{code} (n = {counts[code]})") for code in there]


def _dot(
    crystal_id: str,
    place: Sequence[float],
    colour: str,
    judged: tuple[str, str] | None,
    group: str,
) -> Dot:
    x, y = place
    if judged is None:
        return Dot(crystal_id, x, y, colour, f"Network: {group}")
    truth, said = judged
    hint = f"Experts: {truth}; network: {said}"
    return Dot(crystal_id, x, y, colour, hint, wrong=truth != said)
