"""Compares the project's models in a table."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from microcrystalnet.errors import ModelError
from microcrystalnet.learning.model_table import ModelRow, row_of
from microcrystalnet.report import csv_file
from napari_mcn.notify import refusals_told, tell
from napari_mcn.panels.epoch_plot import HUES, EpochLine
from napari_mcn.panels.row_table import TableRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_mcn.dialogs import Dialogs
    from napari_mcn.panels.model_panel import ModelPanel
    from napari_mcn.session import Session

SAME = "All were judged on the same crystals, set aside in the same way; compare their numbers."
OTHER = (
    "These models were judged on different crystals or split differently; compare only those whose "
    "columns Judged on, Part and Split are the same."
)
UNKNOWN = (
    "On which crystals some of these models were judged is unknown, so their numbers cannot be "
    "compared with others; train or evaluate them again."
)
DIGITS = 6  # of the digests of a model's labels and judged crystals


class ModelsController:
    """The Compare page; it is worked out while it is in front."""

    def __init__(self, panel: ModelPanel, session: Session, *, dialogs: Dialogs) -> None:
        self._panel, self._session, self._dialogs = panel, session, dialogs
        self._page, self._active = panel.compare, False
        self._rows: dict[str, ModelRow] = {}  # models are written once and never change
        self._page.model_chosen.connect(self._on_chosen)
        self._page.save_requested.connect(self.save)
        session.events.model_id.connect(self._on_model)
        session.events.store.connect(self._on_model)

    def close(self) -> None:
        """Let go of the session."""
        self._session.events.store.disconnect(self._on_model)
        self._session.events.model_id.disconnect(self._on_model)

    def activate(self, active: bool) -> None:
        """Show the table when the page comes to the front."""
        self._active = active
        self._show()

    @refusals_told
    def save(self) -> None:
        """Write the table as CSV, nothing rounded."""
        path = self._dialogs.save_as("models.csv", ".csv")
        if path is None:
            return
        columns = tuple(each.name for each in fields(ModelRow))
        rows = [[getattr(each, name) for name in columns] for each in self._known()]
        csv_file.write(path, columns, rows)
        tell(f"Saved as {path}.")

    def _on_chosen(self, model_id: str) -> None:
        self._session.model_id = model_id

    def _on_model(self, _changed: object) -> None:
        self._show()

    def _known(self) -> list[ModelRow]:
        """Read what is known of every model that can be read."""
        store = self._session.project
        for model_id in store.models():
            if model_id not in self._rows:
                try:
                    self._rows[model_id] = row_of(store.model_folder(model_id))
                except ModelError:
                    continue  # it is told of when somebody chooses it
        return [self._rows[each] for each in store.models() if each in self._rows]

    def _show(self) -> None:
        if not self._active:
            return
        if self._session.store is None:  # nothing of the last project can be chosen
            self._page.set_models((), "", None)
            self._page.set_curves(())
            return
        names = {each: place for place, each in enumerate(self._session.store.models(), 1)}
        known = self._known()
        said = comparable([each for each in known if each.accuracy is not None])
        rows = [table_row(each, names[each.model_id]) for each in known]
        self._page.set_models(rows, said, self._session.model_id)
        self._page.set_curves(curves(known, names, self._session.model_id))


def comparable(judged: Sequence[ModelRow]) -> str:
    """Say whether the figures of models that were judged can be compared; nothing for one."""
    if len(judged) < 2:
        return ""
    if any(each.judged_digest is None for each in judged):
        return UNKNOWN
    kinds = {(each.judged_digest, each.judged_on, each.split) for each in judged}
    return SAME if len(kinds) == 1 else OTHER


def curves(
    rows: Sequence[ModelRow], names: Mapping[str, int], current: str | None
) -> list[EpochLine]:
    """Give the curves of the model in use and of the best others, in the order of the models."""
    known = [each for each in rows if each.validation_accuracy]
    first = sorted(known, key=lambda row: (row.model_id != current, -(row.accuracy or 0)))
    drawn = {each.model_id for each in first[: len(HUES)]}
    return [
        EpochLine(
            f"Model {names[each.model_id]}", each.validation_accuracy, each.model_id == current
        )
        for each in known
        if each.model_id in drawn
    ]


def table_row(row: ModelRow, place: int) -> TableRow:
    """Write one model for the table."""
    interval = None if row.interval is None else f"{row.interval[0]:.3f}–{row.interval[1]:.3f}"
    return TableRow(
        row.model_id,
        (
            f"Model {place}",
            row.accuracy,
            interval,
            row.macro_f1,
            row.precision,
            row.area,
            row.calibration_error,
            row.network,
            f"{row.parameters:,}",
            row.judged,
            _short(row.judged_digest) if row.accuracy is not None else None,
            row.judged_on,
            row.split,
            row.trained,
            None if row.digest is None else row.digest[:DIGITS],
            row.seed,
            row.seconds,
        ),
        hints={
            7: row.source,
            10: f"Digest of judged crystals and their classes: {row.judged_digest or 'unknown'}",
            12: " ".join(row.notes),
            14: f"Digest of crystals and labels that were learnt from: {row.digest}",
        },
    )


def _short(digest: str | None) -> str:
    return "unknown" if digest is None else digest[:DIGITS]
