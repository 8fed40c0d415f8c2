"""Hands the choice of crystals on to the census, and shows how many count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.statistics.population import classes_of
from napari_mcn.panels.choice_section import Choices

if TYPE_CHECKING:
    from napari_mcn.census import Census
    from napari_mcn.panels.choice_section import ChoiceSection
    from napari_mcn.session import Session


class ChoiceController:
    """The form above the sub-pages of the Measure page."""

    def __init__(self, section: ChoiceSection, session: Session, census: Census) -> None:
        self._section, self._session, self._census = section, session, census
        section.chosen.connect(self._on_chosen)
        census.changed.connect(self._show)
        census.offered.connect(self._show)
        self._show()

    def close(self) -> None:
        """Let go of the census."""
        self._census.changed.disconnect(self._show)
        self._census.offered.disconnect(self._show)

    def _on_chosen(self) -> None:
        section = self._section
        self._census.choose(section.filter, section.source, only_shown=section.only_shown)

    def _show(self) -> None:
        rows, store = self._census.rows, self._session.store
        scheme = FOUR_CLASSES if store is None else store.state.scheme
        calibrated = any(each.micrograph.calibrated for each in rows)
        self._section.set_choices(
            Choices(
                classes_of(rows, scheme.codes),
                sorted({each.sample for each in rows} - {""}),
                sorted({each.texture for each in rows} - {""}),
                sorted({each.state for each in rows}),
                self._census.sources(),
                "µm" if calibrated else "px",
                self._census.only_shown,
                self._census.source,
            )
        )
        if self._census.busy and not rows:
            self._section.set_count(0, 0, "Which crystals count: measuring …")
            return
        try:
            self._section.set_count(len(self._census.counted), len(rows))
        except MicroCrystalError as refusal:
            self._section.set_count(0, len(rows), str(refusal))
