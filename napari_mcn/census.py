"""The measured crystals of the open project, and which of them count; kept up to date in slices."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from qtpy.QtCore import QObject, QTimer, Signal

from microcrystalnet.errors import ProjectError
from microcrystalnet.imaging.measure import Measurement, measure
from microcrystalnet.statistics.collect import (
    ClassFrom,
    Names,
    names,
    note_shown,
    rows_of,
    usual,
    whose,
)
from microcrystalnet.statistics.filters import EVERYTHING, Filter, kept
from napari_mcn.slices import Slices

if TYPE_CHECKING:
    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.domain.micrograph import Micrograph
    from microcrystalnet.statistics.population import CrystalRow
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.session import Session

FIRST_S, SLICE_S = 0.05, 0.015
WHOSE = {
    ClassFrom.OWN: "Classes are your own labels.",
    ClassFrom.SETTLED: "Classes are those settled by the experts.",
    ClassFrom.CLASSIFIER: "Classes are the classifier's.",
}
LARGE = 10_000  # crystals; beyond, only the micrograph in view counts until all are asked for


class Census(QObject):
    """Measures what is not measured yet while somebody looks, and filters it.

    Signals: ``changed()`` when there are other rows, or other ones count, and when the first are
    being measured; ``offered()`` when classes can be taken from elsewhere than before. Mean grey
    values are left to who writes them out: pixels are not read here.
    """

    changed = Signal()
    offered = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()  # nobody's child: it is stopped after the window's objects are gone
        self._session = session
        self.wanted, self.source = EVERYTHING, ClassFrom.OWN
        self.only_shown, self.length = False, "equivalent_diameter"
        self._all_wanted = False  # however many there are
        self._picked = self._known = False  # by the user; what everyone said, to them
        self._reading = Slices()
        self.rows: list[CrystalRow] = []
        self._offer: dict[ClassFrom, str] = {}  # what `sources` last said to who listens
        self._measured: dict[str, tuple[object, Measurement]] = {}
        self._waiting: deque[str] = deque()
        self._active = False
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self._work(SLICE_S))
        session.events.image_id.connect(self._on_image)
        session.events.store.connect(self._on_store)
        session.events.answers_open.connect(self._on_store)
        session.events.model_id.connect(self._on_store)
        session.events.expert.connect(self._on_expert)
        session.edited.connect(self._on_edited)
        session.predicted.connect(self.refresh)

    def close(self) -> None:
        """Let go of the session."""
        self._timer.stop()
        self._reading.stop()
        self._session.events.image_id.disconnect(self._on_image)
        for signal in ("store", "answers_open", "model_id"):
            getattr(self._session.events, signal).disconnect(self._on_store)
        self._session.events.expert.disconnect(self._on_expert)
        self._session.edited.disconnect(self._on_edited)
        self._session.predicted.disconnect(self.refresh)

    @property
    def busy(self) -> bool:
        """Whether some crystals are not measured yet."""
        return bool(self._waiting)

    @property
    def counted(self) -> list[CrystalRow]:
        """The crystals that count now.

        Raises
        ------
        FilterError
            If the filter contradicts itself.
        """
        return kept(self.rows, self.wanted)

    @property
    def classes_from(self) -> str:
        """Whose word the classes are, as tables that are written out say it."""
        store = self._session.store
        return "" if store is None else whose(store, self.source, self._session.model_id)

    @property
    def said(self) -> str:
        """Whose word the classes are, in a sentence, and how others would be."""
        if not self.rows:
            return ""
        closed = self.sources()[ClassFrom.SETTLED] if self.source is ClassFrom.OWN else ""
        return " ".join(filter(None, (WHOSE[self.source], closed)))

    def sources(self) -> dict[ClassFrom, str]:
        """Give why classes cannot be taken from somewhere, in a sentence; empty where they can."""
        known = self._session.answers_open or self._known
        closed = "" if known else "Open the answers on the Consensus page."
        if self._session.store is not None and self._session.store.rounds.blind_session:
            closed = "Settled classes are closed while you label blind."
        model = "" if self._session.model_id else "Train a classifier on the Model page."
        blind = "Hidden while you label blind." if self._session.blind else model
        return {ClassFrom.OWN: "", ClassFrom.SETTLED: closed, ClassFrom.CLASSIFIER: blind}

    def activate(self, active: bool) -> None:
        """Measure while the page is in front."""
        self._active = active
        self.refresh()

    def choose(self, wanted: Filter, source: ClassFrom, *, only_shown: bool) -> None:
        """Let other crystals count, or take their classes from somebody else."""
        again = source is not self.source or only_shown is not self.only_shown
        self._all_wanted |= self.only_shown and not only_shown
        self._picked |= source is not self.source
        self.wanted, self.source, self.only_shown = wanted, source, only_shown
        if again:
            self.refresh()
        else:
            self.changed.emit()

    def refresh(self) -> None:
        """Measure what is new, the shown micrograph first, and tell."""
        if not self._active:
            self._timer.stop()
            return
        self._recall()
        store, shown = self._session.store, self._session.image_id
        images = [] if store is None else list(store.state.micrographs)
        images.sort(key=lambda each: each != shown)
        self._waiting = deque(images[:1] if self.only_shown else images)
        self._work(FIRST_S)
        if self.busy and not self.rows:
            self.changed.emit()

    def _work(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self._waiting:
            if not self._measure_some(self._waiting[0], end):
                self._timer.start(0)
                return
            self._waiting.popleft()
            if len(self._measured) > LARGE and not self._all_wanted:
                self.only_shown = True
                self._waiting.clear()
        self._assemble()

    def _measure_some(self, image_id: str, end: float) -> bool:
        """Measure the crystals of a micrograph until the time is over; True: all are."""
        store = self._session.project
        micrograph = store.state.micrograph(image_id)
        for each in store.state.crystals(image_id).values():
            known = self._measured.get(each.crystal_id)
            key = _key(each.mask, micrograph)
            if known is None or known[0] != key:
                numbers = measure(each.mask, None, micrograph.region, micrograph.pixel_size)
                self._measured[each.crystal_id] = key, numbers
                if time.monotonic() > end:
                    return False
        return True

    def _assemble(self) -> None:
        store, self._offer = self._session.store, self.sources()
        if store is None:
            self.rows = []
        else:
            said, numbers = self._names(), {i: it[1] for i, it in self._measured.items()}
            self.rows = [
                row
                for image_id, micrograph in store.state.micrographs.items()
                if not self.only_shown or image_id == self._session.image_id
                for row in rows_of(micrograph, store.state.crystals(image_id), numbers, said)
            ]
            note_shown(store, self.source, self.rows)
        self.changed.emit()

    def _names(self) -> Names:
        store = self._session.project
        self._known = self._known and store.knows_all()  # also of what came in since
        reasons = self.sources()
        if reasons[self.source]:
            self._picked = False
        try:
            if not self._picked:
                self.source = ClassFrom.OWN if reasons[ClassFrom.SETTLED] else usual(store)
            return names(store, self.source, self._session.model_id)
        except ProjectError as error:  # asked for in the middle of showing something else
            self._session.troubled.emit(error)
            return Names()

    def _on_image(self, _image_id: object) -> None:
        """Do what depends on the micrograph in view; the rows of all micrographs stay."""
        if not self._active:
            return
        now, before = self.sources(), self._offer
        if self.only_shown or self._waiting or now[self.source] != before.get(self.source):
            self.refresh()
        elif now != before:
            self._offer = now
            self.offered.emit()

    def _on_store(self, _value: object) -> None:
        self._known = False
        self._reading.stop()
        if self._session.store is None:
            self._picked = False
            self._measured, self.only_shown, self._all_wanted = {}, False, False
        self.refresh()

    def _recall(self) -> None:
        """Learn whether everyone's answers were shown before; then they need not be opened anew."""
        store = self._session.store
        closed = store is None or self._session.answers_open or bool(store.rounds.withheld)
        if closed or self._known or self._reading.running or not store.has_looked:
            return
        self._reading.run(store.reading_answers(), self._on_recalled)

    def _on_recalled(self) -> None:
        self._known = self._session.project.knows_all()
        if self._known and not self._waiting:
            self._assemble()

    def _on_expert(self, _expert: object) -> None:
        self._picked = False
        self._on_store(None)

    def _on_edited(self, _change: Change) -> None:
        self.refresh()


def _key(mask: Mask, micrograph: Micrograph) -> object:
    """Give what a measurement depends on; the mask itself, as values never change."""
    size = micrograph.pixel_size
    return mask, micrograph.region, size and size.row_um / size.col_um
