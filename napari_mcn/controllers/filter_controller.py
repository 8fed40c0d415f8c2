"""Chooses the noise filters that micrographs go through before they are outlined."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from microcrystalnet.domain.micrograph import Region
from microcrystalnet.imaging.noise import SNR_WORDS
from microcrystalnet.imaging.preprocess import PRESETS, Filtered, Recipe
from napari_mcn.jobs import Tagged, listen
from napari_mcn.panels.filter_section import FilterForm

if TYPE_CHECKING:
    from qtpy.QtCore import QObject

    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.errors import MicroCrystalError
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.filter_section import FilterSection
    from napari_mcn.session import Session

WINDOW_PX = 512  # side of the window that follows every change
LANE = "preview"
NOT_SHOWN = "Noise2Void is not in this preview; it learns when the micrograph is prepared."


class FilterController:
    """The filters of the Segment page; a preview is made in a child process of its own."""

    def __init__(
        self,
        panel: FilterSection,
        session: Session,
        canvas: Canvas,
        client: EngineClient,
        *,
        owner: QObject,
    ) -> None:
        self._panel, self._session, self._canvas, self._client = panel, session, canvas, client
        self._job = listen(owner, self._on_filtered, self._on_refused)
        self._asked = 0
        panel.set_definition(SNR_WORDS)
        panel.set_presets({name: _form(recipe) for name, recipe in PRESETS.items()})
        panel.filters_changed.connect(self._on_filters)
        panel.preview_toggled.connect(self._on_preview)
        session.events.recipe.connect(self._on_recipe)
        session.events.image_id.connect(self._on_image)

    def close(self) -> None:
        """Let go of the session and end the child process."""
        self._client.close()
        self._session.events.recipe.disconnect(self._on_recipe)
        self._session.events.image_id.disconnect(self._on_image)

    def _on_filters(self, form: FilterForm) -> None:
        self._session.recipe = Recipe(
            form.non_local_means,
            form.blind_spot,
            form.unsharp,
            opening_px=form.opening_px,
            closing_px=form.closing_px,
        )

    def _on_recipe(self, recipe: Recipe) -> None:
        self._panel.set_form(_form(recipe))
        self._preview()

    def _on_image(self, _image_id: str | None) -> None:
        self._preview()

    def _on_preview(self, _shown: bool) -> None:
        self._preview()

    def _preview(self) -> None:
        """Filter the middle of the view, unless nobody wants to see it."""
        self._asked += 1
        pixels, sheet, recipe = self._canvas.pixels, self._canvas.sheet, self._session.recipe
        if pixels is None or sheet is None:
            return
        if not (self._panel.preview.isChecked() and recipe.steps):
            sheet.filtered.clear()
            self._panel.set_gains(())
            return
        window = _window(self._canvas.middle, pixels.shape)
        part = pixels[window.row0 : window.row1, window.col0 : window.col1].copy()
        arguments = {"pixels": part, "recipe": replace(recipe, blind_spot=False)}
        listener = Tagged(self._job, (self._asked, window))
        self._client.request("preprocess", arguments, listener, lane=LANE)

    def _on_filtered(self, answer: tuple[tuple[int, Region], Filtered]) -> None:
        (asked, window), filtered = answer
        if asked != self._asked or self._canvas.sheet is None:
            return
        self._canvas.sheet.filtered.show(filtered.pixels, window)
        gains = [(gain.step, gain.snr_db) for gain in filtered.gains]
        self._panel.set_gains(gains, NOT_SHOWN if self._session.recipe.blind_spot else "")

    def _on_refused(self, answer: tuple[tuple[int, Region], MicroCrystalError]) -> None:
        (asked, _), error = answer
        if asked == self._asked:
            self._panel.set_gains((), str(error))


def _form(recipe: Recipe) -> FilterForm:
    return FilterForm(
        recipe.non_local_means,
        recipe.blind_spot,
        recipe.unsharp,
        recipe.opening_px,
        recipe.closing_px,
    )


def _window(middle: tuple[float, float], shape: tuple[int, ...]) -> Region:
    """Give the window around a place, (row, column), moved inside an image of this shape."""
    height, width = min(WINDOW_PX, shape[0]), min(WINDOW_PX, shape[1])
    row0 = round(min(max(middle[0] - height / 2, 0), shape[0] - height))
    col0 = round(min(max(middle[1] - width / 2, 0), shape[1] - width))
    return Region(row0, col0, row0 + height, col0 + width)
