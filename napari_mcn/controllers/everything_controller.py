"""Proposes every crystal at once, follows the sliders, and keeps what the user accepts."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microcrystalnet.errors import MaskError, SegmentationError
from microcrystalnet.imaging.doubles import giving_way
from microcrystalnet.progress import Progress
from microcrystalnet.segmentation.segmenter import EverythingSettings
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refusals_told, refuse, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qtpy.QtCore import QObject

    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.domain.micrograph import Micrograph
    from microcrystalnet.domain.outlining import Outlining
    from microcrystalnet.engines.segmentation import SegmentationEngine
    from microcrystalnet.errors import MicroCrystalError
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.busy import Busy
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.everything_section import EverythingSection
    from napari_mcn.session import Session

USUAL_PX, LEAST_PX = 12, 3
QUICK_SECONDS = 0.5  # choosing anew takes less; only what takes longer is shown as work


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What the engine is asked, since when (seconds), and with what it outlines."""

    image_id: str
    settings: EverythingSettings
    since: float
    made: Outlining


class EverythingController:
    """The automatic pass; ``prepare`` makes sure that the engine knows the micrograph.

    The engine keeps what it found on a micrograph, so that other settings cost milliseconds. At
    most one question is on its way; when sliders moved meanwhile, the next one follows the answer.
    """

    def __init__(
        self,
        section: EverythingSection,
        session: Session,
        canvas: Canvas,
        engine: SegmentationEngine,
        *,
        prepare: Callable[[], None],
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._section, self._session, self._canvas, self._engine = section, session, canvas, engine
        self._prepare, self._task = prepare, busy.task()
        self._active = False
        self._found: dict[str, Sequence[Mask]] = {}  # by micrograph
        self._made: dict[str, Outlining] = {}  # by micrograph
        self._asked: Question | None = None
        self.job = listen(owner, self._on_found, self._on_refused, self._on_progress)
        section.proposals_requested.connect(self.propose)
        section.settings_changed.connect(self._on_settings)
        section.accept_requested.connect(self.accept)
        section.discard_requested.connect(self.discard)
        session.events.store.connect(self._on_store)
        session.events.image_id.connect(self._on_image)
        session.events.engine.connect(self._on_engine)
        session.edited.connect(self._on_edited)
        self._on_image(session.image_id)

    def close(self) -> None:
        """Let go of the session."""
        self._session.events.store.disconnect(self._on_store)
        self._session.events.image_id.disconnect(self._on_image)
        self._session.events.engine.disconnect(self._on_engine)
        self._session.edited.disconnect(self._on_edited)

    def activate(self, active: bool) -> None:
        """Show the proposals while the page is in use."""
        self._active = active
        self._show()

    @refusals_told
    def propose(self) -> None:
        """Propose every crystal of the micrograph at once."""
        micrograph = self._session.micrograph
        if micrograph is None or self._canvas.pixels is None:
            raise SegmentationError("Open a micrograph on the Project page first.")
        self._task.end()
        self._ask(micrograph)
        self._work(Progress(0, 0, f"Outlining every crystal of {micrograph.file_name}"))

    @refusals_told
    def accept(self) -> None:
        """Keep every proposed crystal, as one step that can be undone."""
        image_id = self._session.image_id or ""
        masks, known = self._proposed(), len(self._session.crystals)
        if not masks:
            raise MaskError("Nothing is proposed yet: press Outline all crystals first.")
        made = self._made[image_id]
        self._session.project.put_masks(image_id, masks, self._session.mask_source, made=made)
        self.discard()
        tell(_outcome(len(masks), known))

    def discard(self) -> None:
        """Forget what is proposed on this micrograph."""
        self._found.pop(self._session.image_id or "", None)
        self._show()

    def _ask(self, micrograph: Micrograph) -> None:
        self._prepare()
        settings = self._settings(micrograph)
        made = self._session.outlining
        self._asked = Question(micrograph.image_id, settings, time.monotonic(), made)
        self._request = self._engine.everything(settings, Tagged(self.job, self._asked))

    def _work(self, progress: Progress) -> None:
        """Show that it takes a while, and let it be cancelled."""
        if self._asked is not None:
            self._task.start(progress, self._cancel)

    def _cancel(self) -> None:
        if self._asked is not None:
            self._asked = None
            self._engine.cancel(self._request)

    def _settings(self, micrograph: Micrograph) -> EverythingSettings:
        chosen, (_, side) = self._section.chosen, _unit(micrograph)
        return EverythingSettings(
            smallest_px=chosen.smallest / side,
            largest_px=None if chosen.largest is None else chosen.largest / side,
            region=micrograph.region,
            confidence=chosen.confidence,
            touching_edge=chosen.touching_edge,
        )

    @refusals_told
    def _on_settings(self) -> None:
        micrograph = self._session.micrograph
        if micrograph is not None and micrograph.image_id in self._found and self._asked is None:
            self._ask(micrograph)

    @refusals_told
    def _on_found(self, answer: tuple[Question, Sequence[Mask]]) -> None:
        asked, masks = answer
        if asked is not self._asked:
            return
        self._asked, known = None, asked.image_id in self._found
        self._task.end()
        self._found[asked.image_id], self._made[asked.image_id] = masks, asked.made
        micrograph = self._session.micrograph
        if micrograph is None or micrograph.image_id != asked.image_id:
            name = self._session.project.state.micrographs[asked.image_id].file_name
            tell(f"{len(masks):,} crystals are proposed on {name}; go there to look at them.")
            return
        self._show()
        if not masks and not known:
            tell("Nothing was found: lower the confidence, or click the crystals one by one.")
        if self._settings(micrograph) != asked.settings:
            self._ask(micrograph)

    def _on_progress(self, progress: Progress) -> None:
        if self._asked is None:
            return
        if self._task.running:
            self._task.step(progress)
        elif time.monotonic() - self._asked.since > QUICK_SECONDS:
            self._work(progress)

    def _on_refused(self, refusal: tuple[Question, MicroCrystalError]) -> None:
        asked, error = refusal
        if asked is self._asked:
            self._asked = None
            self._task.end()
            refuse(error)

    def _on_store(self, _store: object) -> None:
        self._forget()

    def _on_engine(self, _engine: str) -> None:
        self._forget()

    def _forget(self) -> None:
        if self._task.running:
            self._task.cancel()
        self._asked, self._found = None, {}
        self._show()

    def _on_image(self, _image_id: str | None) -> None:
        micrograph = self._session.micrograph
        if micrograph is not None:
            unit, side = _unit(micrograph)
            longest = max(micrograph.height, micrograph.width)
            self._section.set_scale(
                unit, LEAST_PX * side, max(longest, 2 * USUAL_PX) * side, USUAL_PX * side
            )
        self._show()

    def _on_edited(self, change: Change) -> None:
        if change.kind == "images":
            self._on_image(change.image_id)
        elif change.kind == "masks" and change.image_id == self._session.image_id:
            self._show()

    def _proposed(self) -> list[Mask]:
        """Give what is found on this micrograph beside the crystals accepted before."""
        found = self._found.get(self._session.image_id or "", ())
        return giving_way(found, [each.mask for each in self._session.crystals.values()])

    def _show(self) -> None:
        micrograph = self._session.micrograph
        if micrograph is None or micrograph.image_id not in self._found:
            self._section.set_proposed(None)
            self._canvas.propose(())
            return
        masks = self._proposed()
        self._section.set_proposed(self._said(masks, micrograph), len(masks))
        self._canvas.propose(masks if self._active else ())

    def _said(self, masks: Sequence[Mask], micrograph: Micrograph) -> str:
        known = len(self._session.crystals)
        rest = f"; the {known:,} accepted before stay as they are." if known else "."
        if not masks:
            return f"No crystal is proposed{rest}"
        unit, side = _unit(micrograph)
        sizes = np.sqrt([mask.area * 4 / np.pi for mask in masks]) * side
        spread = f"{sizes.min():.3g} to {sizes.max():.3g} {unit}, median {np.median(sizes):.3g}"
        return f"{_counted(len(masks))} proposed, {spread}{rest}"


def _unit(micrograph: Micrograph) -> tuple[str, float]:
    """Give the unit that diameters are shown in, and a pixel's side in it."""
    size = micrograph.pixel_size
    return ("px", 1.0) if size is None else ("µm", size.nm / 1000)


def _counted(count: int) -> str:
    return "1 crystal is" if count == 1 else f"{count:,} crystals are"


def _outcome(fresh: int, known: int) -> str:
    crystals = "1 crystal" if fresh == 1 else f"{fresh:,} crystals"
    if known:
        return f"{crystals} added; the {known:,} there were are unchanged."
    return f"{crystals} outlined: delete what is wrong, click what is missing."
