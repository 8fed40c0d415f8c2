"""Takes a classifier trained elsewhere into the project, its class order asked for or checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.errors import ReadOnlyProjectError
from microcrystalnet.examples import Settled, finding_settled
from microcrystalnet.learning.imported import OrderMatch, check_enough, margin
from microcrystalnet.progress import Progress
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refusals_told, refuse, tell
from napari_mcn.panels.import_page import FoundWeights
from napari_mcn.panels.model_panel import PREDICT
from napari_mcn.panels.row_table import TableRow
from napari_mcn.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from qtpy.QtCore import QObject

    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.errors import MicroCrystalError
    from microcrystalnet.learning.weights_file import WeightsFile
    from napari_mcn.busy import Busy
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.panels.model_panel import ModelPanel
    from napari_mcn.session import Session

CLOSE = 0.05  # a lead that chance can make


class ImportController:
    """The Import page."""

    def __init__(
        self,
        panel: ModelPanel,
        session: Session,
        classifier: EngineClient,
        *,
        dialogs: Dialogs,
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._panel, self._session, self._classifier = panel, session, classifier
        self._page, self._dialogs, self._task = panel.imports, dialogs, busy.task()
        self._looking = listen(owner, self._on_found, self._on_refused, self._task.step)
        self._checking = listen(owner, self._on_checked, self._on_refused, self._task.step)
        self._importing = listen(owner, self._on_imported, self._on_import_refused, self._task.step)
        self._file: WeightsFile | None = None
        self._slices = Slices(busy.task())
        self._settled: Settled = ([], [])
        self._page.file_requested.connect(self.pick)
        self._page.check_requested.connect(self.check)
        self._page.import_requested.connect(self.take_in)
        session.events.store.connect(self._on_store)

    def close(self) -> None:
        """Let go of the session, and read no further."""
        self._slices.stop()
        self._session.events.store.disconnect(self._on_store)

    @refusals_told
    def pick(self) -> None:
        """Ask for a file and look into it."""
        path = self._dialogs.keras_file()
        if path is not None:
            self.look_into(path)

    @refusals_told
    def look_into(self, path: Path) -> None:
        """Show what a file holds."""
        self._page.set_found(None, ())
        self._file = None
        first = Progress(0, 0, f"Reading {path.name}")
        self._ask("inspect_weights", {"path": path}, self._looking, first)

    @refusals_told
    def check(self) -> None:
        """Compare every order of the classes with the crystals whose class is settled."""
        if self._file is not None:
            path = self._file.path
            self._slices.run(self._settling(), lambda: self._compare(path))

    def _settling(self) -> Iterator[Progress]:
        """Look for the crystals whose class is settled, with pauses."""
        self._settled = yield from finding_settled(self._session.project)

    @refusals_told
    def _compare(self, path: Path) -> None:
        """Compare the orders on the crystals that were found."""
        store = self._session.project
        (examples, labels), self._settled = self._settled, ([], [])
        check_enough(labels)
        arguments = {
            "path": path,
            "examples": examples,
            "labels": labels,
            "codes": store.state.scheme.codes,
        }
        first = Progress(0, len(examples), f"Comparing orders on {len(examples)} crystals")
        self._ask("check_class_order", arguments, self._checking, first)

    @refusals_told
    def take_in(self, order: Sequence[str]) -> None:
        """Make a model of the project whose outputs are the classes in this order."""
        store = self._session.project
        if store.read_only:
            raise ReadOnlyProjectError(store.read_only_reason)
        if self._file is None:
            return
        model_id, folder = store.new_model_folder()
        arguments = {
            "path": self._file.path,
            "folder": folder,
            "scheme": store.state.scheme,
            "class_order": list(order),
        }
        first = Progress(0, 0, f"Importing {self._file.path.name}")
        self._ask("import_weights", arguments, Tagged(self._importing, model_id), first)

    def _ask(
        self, method: str, arguments: Mapping[str, object], listener: object, first: Progress
    ) -> None:
        request = self._classifier.request(method, arguments, listener, lane="import")
        self._task.start(first, lambda: self._classifier.cancel(request))

    def _on_found(self, found: WeightsFile) -> None:
        if not self._task.running:
            return
        self._task.end()
        self._file = found
        codes = () if self._session.store is None else self._session.store.state.scheme.codes
        self._page.set_found(_described(found), codes)

    def _on_checked(self, matches: list[OrderMatch]) -> None:
        if not self._task.running:
            return
        self._task.end()
        rows = [
            TableRow(",".join(each.order), (f"{100 * each.accuracy:.1f} %", ", ".join(each.order)))
            for each in matches
        ]
        self._page.set_orders(rows, verdict(matches))
        self._page.set_order(matches[0].order)

    def _on_imported(self, answer: tuple[str, object]) -> None:
        if not self._task.running:
            return
        self._task.end()
        self._session.model_id, _ = answer
        self._panel.show_page(PREDICT)
        tell("The classifier is a model of this project; it has not been judged on it yet.")

    def _on_import_refused(self, refusal: tuple[str, MicroCrystalError]) -> None:
        _, error = refusal
        self._on_refused(error)

    def _on_refused(self, error: MicroCrystalError) -> None:
        if self._task.running:
            self._task.end()
            refuse(error)

    def _on_store(self, _store: object) -> None:
        self._slices.stop()
        self._task.abandon()
        self._file = None
        self._page.set_found(None, ())


def verdict(matches: Sequence[OrderMatch]) -> str:
    """Say which order agrees best with the labelled crystals, and whether that can be relied on."""
    best, lead = matches[0], margin(matches)
    said = f"Best: {', '.join(best.order)}, {100 * best.accuracy:.1f} % of the crystals right"
    if lead is None:
        return f"{said}."
    said += f", {100 * lead:.1f} points before the next."
    if lead < CLOSE:
        return f"{said} That is too close to rely on: label more crystals, or ask the publisher."
    return said


def _described(found: WeightsFile) -> FoundWeights:
    return FoundWeights(
        f"{found.path.name}: grey crops of {found.size} x {found.size} pixels, {found.outputs} "
        f"outputs, {found.parameters:,} parameters.",
        found.layers,
        found.sha256,
        found.known,
        found.outputs,
    )
