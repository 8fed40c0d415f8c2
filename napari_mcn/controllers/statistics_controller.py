"""Works out the statistics of the crystals that count, on a thread of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from microcrystalnet.errors import MaskError, MicroCrystalError
from microcrystalnet.report import csv_file
from microcrystalnet.statistics.population import UNITS, classes_of, population
from microcrystalnet.statistics.summary import Summary, summarise
from microcrystalnet.statistics.tables import WORDS, summary_columns, summary_rows, three_digits
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refusals_told, tell
from napari_mcn.panels.row_table import TableRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qtpy.QtCore import QObject

    from microcrystalnet.statistics.population import CrystalRow
    from microcrystalnet.statistics.summary import ClassSummary
    from napari_mcn.background import Background
    from napari_mcn.census import Census
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.panels.statistics_page import StatisticsPage
    from napari_mcn.session import Session


class StatisticsController:
    """The Statistics sub-page; it works only while it is in front."""

    def __init__(
        self,
        page: StatisticsPage,
        session: Session,
        census: Census,
        background: Background,
        *,
        dialogs: Dialogs,
        owner: QObject,
    ) -> None:
        self._page, self._session, self._census = page, session, census
        self._background, self._dialogs = background, dialogs
        self._job = listen(owner, self._on_summary, self._on_refused)
        self._active, self._asked, self._intervals = False, 0, False
        self._summary: tuple[Summary, tuple[str, ...], str] | None = None
        page.length_chosen.connect(self._on_length)
        page.intervals_toggled.connect(self._on_intervals)
        page.export_requested.connect(self.export)
        census.changed.connect(self._refresh)

    def close(self) -> None:
        """Let go of the census and of the thread."""
        self._census.changed.disconnect(self._refresh)
        self._background.close()

    def activate(self, active: bool) -> None:
        """Work when the page comes to the front."""
        self._active = active
        self._refresh()

    @refusals_told
    def export(self) -> None:
        """Write the statistics as CSV, with their intervals."""
        if self._summary is None:
            raise MaskError("There is nothing to export yet: outline crystals on the Segment page.")
        path = self._dialogs.save_as("statistics.csv", ".csv")
        if path is None:
            return
        summary, _, said = self._summary
        csv_file.write(path, summary_columns(summary), summary_rows(summary, said))
        tell(f"The statistics were written to {path.name}.")

    def _on_length(self, length: str) -> None:
        self._census.length = length
        self._census.changed.emit()

    def _on_intervals(self, shown: bool) -> None:
        self._intervals = shown
        self._show()

    def _refresh(self) -> None:
        if not self._active:
            return
        self._asked += 1
        try:
            rows = self._census.counted
        except MicroCrystalError as refusal:
            self._on_refused(((self._asked, ""), refusal))
            return
        store, length = self._session.store, self._census.length
        codes = () if store is None else store.state.scheme.codes
        said = self._census.classes_from
        self._background.run(
            lambda: _summarised(rows, length, codes), Tagged(self._job, (self._asked, said))
        )

    def _on_summary(self, answer: Any) -> None:  # the tag and what `_summarised` gave
        (asked, said), summary = answer
        if asked == self._asked:
            self._summary = (*summary, said)
            self._show()

    def _on_refused(self, answer: Any) -> None:  # the tag and the refusal
        (asked, _), refusal = answer
        if asked == self._asked:
            self._summary = None
            self._page.set_table((), (), "")
            self._page.set_next_step(str(refusal))

    def _show(self) -> None:
        if self._summary is None or not self._summary[0].classes[-1].crystals:
            self._summary = None
            self._page.set_table((), (), "")
            words = "No crystal counts; outline some, or choose otherwise above."
            self._page.set_next_step("Measuring the crystals …" if self._census.busy else words)
            return
        summary, notes, _ = self._summary
        columns = ("", *(each.cls for each in summary.classes))
        self._page.set_table(
            columns, self._rows(summary), f"{self._census.said} {_note(summary, notes)}"
        )
        unit = UNITS[summary.unit]
        self._page.set_next_step(f"Sizes are apparent, in {unit}, and those of whole crystals.")

    def _rows(self, summary: Summary) -> list[TableRow]:
        counts = [
            TableRow("n", ("crystals", *(each.crystals for each in summary.classes))),
            TableRow("w", ("whole", *(each.whole for each in summary.classes))),
            TableRow("m", ("micrographs", *(each.micrographs for each in summary.classes))),
        ]
        lines = [
            TableRow(
                key,
                (word, *(self._cell(each, key) for each in summary.classes)),
                hints={at: _hint(each, key) for at, each in enumerate(summary.classes, 1)},
            )
            for key, word in WORDS.items()
        ]
        return [*counts, *lines]

    def _cell(self, each: ClassSummary, key: str) -> str | float | None:
        figure = each.figures[key]
        low, high = figure.interval.low, figure.interval.high
        if not self._intervals:
            return None if figure.value is None else float(three_digits(figure.value))
        if low is None or high is None:
            return None
        return f"{three_digits(low)}\n{three_digits(high)}"  # on one line labels have no room


def _summarised(
    rows: Sequence[CrystalRow], length: str, codes: Sequence[str]
) -> tuple[Summary, tuple[str, ...]]:
    found = population(rows, length)
    return summarise(found, classes_of(found.rows, codes)), found.notes


def _hint(each: ClassSummary, key: str) -> str:
    interval = each.figures[key].interval
    if interval.low is None or interval.high is None:
        return interval.reason
    return f"95 % between {interval.low:.4g} and {interval.high:.4g}"


def _note(summary: Summary, notes: Sequence[str]) -> str:
    words = summary.reason or (
        "Intervals of 95 %, the lower bound above the upper: whole micrographs drawn again, 2,000 "
        "times."
    )
    words += "".join(f" {cls}: {' '.join(why)}" for cls, why in summary.missing.items())
    words += "".join(f" {note}" for note in notes)
    return words
