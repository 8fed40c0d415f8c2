"""Compares the crystals of the shown micrograph with reference masks, while either changes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from microcrystalnet.errors import MaskError
from microcrystalnet.imaging.compare import LEAST_IOU, Comparison, comparing
from microcrystalnet.progress import Progress
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refusals_told, refuse
from napari_mcn.panels.row_table import TableRow
from napari_mcn.reference import of_label_image, of_project
from napari_mcn.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from qtpy.QtCore import QObject

    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.domain.micrograph import Micrograph
    from microcrystalnet.errors import MicroCrystalError
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.background import Background
    from napari_mcn.busy import Busy
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.compare_section import CompareSection
    from napari_mcn.reference import Reference
    from napari_mcn.session import Session

AT_LEAST = 10  # steps of a comparison that are done at once, of twenty pairs of outlines each
MISSED, INVENTED, MATCHED = "missed", "invented", "matched"


class CompareController:
    """The last part of the Segment page; reference masks are read on a thread of their own."""

    def __init__(
        self,
        section: CompareSection,
        session: Session,
        canvas: Canvas,
        background: Background,
        *,
        dialogs: Dialogs,
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._section, self._session = section, session
        self._canvas, self._dialogs = canvas, dialogs
        self._background, self._task, self._asked = background, busy.task(), 0
        self._job = listen(owner, self._on_read, self._on_refused)
        self._reference: Reference | None = None
        self._active = False
        self._slices = Slices()
        self._compared: Comparison | None = None
        self._targets: dict[str, tuple[str | None, Mask]] = {}  # row key: crystal id, mask
        section.label_image_requested.connect(self._on_label_image)
        section.project_requested.connect(self._on_project)
        section.end_requested.connect(self.end)
        section.row_chosen.connect(self._on_row)
        session.events.store.connect(self._on_changed)
        session.events.image_id.connect(self._on_changed)
        session.edited.connect(self._on_edited)

    def close(self) -> None:
        """Let go of the session, and read and compare no further."""
        self._background.close()
        self._slices.stop()
        self._session.events.store.disconnect(self._on_changed)
        self._session.events.image_id.disconnect(self._on_changed)
        self._session.edited.disconnect(self._on_edited)

    def activate(self, active: bool) -> None:
        """Box what differs while the page is in use."""
        self._active = active
        if self._reference is not None:
            self._show()

    @refusals_told
    def compare_with_labels(self, path: Path) -> None:
        """Compare with the crystals of a label image."""
        shown = self._shown()
        self._read(path, lambda: of_label_image(path, shown))

    @refusals_told
    def compare_with_project(self, folder: Path) -> None:
        """Compare with what another project holds on the same image file."""
        shown = self._shown()
        self._read(folder, lambda: of_project(folder, shown))

    def _read(self, source: Path, work: Callable[[], Reference]) -> None:
        self._asked += 1
        self._task.start(Progress(0, 0, f"Reading the outlines of {source.name} …"), self._give_up)
        self._background.run(work, Tagged(self._job, self._asked))

    def _give_up(self) -> None:
        self._asked += 1  # what comes of it is not the answer any more

    def _on_read(self, answer: tuple[int, Reference]) -> None:
        asked, found = answer
        if asked == self._asked:
            self._task.end()
            self._reference = found
            self._show()

    def _on_refused(self, refusal: tuple[int, MicroCrystalError]) -> None:
        asked, error = refusal
        if asked == self._asked:
            self._task.end()
            refuse(error)

    def end(self) -> None:
        """Compare no more."""
        self._task.abandon()
        self._reference = None
        self._show()

    def _shown(self) -> Micrograph:
        micrograph = self._session.micrograph
        if micrograph is None:
            raise MaskError("Open a micrograph on the Project page first.")
        if not self._session.crystals:
            raise MaskError("There is nothing to compare yet: outline crystals first.")
        return micrograph

    def _on_label_image(self) -> None:
        path = self._dialogs.label_image()
        if path is not None:
            self.compare_with_labels(path)

    def _on_project(self) -> None:
        folder = self._dialogs.existing_project()
        if folder is not None:
            self.compare_with_project(folder)

    def _on_row(self, key: str) -> None:
        crystal_id, mask = self._targets[key]
        with self._canvas.camera_held():
            self._session.crystal_id = crystal_id
        self._canvas.fly_to(mask)

    def _on_changed(self, _value: object) -> None:
        if self._reference is not None or self._task.running:
            self.end()

    def _on_edited(self, change: Change) -> None:
        reference = self._reference
        if reference is None or change.image_id != reference.image_id:
            return
        if change.kind == "masks":
            self._show()

    def _show(self) -> None:
        self._slices.stop()
        reference, micrograph = self._reference, self._session.micrograph
        if reference is None or micrograph is None:
            self._section.set_result(None, ())
            self._canvas.judge((), ())
            return
        crystals = {each: found.mask for each, found in self._session.crystals.items()}
        self._slices.run(
            self._comparing(list(crystals.values()), reference.masks),
            lambda: self._show_compared(reference, micrograph, crystals),
            at_least=AT_LEAST,
        )

    def _comparing(self, found: Sequence[Mask], reference: Sequence[Mask]) -> Iterator[Progress]:
        """Compare with pauses; an edit meanwhile begins it anew."""
        self._compared = yield from comparing(found, reference)

    def _show_compared(
        self, reference: Reference, micrograph: Micrograph, crystals: Mapping[str, Mask]
    ) -> None:
        comparison, found = self._compared, list(crystals.values())
        if comparison is None:
            return
        missed = [reference.masks[place] for place in comparison.missed]
        invented = [found[place] for place in comparison.invented]
        self._canvas.judge(missed if self._active else (), invented if self._active else ())
        self._targets = dict(_targets(comparison, reference.masks, list(crystals), found))
        size = micrograph.pixel_size
        unit, side = ("px", 1.0) if size is None else ("µm", size.nm / 1000)
        rows = list(_rows(comparison, self._targets, side))
        self._section.set_result(said(comparison, reference.name), rows, unit)


def said(comparison: Comparison, name: str) -> str:
    """Write a comparison in sentences."""
    mean = "" if comparison.mean_iou is None else f" with a mean IoU of {comparison.mean_iou:.2f}"
    return (
        f"F1 {comparison.f1:.2f} at IoU {LEAST_IOU} against {name}. "
        f"{len(comparison.matches):,} of {comparison.n_reference:,} reference crystals "
        f"found{mean}; {len(comparison.missed):,} missed (orange), "
        f"{len(comparison.invented):,} invented (magenta)."
    )


def _targets(
    comparison: Comparison, reference: Sequence[Mask], ids: Sequence[str], found: Sequence[Mask]
) -> Iterator[tuple[str, tuple[str | None, Mask]]]:
    for place in comparison.missed:
        yield f"{MISSED} {place}", (None, reference[place])
    for place in comparison.invented:
        yield f"{INVENTED} {place}", (ids[place], found[place])
    for match in comparison.matches:
        yield f"{MATCHED} {match.reference}", (ids[match.found], found[match.found])


def _rows(
    comparison: Comparison, targets: dict[str, tuple[str | None, Mask]], side: float
) -> Iterator[TableRow]:
    """Give a row per outline: what it is, its overlap, its diameter; trouble is coloured."""
    ious = {f"{MATCHED} {each.reference}": round(each.iou, 3) for each in comparison.matches}
    best, met = comparison.best_ious, comparison.best_of_found
    ious |= {f"{MISSED} {place}": round(best[place], 3) for place in comparison.missed}
    ious |= {f"{INVENTED} {place}": round(met[place], 3) for place in comparison.invented}
    for key, (_, mask) in targets.items():
        outcome = key.partition(" ")[0]
        diameter = math.sqrt(mask.area * 4 / math.pi) * side
        troubled = frozenset() if outcome == MATCHED else frozenset({0})
        yield TableRow(key, (outcome, ious[key], diameter), troubled)
