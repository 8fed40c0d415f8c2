"""Makes what the Disputes page shows of a crystal: pictures, votes, neighbours and the atlas."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

from psygnal import Signal

from microcrystalnet.atlas import pictures
from napari_mcn.crystal_view import crystal_view
from napari_mcn.dispute_view import (
    atlas_of,
    colour_of,
    framed_atlas,
    history_of,
    standing,
    vote_lines,
)
from napari_mcn.jobs import Job, Tagged
from napari_mcn.neighbourhood import Nearest
from napari_mcn.panels.dispute_card import DisputeView
from napari_mcn.panels.thumbnails import Thumbnail

if TYPE_CHECKING:
    from collections.abc import Mapping

    from microcrystalnet.atlas.pictures import AtlasPlan
    from microcrystalnet.domain.crystal import Crystal
    from napari_mcn.disputes import Disputes
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.crop_picture import CropView
    from napari_mcn.session import Session

NEIGHBOURS = 5
KEPT_CROPS = 60


class DisputePictures:
    """Keeps the last few crops, because keys come fast; ``changed`` tells of a new atlas."""

    changed = Signal()

    def __init__(self, session: Session, canvas: Canvas, disputes: Disputes) -> None:
        self._session, self._canvas, self._disputes = session, canvas, disputes
        self._near: Nearest | None = None
        self._crops: dict[tuple[str, str], CropView] = {}
        self._atlas: Mapping[str, CropView] = {}
        self._asked = 0
        self._job = Job()  # without a parent: a thread may outlive the dock
        self._job.finished.connect(self._on_read)

    def forget(self) -> None:
        """Cut everything out anew: the micrograph or its outlines have changed."""
        self._near, self._crops = None, {}

    def read_atlas(self) -> None:
        """Read what each class looks like, on a thread: it may lie in many micrographs."""
        if self._session.store is not None:
            self._asked += 1
            planned, listener = pictures.plan(self._session.store), Tagged(self._job, self._asked)
            Thread(target=_read, args=(planned, listener), daemon=True).start()

    def _on_read(self, answer: object) -> None:
        asked, found = answer  # type: ignore[misc]  # as `Tagged` says
        if asked == self._asked:
            self._atlas = framed_atlas(found)
            self.changed.emit()

    def view(self, crystal: Crystal, *, names: bool) -> DisputeView:
        """Show a crystal of the micrograph in view, with the experts' ``names`` or with letters."""
        crystal_id, disputes = crystal.crystal_id, self._disputes
        state = self._session.project.state
        labels, letters = disputes.votes.get(crystal_id, {}), disputes.letters(crystal_id)
        image_id, number = disputes.places.get(crystal_id, (crystal.image_id, 0))
        title = f"{state.micrograph(image_id).file_name} · {number}"
        return DisputeView(
            title,
            standing(disputes.verdict(crystal_id)),
            self._crop(crystal, title),
            vote_lines(labels, letters, state.scheme, names),
            self._neighbours(crystal),
            atlas_of(labels, letters, self._atlas, state.scheme),
            history_of(disputes.case(crystal_id), names),
        )

    def _neighbours(self, crystal: Crystal) -> tuple[Thumbnail, ...]:
        if self._near is None:
            self._near = Nearest(self._session.crystals.values())
        scheme = self._session.project.state.scheme
        found = []
        for each in self._near.to(crystal, NEIGHBOURS):
            verdict = self._disputes.verdict(each.crystal_id)
            cls = verdict.cls if verdict.settled else None
            crop = self._crop(each, "A neighbour; click to see it.")
            if crop is not None:
                found.append(Thumbnail(each.crystal_id, crop, colour_of(cls, scheme)))
        return tuple(found)

    def _crop(self, crystal: Crystal, title: str) -> CropView | None:
        pixels, key = self._canvas.pixels, (crystal.crystal_id, title)
        if pixels is None:
            return None
        if key not in self._crops:
            if len(self._crops) > KEPT_CROPS:
                self._crops.clear()
            self._crops[key] = crystal_view(crystal.mask, pixels, title=title, answer=None)
        return self._crops[key]


def _read(planned: AtlasPlan, listener: Tagged) -> None:
    listener.done(pictures.read(planned))
