"""Has a child process write exports, the report and snapshots, and says what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from microcrystalnet.engines.publisher import Desk
from microcrystalnet.errors import ProjectError
from microcrystalnet.progress import Progress
from microcrystalnet.storage.history import Change
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refusals_told, refuse
from napari_mcn.slices import Slices, steps

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from qtpy.QtCore import QObject

    from microcrystalnet.domain.crystal import Crystal
    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.errors import MicroCrystalError
    from napari_mcn.busy import Busy
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.panels.export_panel import ExportPanel
    from napari_mcn.session import Session

LANE = "publish"
NEXT = "Tick what you need and choose a folder. Everything is written, or nothing."
NO_PROJECT = "Open a project first."
STOPPED = "Stopped: nothing was written, unless it was finished in that very moment."


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One errand of the child; another one is never the same."""

    method: str
    target: Path


class ExportController:
    """The Export page."""

    def __init__(
        self,
        panel: ExportPanel,
        session: Session,
        client: EngineClient,
        *,
        dialogs: Dialogs,
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._panel, self._session, self._client = panel, session, client
        self._dialogs, self._task = dialogs, busy.task()
        self._job = listen(owner, self._on_done, self._on_refused, self._task.step)
        self._slices = Slices(busy.task())
        self._number: int | None = None
        self._asked: Asked | None = None  # what is being written
        self._written: Path | None = None
        panel.export_requested.connect(self._on_export)
        panel.report_requested.connect(self._on_report)
        panel.snapshot_requested.connect(self._on_snapshot)
        panel.open_requested.connect(self._on_open)
        session.events.store.connect(self._on_store)
        session.events.image_id.connect(self._on_image)
        self._on_store(session.store)

    def close(self) -> None:
        """Let go of the session and end the child."""
        self._slices.stop()
        self._session.events.store.disconnect(self._on_store)
        self._session.events.image_id.disconnect(self._on_image)
        self._client.close()

    @refusals_told
    def export(self, folder: Path) -> None:
        """Write the ticked formats into a folder."""
        image_id = None if self._panel.whole else self._session.image_id
        wanted = {"formats": self._panel.formats, "folder": folder, "image_id": image_id}
        self._start("export", wanted, folder, "Exporting")

    @refusals_told
    def write_report(self, path: Path) -> None:
        """Write the report as one HTML file."""
        self._start("write_report", {"path": path}, path, "Writing the report")

    @refusals_told
    def write_snapshot(self, path: Path) -> None:
        """Write a zip of the project."""
        self._start("snapshot", {"target": path}, path, "Writing a snapshot")

    def _start(
        self, method: str, arguments: Mapping[str, object], target: Path, doing: str
    ) -> None:
        store = self._session.project
        if not store.flush(5):  # the child reads what is on the disk
            raise ProjectError(
                "Your newest answers are not on the disk yet; try again in a moment."
            )
        desk = Desk(store.folder, store.actor, store.mirror.parent)
        self._panel.set_outcome("")
        self._panel.set_available(f"{doing} is under way.")
        self._task.start(Progress(0, 0, doing), self._on_cancel)
        self._asked = Asked(method, target)
        listener = Tagged(self._job, self._asked)
        self._number = self._client.request(
            method, {"desk": desk, **arguments}, listener, lane=LANE
        )

    def _on_done(self, answer: tuple[Asked, int]) -> None:
        asked, count = answer
        if asked is not self._asked:
            return  # the project was closed just when all was written
        self._end()
        method, target = asked.method, asked.target
        self._written = target.parent if method == "snapshot" else target
        self._panel.set_outcome(_said(method, target, count), written=True)
        self._read_again()

    def _read_again(self) -> None:
        """Learn whose answers were shown: the child has noted it in the project."""
        before = self._session.crystals
        self._slices.run(steps(self._session.project), lambda: self._show_read(before))

    def _show_read(self, before: Mapping[str, Crystal]) -> None:
        """Show the outlines that came from others by the way."""
        now = self._session.crystals
        other = [each for each in {**before, **now} if before.get(each) != now.get(each)]
        if other:
            image_id = self._session.image_id
            self._session.edited.emit(Change("masks", image_id, tuple(other), "Read again"))

    def _on_refused(self, refused: tuple[Asked, MicroCrystalError]) -> None:
        asked, error = refused
        if asked is not self._asked:
            return
        self._end()
        self._panel.set_outcome(str(error))
        refuse(error)

    def _on_cancel(self) -> bool:
        # Not `cancel`: the child takes away what it has begun.
        if self._number is not None and not self._client.forget(self._number):
            return False
        self._end()
        self._panel.set_outcome(STOPPED)
        return True

    def _end(self) -> None:
        self._number = self._asked = None
        self._task.end()
        self._panel.set_available("" if self._session.store else NO_PROJECT)

    def _on_store(self, _store: object) -> None:
        self._task.abandon()
        self._number = self._asked = None
        self._slices.stop()
        self._panel.set_outcome("")
        self._panel.set_available("" if self._session.store else NO_PROJECT)
        self._panel.set_next_step(NEXT if self._session.store else NO_PROJECT)
        self._on_image(None)

    def _on_image(self, _image_id: object) -> None:
        micrograph = self._session.micrograph
        self._panel.set_micrograph(micrograph.file_name if micrograph else "")

    def _on_open(self) -> None:
        if self._written is not None:
            self._dialogs.show_written(self._written)

    def _on_export(self) -> None:
        if (folder := self._dialogs.export_folder()) is not None:
            self.export(folder)

    def _on_report(self) -> None:
        name = f"{self._session.project.folder.name}-report.html"
        if (path := self._dialogs.save_as(name, ".html", ".htm")) is not None:
            self.write_report(path)

    def _on_snapshot(self) -> None:
        name = f"{self._session.project.folder.name}-snapshot.zip"
        if (path := self._dialogs.save_as(name, ".zip")) is not None:
            self.write_snapshot(path)


def _said(method: str, target: Path, count: int) -> str:
    files = "1 file" if count == 1 else f"{count:,} files"
    return {
        "export": f"{files} written to {target}.",
        "write_report": f"The report is {target} ({count / 1e6:.1f} MB). Open it in a browser; "
        "printing it there makes a PDF.",
        "snapshot": f"The snapshot {target.name} holds {files}. Unpacked anywhere it is the same "
        "project; mcn project check verifies it.",
    }[method]
