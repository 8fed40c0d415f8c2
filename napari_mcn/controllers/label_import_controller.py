"""Imports labels of spreadsheets: shows what they say first, and works in a child process."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from microcrystalnet.progress import Progress
from microcrystalnet.spreadsheets.bring_in import Imported
from microcrystalnet.spreadsheets.preview import Preview
from microcrystalnet.spreadsheets.sources import ImportRequest
from microcrystalnet.spreadsheets.vocabulary import Vocabulary
from microcrystalnet.storage.history import Change
from napari_mcn.jobs import listen
from napari_mcn.label_import_view import (
    NO_PROJECT,
    ask_for_columns,
    done,
    labels,
    show_preview,
    written,
)
from napari_mcn.notify import refusals_told, refuse, tell
from napari_mcn.slices import Slices, steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qtpy.QtCore import QObject

    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.errors import MicroCrystalError
    from napari_mcn.busy import Busy
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.panels.label_import_panel import LabelImportPanel
    from napari_mcn.session import Session

LANE = "labels"
STOPPED = {
    "preview": "Reading the table was cancelled; nothing was imported.",
    "import_labels": "Importing was cancelled; what was imported by then stays. Importing the "
    "table again goes on from there, and “Take back” removes it.",
    "take_back": "Taking back was cancelled; pressing “Take back” again goes on from there.",
}
NOT_BY_UNDO = "“Take back” on this page removes them again; Ctrl+Z does not."


class LabelImportController:
    """The page *Import labels*."""

    def __init__(
        self,
        panel: LabelImportPanel,
        session: Session,
        client: EngineClient,
        *,
        dialogs: Dialogs,
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._panel, self._session, self._client = panel, session, client
        self._dialogs, self._task = dialogs, busy.task()
        self._request: ImportRequest | None = None
        self._preview: Preview | None = None
        self._last: ImportRequest | None = None  # what was imported here before
        self._concerned: frozenset[str] = frozenset()  # whose labels that were
        self._writing = listen(owner, self._on_written, self._on_refused, self._task.step)
        self._undoing = listen(owner, self._on_taken_back, self._on_refused, self._task.step)
        self._slices = Slices(busy.task())
        self._looking = listen(owner, self._on_preview, self._on_unclear, self._task.step)
        self._naming = listen(owner, self._on_columns, self._on_no_columns)
        self._importing = listen(owner, self._on_imported, self._on_refused, self._task.step)
        self._connect()
        session.events.store.connect(self._on_store)
        self._on_store(session.store)

    def _connect(self) -> None:
        panel = self._panel
        panel.table_requested.connect(lambda: self._choose(self._dialogs.label_table))
        panel.folder_requested.connect(lambda: self._choose(self._dialogs.label_folder))
        panel.column_chosen.connect(self._on_column)
        panel.expert_typed.connect(self._on_expert)
        panel.word_mapped.connect(self._on_word)
        panel.way_chosen.connect(self._on_way)
        panel.blind_chosen.connect(self._on_blind)
        panel.import_requested.connect(self.import_labels)
        panel.take_back_requested.connect(self.take_back)
        panel.write_back_requested.connect(self.write_back)

    def close(self) -> None:
        """Let go of the session, and stop reading."""
        self._client.close()
        self._slices.stop()
        self._session.events.store.disconnect(self._on_store)

    @refusals_told
    def look(self, path: Path) -> None:
        """Read a table or folder and show what it says."""
        self._ask(ImportRequest(path))

    @refusals_told
    def import_labels(self) -> None:
        """Import what is shown."""
        if self._request is None or self._preview is None or self._preview.unknown:
            return
        self._start("import_labels", self._importing, "Importing labels")

    @refusals_told
    def take_back(self) -> None:
        """Take the labels away that came from the shown table, or from the one imported last."""
        if self._taken_back is not None:
            self._start("take_back", self._undoing, "Taking labels back", self._taken_back)

    @refusals_told
    def write_back(self) -> None:
        """Write the source team's files again, with what was edited since."""
        folder = self._dialogs.save_as("label-files")
        if folder is not None:
            store = self._session.project
            arguments = {"project": store.folder, "folder": folder, "expert": store.actor}
            number = self._client.request("write_back", arguments, self._writing, lane=LANE)
            self._task.start(Progress(0, 0, "Writing files"), lambda: self._client.cancel(number))

    def _on_written(self, answer: object) -> None:
        if self._task.running and isinstance(answer, tuple):
            self._task.end()
            tell(written(*answer))
            self._slices.run(steps(self._session.project), lambda: None)  # whose answers were shown

    def _choose(self, ask: Callable[[], Path | None]) -> None:
        path = ask()
        if path is not None:
            self.look(path)

    def _ask(self, request: ImportRequest) -> None:
        self._request, self._preview = request, None
        self._panel.set_file(f"Reading {request.path.name} …")
        self._panel.set_import("Import", False, "The table is being read.")
        self._start("preview", self._looking, f"Reading {request.path.name}")

    @property
    def _taken_back(self) -> ImportRequest | None:
        return self._request or self._last

    def _start(
        self, method: str, job: object, text: str, request: ImportRequest | None = None
    ) -> None:
        store = self._session.project
        asked = replace(request or self._request, asked_by=store.actor)  # whoever sits here now
        arguments = {"project": store.folder, "request": asked}
        number = self._client.request(method, arguments, job, lane=LANE)
        self._task.start(Progress(0, 0, text), lambda: self._cancel(number, method))

    def _cancel(self, number: int, method: str) -> bool:
        if not self._client.cancel(number):
            return False
        self._show()
        tell(STOPPED[method])
        if method != "preview":
            self._read_again()
        return True

    def _on_preview(self, answer: object) -> None:
        if self._task.running and isinstance(answer, Preview):
            self._task.end()
            self._preview = answer
            self._show()

    def _on_imported(self, answer: object) -> None:
        if self._task.running and isinstance(answer, Imported):
            self._last = self._request
            self._finish(f"{done(answer)} {NOT_BY_UNDO}")

    def _on_taken_back(self, answer: object) -> None:
        if self._task.running and isinstance(answer, int):
            self._last = None
            self._finish(f"{labels(answer)} taken back.")

    def _finish(self, sentence: str) -> None:
        self._task.end()
        tell(sentence)
        self._read_again()
        self._forget()

    def _read_again(self) -> None:
        """Learn which labels the child brought in or took away."""
        if self._preview is not None:
            self._concerned = frozenset(self._preview.experts)
        if (store := self._session.store) is not None:
            self._slices.run(steps(store), self._tell_imported)

    def _tell_imported(self) -> None:
        self._session.edited.emit(self._change(self._session.expert in self._concerned))

    def _change(self, own: bool) -> Change:
        """Say what changed: everything on the shown micrograph where the labels are one's own."""
        shown = tuple(self._session.crystals) if own else ()
        kind, image_id = ("masks", self._session.image_id) if own else ("project", None)
        return Change(kind, image_id, shown, "Imported labels")

    def _on_unclear(self, error: MicroCrystalError) -> None:
        """Say why a table is not understood, and let the columns be named by hand."""
        self._on_refused(error)
        if self._request is not None:
            self._client.request("columns", {"path": self._request.path}, self._naming, lane=LANE)

    def _on_columns(self, columns: object) -> None:
        if self._request is not None and self._preview is None and isinstance(columns, tuple):
            ask_for_columns(self._panel, self._request, columns)

    def _on_no_columns(self, _error: MicroCrystalError) -> None:
        """Leave it at that: it is a folder, or no table at all."""

    def _on_refused(self, error: MicroCrystalError) -> None:
        if not self._task.running:
            return  # cancelled while the answer was on its way
        self._task.end()
        self._show()
        refuse(error)

    @refusals_told
    def _on_column(self, role: str, column: str) -> None:
        if self._request is not None:
            columns = {**self._request.columns, role: column}
            if role in {"label", "expert"}:
                columns.pop("experts", None)
            self._ask(replace(self._request, columns=columns))

    @refusals_told
    def _on_expert(self, name: str) -> None:
        if self._request is not None and name != (self._request.expert or ""):
            self._ask(replace(self._request, expert=name or None))

    @refusals_told
    def _on_way(self, way: str) -> None:
        if self._request is not None:
            self._ask(replace(self._request, match=way))

    def _on_word(self, word: str, means: str) -> None:
        """Map a word; nothing has to be read again for that."""
        if self._request is None or self._preview is None:
            return
        self._request = replace(self._request, values={**self._request.values, word: means})
        scheme = self._session.project.state.scheme
        known = Vocabulary.of(scheme, self._request.values)
        values = (replace(each, means=known.meaning(each.text)) for each in self._preview.values)
        self._preview = replace(self._preview, values=tuple(values))
        self._show()

    def _on_blind(self, blind: bool) -> None:
        if self._request is not None and self._preview is not None:
            self._request = replace(self._request, blind=blind)
            self._preview = replace(self._preview, blind=blind)

    def _on_store(self, _store: object) -> None:
        self._task.abandon()
        self._slices.stop()
        self._last = None
        self._forget()

    def _forget(self) -> None:
        self._request = self._preview = None
        self._show()

    def _show(self) -> None:
        store, panel = self._session.store, self._panel
        reason = NO_PROJECT if store is None else store.read_only_reason
        panel.table_button.set_available(not reason, reason)
        panel.folder_button.set_available(not reason, reason)
        panel.write_back_button.set_available(store is not None, NO_PROJECT)
        scheme = None if store is None else store.state.scheme
        show_preview(panel, self._request, self._preview, scheme)
        panel.set_take_back("" if self._taken_back is None else self._taken_back.path.name)
