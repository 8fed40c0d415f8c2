"""Keeps the viewer showing what the session says: micrograph, crystals, classes, selection."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from qtpy.QtCore import QTimer

from microcrystalnet.errors import MicroCrystalError, SilentFolderError
from napari_mcn.layers.class_map import DISCARDED, UNCLEAR
from napari_mcn.notify import refusals_told
from napari_mcn.pictures import Pictures
from napari_mcn.slices import Slices, steps

if TYPE_CHECKING:
    from collections.abc import Iterable

    from microcrystalnet.domain.micrograph import Micrograph
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.pictures import Picture
    from napari_mcn.session import Session

WAIT_MS = 1000  # between two looks at a share that did not answer
LARGEST_AHEAD = 1 << 25  # pixels of a micrograph that is read before it is asked for
MANY = 100  # crystals from which drawing all anew is faster than one by one


class CanvasController:
    """Session to layers, and clicks on crystals back to the session."""

    def __init__(self, canvas: Canvas, session: Session) -> None:
        self._canvas, self._session = canvas, session
        canvas.crystal_clicked.connect(self._on_crystal_clicked)
        canvas.classes_changed.connect(self._show_classes)
        session.events.image_id.connect(self._on_image)
        session.events.crystal_id.connect(self._on_crystal)
        session.events.expert.connect(self._on_expert)
        session.events.store.connect(self._on_store)
        session.edited.connect(self._on_edited)
        session.expected.connect(self._on_expected)
        session.journey = canvas.zoom_kept
        self._shown: Micrograph | None = None
        self._pictures = Pictures()
        self._slices = Slices()
        self._waiting = QTimer()
        self._waiting.setInterval(WAIT_MS)
        self._waiting.timeout.connect(self._try_again)

    def close(self) -> None:
        """Let go of the session and the canvas."""
        self._waiting.stop()
        self._slices.stop()
        self._canvas.crystal_clicked.disconnect(self._on_crystal_clicked)
        self._canvas.classes_changed.disconnect(self._show_classes)
        events = self._session.events
        events.image_id.disconnect(self._on_image)
        events.crystal_id.disconnect(self._on_crystal)
        events.expert.disconnect(self._on_expert)
        events.store.disconnect(self._on_store)
        self._session.edited.disconnect(self._on_edited)
        self._session.expected.disconnect(self._on_expected)
        self._session.journey = nullcontext
        self._pictures.forget()

    @refusals_told
    def _on_image(self, _image_id: str | None) -> None:
        self._waiting.stop()
        micrograph, self._shown = self._session.micrograph, None
        if micrograph is None:
            self._canvas.clear()
            return
        picture, scheme = self._read(micrograph.image_id), self._session.project.state.scheme
        crystals = self._session.crystals
        classes = {each: self._code(each) for each in crystals}
        shown, grey = picture.pixels, picture.grey
        self._canvas.show(micrograph, shown, scheme, grey, crystals.values(), classes=classes)
        self._shown = micrograph
        self._canvas.select(self._session.crystal_id)
        self._on_expected(_neighbours(micrograph.image_id, self._session.project.state.micrographs))

    def _on_expected(self, image_ids: Iterable[str]) -> None:
        """Have micrographs read that are likely to be shown next."""
        store, wanted = self._session.store, dict.fromkeys(image_ids)
        if store is None or not wanted:
            return
        micrographs = store.state.micrographs
        known = (micrographs[each] for each in wanted if each in micrographs)
        small = [each for each in known if each.height * each.width <= LARGEST_AHEAD]
        with suppress(MicroCrystalError):  # what is wrong is told when one of them is asked for
            self._pictures.expect([store.image_path(each.image_id) for each in small])

    def _on_store(self, _store: object) -> None:
        self._slices.stop()
        self._pictures.forget()

    def _read(self, image_id: str) -> Picture:
        """Read a micrograph; where that fails, no other one may seem to be it."""
        try:
            return self._pictures.take(self._session.project.image_path(image_id))
        except MicroCrystalError as error:
            self._canvas.clear()
            if isinstance(error, SilentFolderError):
                self._waiting.start()
            raise

    def _try_again(self) -> None:
        """Show the micrograph as soon as the share with the project answers again."""
        store = self._session.store
        if store is None:
            self._waiting.stop()
        elif store.pulse.answers() and not self._slices.running:
            self._slices.run(steps(store), self._show_again)

    def _show_again(self) -> None:
        self._on_image(self._session.image_id)
        self._session.tell_predicted()

    def _on_crystal(self, crystal_id: str | None) -> None:
        crystal = self._session.crystal
        self._canvas.select(None if crystal is None else crystal_id)
        if crystal is not None:
            self._canvas.fly_to(crystal.mask)

    def _on_crystal_clicked(self, crystal_id: str) -> None:
        with self._canvas.camera_held():
            self._session.crystal_id = crystal_id

    def _on_expert(self, _expert: object) -> None:
        self._show_classes()

    def _on_edited(self, change: Change) -> None:
        if change.kind == "scheme":
            self._show_anew()
            self._session.tell_predicted()  # the new layers are empty
        if change.image_id is None or change.image_id != self._session.image_id:
            return
        if change.kind == "images" and not self._looks_the_same():
            self._show_anew()
        if change.kind == "masks":
            self._redraw(change.crystal_ids)
        elif change.kind == "label":
            self._recolour(change.crystal_ids)

    def _show_anew(self) -> None:
        """Show the micrograph in view otherwise; who looks at a crystal goes on looking at it."""
        with self._canvas.view_kept():
            self._on_image(self._session.image_id)

    def _looks_the_same(self) -> bool:
        """Whether only words about the micrograph changed: its sample or its texture."""
        now, shown = self._session.micrograph, self._shown
        if now is None or shown is None:
            return now is shown
        return replace(now, sample=shown.sample, texture=shown.texture) == shown

    def _redraw(self, crystal_ids: tuple[str, ...]) -> None:
        crystals = self._session.crystals
        if len(crystal_ids) > MANY:
            self._canvas.set_crystals(crystals)
            self._show_classes()
            return
        self._canvas.update_crystals({each: crystals.get(each) for each in crystal_ids})
        self._recolour(crystal_ids)

    def _recolour(self, crystal_ids: tuple[str, ...]) -> None:
        if self._canvas.sheet is None:
            return
        crystals = self._session.crystals
        codes = {each: self._code(each) for each in crystal_ids if each in crystals}
        self._canvas.sheet.class_map.update_classes(codes | self._bared())

    def _bared(self) -> dict[str, str | None]:
        """Give what changes as crystals come again: their first answer is not to be seen."""
        shown = self._canvas.sheet.class_map.class_of
        codes = {each: self._code(each) for each in self._session.coming_again}
        return {each: code for each, code in codes.items() if shown(each) != code}

    def _show_classes(self) -> None:
        if self._canvas.sheet is not None:
            codes = {each: self._code(each) for each in self._session.crystals}
            self._canvas.sheet.class_map.set_classes(codes)

    def _code(self, crystal_id: str) -> str | None:
        if self._canvas.settled is not None:
            return self._canvas.settled.get(crystal_id)
        label = self._session.project.state.label(crystal_id)
        if label is None:
            return None
        if label.answer.discards:
            return DISCARDED
        return UNCLEAR if label.answer.cls is None else label.answer.cls


def _neighbours(image_id: str, order: Iterable[str]) -> list[str]:
    """Give the micrographs after and before one."""
    known = list(order)
    at = known.index(image_id)
    return known[at + 1 : at + 2] + known[max(at - 1, 0) : at]
