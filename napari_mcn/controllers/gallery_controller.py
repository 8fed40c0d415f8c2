"""The crystals behind a figure: looked at, flown to, and named anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.errors import MicroCrystalError, ProjectError
from microcrystalnet.review import Order, Review, ordered
from napari_mcn.crop_supply import CropSupply
from napari_mcn.gallery_look import EVERYTHING, GalleryLook
from napari_mcn.gallery_view import ORDERS, around, card_of, item_of, what_keys_do
from napari_mcn.jobs import listen
from napari_mcn.notify import refusals_told, refuse
from napari_mcn.panels.gallery_page import EVERYWHERE, NOTHING_OPEN
from napari_mcn.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qtpy.QtCore import QObject

    from microcrystalnet.progress import Progress
    from microcrystalnet.review import Reviewed, Reviewer
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.gallery_page import GalleryPage
    from napari_mcn.session import Session


AT_LEAST = 15  # crystals that are looked at before the first pause: each may have a file to read


class GalleryController:
    """One gallery; whoever has crystals to show opens it."""

    def __init__(
        self,
        page: GalleryPage,
        session: Session,
        canvas: Canvas,
        owner: QObject,
        slices: Slices | None = None,
    ) -> None:
        self._page, self._session, self._canvas = page, session, canvas
        self._active, self._title, self._ids = False, "", ()
        self._reviewer: Reviewer | None = None
        self._found = Review((), 0)
        self._entries: dict[str, Reviewed] = {}
        self._order, self._image, self._cls = Order.LOSS, EVERYWHERE, EVERYWHERE
        self._supply = CropSupply(listen(owner, self._on_pictures, refuse))
        self._slices, self._looks = slices or Slices(), list[GalleryLook]()
        page.order_chosen.connect(self._on_order)
        page.image_chosen.connect(self._on_image)
        page.class_chosen.connect(self._on_class)
        page.chosen.connect(self._on_chosen)
        page.opened.connect(self.fly_to)
        session.events.store.connect(self._forget)
        session.events.expert.connect(self._forget)
        session.events.model_id.connect(self._review_again)
        session.events.crystal_id.connect(self._on_crystal)
        session.predicted.connect(self._review_again)
        session.edited.connect(self._on_edited)
        self._forget()

    def close(self) -> None:
        """Let go of the session, and of the thread that cuts pictures."""
        events = self._session.events
        events.store.disconnect(self._forget)
        events.expert.disconnect(self._forget)
        events.model_id.disconnect(self._review_again)
        events.crystal_id.disconnect(self._on_crystal)
        self._session.predicted.disconnect(self._review_again)
        self._session.edited.disconnect(self._on_edited)
        self._slices.stop()
        self._supply.close()

    def activate(self, active: bool) -> None:
        """Learn whether the gallery is in front; only then do class keys mean its crystals."""
        self._active = active
        self._canvas.told = self.filled

    @property
    def filled(self) -> bool:
        """Whether the gallery is in front and shows crystals."""
        return self._active and bool(self._entries)

    @property
    def deciding(self) -> bool:
        """Whether a class key means the crystal that is chosen in the gallery."""
        return self.filled and bool(self._page.plate.selected)

    def open(self, title: str, crystal_ids: Sequence[str]) -> None:
        """Show crystals; from now on the expert's answers on them are not blind.

        Raises
        ------
        BlindError
            If the expert labels blind and there is none that may be shown.
        ProjectError
            If there is no project, or none of the crystals is in it.
        """
        for _ in self.opening(title, crystal_ids):
            pass

    def opening(self, title: str, crystal_ids: Sequence[str]) -> Iterator[Progress]:
        """Do what `open` does, with pauses; what was open before stays till the end."""
        self._slices.stop()
        yield from self._looking(title, tuple(crystal_ids))

    def _looking(self, title: str, ids: tuple[str, ...]) -> Iterator[Progress]:
        look = GalleryLook(self._session)
        self._looks.append(look)
        try:
            self._reviewer, found = yield from look.looking(ids)
        finally:
            self._looks.remove(look)
        self._title, self._ids = title, ids
        self._take(found)
        self._image = self._cls = EVERYWHERE
        if self._order is Order.LOSS and all(each.loss is None for each in found.entries):
            self._order = Order.DISAGREEMENT  # nothing is settled here, as among disputes
        self._cut()
        self._show_choices()
        self._lay_out(new_pictures=True)
        self._canvas.told = self.filled

    @refusals_told
    def fly_to(self, crystal_id: str) -> None:
        """Show a crystal on its micrograph, near enough to judge it."""
        entry = self._entries.get(crystal_id)
        if entry is None:
            return
        if entry.crystal is None:
            raise ProjectError("This crystal was deleted, so there is no place to fly to.")
        if (entry.image_id, crystal_id) != (self._session.image_id, self._session.crystal_id):
            self._session.go_to(entry.image_id, crystal_id)
        self._canvas.come_near(entry.crystal.mask)

    def fly(self) -> None:
        """Show the chosen crystal on its micrograph, unless it is the selected one already."""
        if self.deciding and self.chosen != self._session.crystal_id:
            self.fly_to(self.chosen)

    def step(self, by: int) -> None:
        """Choose the crystal before or after."""
        keys = [each.key for each in self._page.plate.items]
        if not keys:
            return
        at = keys.index(self.chosen) + by if self._page.plate.selected else 0
        self._page.plate.select([keys[min(max(at, 0), len(keys) - 1)]])

    @property
    def chosen(self) -> str:
        """The crystal that is chosen; ask only while one is."""
        return self._page.plate.selected[0]

    def _take(self, found: Review) -> None:
        self._found = found
        self._entries = {each.crystal_id: each for each in found.entries}

    @refusals_told
    def _cut(self) -> None:
        """Have the pictures cut; where the project's folder hangs, go on without them."""
        store = self._session.project
        crystals = [each.crystal for each in self._entries.values() if each.crystal is not None]
        images = dict.fromkeys(each.image_id for each in crystals)
        self._supply.begin(crystals, {each: store.image_path(each) for each in images})

    def _show_choices(self) -> None:
        state = self._session.project.state
        images = dict.fromkeys(each.image_id for each in self._entries.values())
        named = [(each, state.micrograph(each).file_name) for each in images]
        self._page.set_choices(ORDERS, self._order.value, named)
        self._page.set_scheme(state.scheme)

    def _lay_out(self, *, new_pictures: bool = False) -> None:
        scheme, chosen = self._session.project.state.scheme, self._page.plate.selected
        shown = ordered(
            (each for each in self._entries.values() if self._wanted(each)), self._order
        )
        items = [item_of(each, scheme) for each in shown]
        self._page.set_items(items, self._supply.picture if new_pictures else None)
        said = what_keys_do(self._title, self._session.expert, self._found.withheld)
        self._page.set_next_step(said)
        self._page.set_card(None)
        self._page.plate.select(chosen)

    def _wanted(self, entry: Reviewed) -> bool:
        return self._image in {EVERYWHERE, entry.image_id} and self._cls in {
            EVERYWHERE,
            entry.truth,
        }

    def _on_order(self, order: str) -> None:
        self._order = Order(order)
        self._lay_out_again()

    def _on_image(self, image_id: str) -> None:
        self._image = image_id
        self._lay_out_again()

    def _on_class(self, cls: str) -> None:
        self._cls = cls
        self._lay_out_again()

    def _lay_out_again(self) -> None:
        if self._entries:
            self._lay_out()

    def _on_chosen(self, crystal_ids: list[str]) -> None:
        entry = self._entries.get(crystal_ids[0]) if crystal_ids else None
        self._show_card(entry)
        self._expect(crystal_ids)
        here = entry is not None and entry.image_id == self._session.image_id
        if here and entry is not None and entry.crystal is not None and self._active:
            self._session.crystal_id = entry.crystal_id

    def _expect(self, crystal_ids: list[str]) -> None:
        near = around([each.key for each in self._page.plate.items], crystal_ids)
        self._session.expected.emit([self._entries[each].image_id for each in near])

    def _show_card(self, entry: Reviewed | None) -> None:
        if entry is None:
            self._page.set_card(None)
            return
        store = self._session.project
        keys = [each.key for each in self._page.plate.items]
        name = store.state.micrograph(entry.image_id).file_name
        place = f"{keys.index(entry.crystal_id) + 1} of {len(keys)}, {name}"
        names = {each: self._session.model_name(each) for each in store.models()}
        self._page.set_card(card_of(entry, place, names))

    def _on_crystal(self, crystal_id: str | None) -> None:
        """Follow the viewer, so that a class key never means a crystal that is out of sight."""
        if self.filled and [crystal_id] != self._page.plate.selected:
            self._page.plate.select([crystal_id] if crystal_id in self._entries else [])

    def _on_pictures(self, crystal_ids: Iterable[str]) -> None:
        self._page.plate.redraw(crystal_ids)

    def _on_edited(self, change: Change) -> None:
        for look in self._looks:
            look.note(change)
        if change.kind in EVERYTHING:
            self._review_again(hidden=change.kind == "rounds")
        elif change.kind in {"label", "decision", "masks"} and self._reviewer is not None:
            known = [each for each in change.crystal_ids if each in self._entries]
            self._look_again(known, cut=change.kind == "masks")

    def _look_again(self, crystal_ids: Sequence[str], *, cut: bool) -> None:
        """Show what became of a few crystals, where they lie."""
        if not crystal_ids or self._reviewer is None:
            return
        scheme, chosen = self._session.project.state.scheme, self._page.plate.selected
        for each in crystal_ids:
            self._entries[each] = self._reviewer.look(each)
        if cut:
            self._cut()
            self._page.plate.redraw(crystal_ids)
        self._page.plate.update_items(item_of(self._entries[each], scheme) for each in crystal_ids)
        if chosen and chosen[0] in crystal_ids:
            self._show_card(self._entries[chosen[0]])

    def _review_again(self, *, hidden: bool = False) -> None:
        """Open the same crystals anew, because more than a few of them may be seen otherwise.

        What may not be seen any more is ``hidden`` until then.
        """
        if len(self._looks) > self._slices.running:  # another gallery is being opened
            for look in self._looks:
                look.begin_anew()
            self._forget()
        elif self._reviewer is not None and self._session.store is not None:
            again = self._looking_again()
            self._slices.run(again, lambda: None, self._forget, at_least=AT_LEAST)
            if hidden and self._slices.running:
                self._show_nothing()

    def _looking_again(self) -> Iterator[Progress]:
        try:
            yield from self._looking(self._title, self._ids)
        except MicroCrystalError:
            self._forget()

    def _forget(self, _changed: object = None) -> None:
        """Show nothing that the next expert should not see."""
        self._slices.stop()
        self._reviewer = None
        self._show_nothing()

    def _show_nothing(self) -> None:
        self._take(Review((), 0))
        self._supply.begin((), {})
        self._page.set_items((), None)
        self._page.set_card(None)
        self._page.set_next_step(NOTHING_OPEN)
        self._canvas.told = False
