"""Shows what each convolution block of the network sees in the selected crystal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from microcrystalnet.errors import NoConvolutionsError
from microcrystalnet.examples import example
from microcrystalnet.explain.mosaic import clip
from microcrystalnet.explain.outline import mask_in_crop
from microcrystalnet.explain.words import UNSEEN
from microcrystalnet.imaging.colour_scales import CIVIDIS
from microcrystalnet.storage.rounds import RESERVED
from napari_mcn.exhibit import Shown
from napari_mcn.inquiry import BLIND
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refusals_told, refuse
from napari_mcn.patience import Patience

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from qtpy.QtCore import QObject

    from microcrystalnet.domain.crystal import Crystal
    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.errors import MicroCrystalError
    from microcrystalnet.explain.activations import BlockActivation, CrystalActivations
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.busy import Busy
    from napari_mcn.exhibit import Exhibit
    from napari_mcn.panels.explain_panel import ExplainPanel
    from napari_mcn.session import Session

GRID = 16
STOPPED = "Stopped. Press Layers again to look into this crystal."


class LayersController:
    """The Layers page."""

    def __init__(
        self,
        panel: ExplainPanel,
        session: Session,
        exhibit: Exhibit,
        explainer: EngineClient,
        *,
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._page, self._session = panel.layers, session
        self._exhibit, self._explainer = exhibit, explainer
        self._patience = Patience(busy.task(), owner, lambda _: None)
        self._job = listen(owner, self._on_seen, self._on_refused)
        self._active, self._stopped, self._request = False, False, 0
        self._seen: CrystalActivations | None = None
        self._block: int | None = None
        self._page.block_chosen.connect(self._on_block)
        self._page.channel_chosen.connect(self._on_channel)
        session.events.crystal_id.connect(self._on_crystal)
        session.events.model_id.connect(self._on_crystal)
        session.events.expert.connect(self._on_crystal)
        session.edited.connect(self._on_edited)
        self._begin()

    def close(self) -> None:
        """Let go of the session."""
        self._session.events.crystal_id.disconnect(self._on_crystal)
        self._session.events.model_id.disconnect(self._on_crystal)
        self._session.events.expert.disconnect(self._on_crystal)
        self._session.edited.disconnect(self._on_edited)

    def activate(self, active: bool) -> None:
        """Look into the selected crystal while the page is in front, also after a Cancel."""
        if active != self._active or self._stopped:
            self._active = active
            self._begin()
            if not active:
                self._exhibit.clear()

    def _on_crystal(self, _changed: object) -> None:
        self._begin()

    def _on_edited(self, change: Change) -> None:
        if change.kind == "masks" and self._session.crystal_id in change.crystal_ids:
            self._begin()

    def _begin(self) -> None:
        """Show nothing, and ask about the selected crystal."""
        self._forget()
        self._seen, self._stopped = None, False
        self._page.set_channels((), 0)
        crystal, model_id = self._session.crystal, self._session.model_id
        self._page.set_words(
            BLIND
            if self._session.blind
            else RESERVED
            if self._session.reserved
            else "Train or choose a classifier on the Model page first."
            if model_id is None
            else "Click the crystal you wonder about."
            if crystal is None
            else ""
        )
        if not self._active:
            return
        self._exhibit.clear()
        shut = self._session.blind or self._session.reserved
        if crystal is not None and model_id is not None and not shut:
            self._ask(crystal, model_id)

    @refusals_told
    def _ask(self, crystal: Crystal, model_id: str) -> None:
        store = self._session.project
        arguments = {
            "model_folder": store.model_folder(model_id),
            "example": example(store, crystal),
        }
        listener = Tagged(self._job, (crystal.crystal_id, model_id))
        self._request = self._explainer.request("activations", arguments, listener, lane="layers")
        self._patience.wait("Looking into the network", self._give_up)

    def _give_up(self) -> bool:
        if not self._explainer.forget(self._request):
            return False  # the maps are on their way
        self._forget()
        self._stopped = True
        self._page.set_words(STOPPED)
        return True

    def _forget(self) -> None:
        self._patience.end()
        self._explainer.forget(self._request)

    def _on_seen(self, answer: tuple[object, CrystalActivations]) -> None:
        tag, seen = answer
        if tag != (self._session.crystal_id, self._session.model_id) or not self._active:
            return
        self._patience.end()
        if self._session.crystal is None:  # deleted while the answer was on its way
            return
        self._seen = seen
        numbers = [each.block.number for each in seen.blocks]
        self._block = self._block if self._block in numbers else numbers[-1]
        self._page.set_blocks(len(numbers), self._block)
        self._show_block()

    def _on_refused(self, refusal: tuple[object, MicroCrystalError]) -> None:
        tag, error = refusal
        if tag != (self._session.crystal_id, self._session.model_id):
            return
        self._patience.end()
        if isinstance(error, NoConvolutionsError):
            self._page.set_words(str(error))  # no mistake of anybody's: it stays on the page
        else:
            refuse(error)

    def _on_block(self, block: int) -> None:
        self._block = block
        self._show_block()

    def _chosen(self) -> BlockActivation | None:
        blocks = () if self._seen is None else self._seen.blocks
        return next((each for each in blocks if each.block.number == self._block), None)

    def _show_block(self) -> None:
        seen, crystal = self._chosen(), self._session.crystal
        if seen is None or self._seen is None or crystal is None:
            return
        strongest = seen.strongest(mask_in_crop(crystal.mask, self._seen.frame), GRID)
        limits = CIVIDIS.limits(seen.channels)
        pictures = [(each, CIVIDIS.paint(seen.channels[..., each], limits)) for each in strongest]
        count, cells = seen.channels.shape[2], seen.channels.shape[0]
        self._page.set_words(
            f"The {len(strongest)} channels of {count} that respond most to the crystal, "
            f"{cells} x {cells} cells each."
        )
        self._page.set_channels(pictures, count)
        self._on_channel(None)

    def _on_channel(self, channel: int | None) -> None:
        seen = self._chosen()
        if seen is None:
            return
        values = seen.mean() if channel is None else seen.channel(channel)
        what = "the mean of all channels" if channel is None else f"channel {channel}"
        self._page.set_channel(channel)
        self._lay(values, seen.block.number, what)

    def _lay(self, values: NDArray[np.float32], number: int, what: str) -> None:
        seen, crystal = self._seen, self._session.crystal
        micrograph = self._session.micrograph
        if seen is None or crystal is None or micrograph is None:
            return
        mask = crystal.mask if seen.masked else None
        laid = clip(values, seen.frame, micrograph.region, mask)
        told = f"Bright places are what {what} of convolution block {number} responds to."
        self._exhibit.show(
            Shown(
                values,
                seen.frame,
                CIVIDIS,
                CIVIDIS.limits(laid),
                f"Block {number}, {what}",
                told if np.isfinite(laid).any() else UNSEEN,
                micrograph.region,
                mask,
                outlines=(crystal.mask,),
            )
        )
