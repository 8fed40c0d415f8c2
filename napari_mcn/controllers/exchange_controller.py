"""Sends one's own labels, brings in the others', checks the project: all of it off the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.errors import ProjectError
from microcrystalnet.progress import CancelledError, Progress
from microcrystalnet.storage import exchange
from microcrystalnet.storage.exchange import Brought, Sent
from microcrystalnet.storage.health import Health, check
from microcrystalnet.storage.history import Change
from napari_mcn.exchange_view import brought_text, findings, health_summary, sent_text
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refuse
from napari_mcn.slices import Slices, steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qtpy.QtCore import QObject

    from microcrystalnet.errors import MicroCrystalError
    from microcrystalnet.progress import Report
    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.background import Background
    from napari_mcn.busy import Busy
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.panels.exchange_panel import ExchangePanel
    from napari_mcn.session import Session

NEXT = "Send your labels to the others, and bring in theirs: no server is needed."
STOPPED = "Stopped. What was copied by then is whole; doing it again goes on from there."


class ExchangeController:
    """The Exchange page."""

    def __init__(
        self,
        panel: ExchangePanel,
        session: Session,
        background: Background,
        *,
        dialogs: Dialogs,
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._panel, self._session, self._background = panel, session, background
        self._dialogs, self._task = dialogs, busy.task()
        self._slices = Slices(busy.task())
        self._job = listen(owner, self._on_done, self._on_refused, self._task.step)
        self._errand: Errand | None = None
        panel.send_zip_requested.connect(self._on_send_zip)
        panel.send_folder_requested.connect(self._on_send_folder)
        panel.bring_zip_requested.connect(self._on_bring_zip)
        panel.bring_folder_requested.connect(self._on_bring_folder)
        panel.check_requested.connect(self.check)
        session.events.store.connect(self._on_store)
        self._on_store(session.store)

    def close(self) -> None:
        """Let go of the session and of the thread."""
        self._cancel()
        self._slices.stop()
        self._session.events.store.disconnect(self._on_store)
        self._background.close()

    def send(self, target: Path) -> None:
        """Write this expert's labels into a zip or a folder."""
        store = self._session.project
        folder, mirror, expert = store.folder, store.mirror, store.actor

        def work(report: Report) -> Sent:
            store.flush()
            return exchange.send(folder, mirror, expert, target, report)

        self._start("Sending your labels", work)

    def bring(self, other: Path) -> None:
        """Bring in what others sent."""
        folder = self._session.project.folder
        self._start("Bringing in labels", lambda report: exchange.bring(folder, other, report))

    def check(self) -> None:
        """Read the whole project and say what is missing."""
        store = self._session.project
        folder, mirror, expert = store.folder, store.mirror, store.actor

        def work(report: Report) -> Health:
            store.flush()
            return check(folder, mirror, report, expert=expert)

        self._start("Checking the project", work)

    def _start(self, text: str, work: Callable[[Report], object]) -> None:
        errand = self._errand = Errand(self._job.progress)
        self._panel.set_available(f"{text} is under way.")
        self._panel.set_outcome("")
        self._task.start(Progress(0, 0, text), self._cancel)
        self._background.run(lambda: errand.run(work), Tagged(self._job, errand))

    def _cancel(self) -> bool:
        """Ask the work to stop; what came of it is told once it has."""
        if self._errand is not None:
            self._errand.cancelled = True
        return self._errand is None

    def _on_done(self, told: tuple[Errand, object]) -> None:
        errand, answer = told
        if errand is not self._errand:
            return  # of a project that is not open any more
        self._end()
        if isinstance(answer, Health):
            self._panel.set_health(health_summary(answer), findings(answer))
        elif isinstance(answer, Sent):
            self._panel.set_outcome(sent_text(answer))
        elif isinstance(answer, Brought):
            self._panel.set_outcome(brought_text(answer))
            self._read_again()

    def _read_again(self) -> None:
        """Show what came in: crystals, micrographs, rounds."""
        session, store = self._session, self._session.store
        if store is None:
            return
        before = tuple(session.crystals)
        self._slices.run(steps(store), lambda: self._show_read(store, before))

    def _show_read(self, store: ProjectStore, before: tuple[str, ...]) -> None:
        session = self._session
        if session.image_id is None:
            session.show(next(iter(store.state.micrographs), None))
        touched = tuple(dict.fromkeys([*before, *session.crystals]))
        session.edited.emit(Change("masks", session.image_id, touched, "Brought in labels"))
        session.edited.emit(Change("rounds", None, (), "Brought in labels"))
        session.answers_open = False  # what came in is seen only when it is asked for
        session.events.expert.emit(session.expert, session.expert)

    def _on_refused(self, told: tuple[Errand, MicroCrystalError]) -> None:
        errand, error = told
        if errand is not self._errand:
            return
        self._end()
        self._panel.set_outcome(str(error))
        refuse(error)

    def _end(self) -> None:
        self._errand = None
        self._task.end()
        self._panel.set_available("" if self._session.store else "Open a project first.")

    def _on_store(self, _store: object) -> None:
        store: ProjectStore | None = self._session.store
        self._cancel()
        self._end()
        self._slices.stop()
        self._panel.set_outcome("")
        self._panel.set_health("", ())
        self._panel.set_next_step(NEXT if store else "Open a project first.")

    def _on_send_zip(self) -> None:
        target = self._dialogs.save_as(f"labels-of-{self._session.project.actor}.zip", ".zip")
        if target is not None:
            self.send(target)

    def _on_send_folder(self) -> None:
        if (target := self._dialogs.exchange_folder()) is not None:
            self.send(target)

    def _on_bring_zip(self) -> None:
        if (other := self._dialogs.exchange_zip()) is not None:
            self.bring(other)

    def _on_bring_folder(self) -> None:
        if (other := self._dialogs.exchange_folder()) is not None:
            self.bring(other)


class Errand:
    """One run of long work; whoever asked for it may cancel this one and no other."""

    def __init__(self, report: Report) -> None:
        self._report, self.cancelled = report, False

    def run(self, work: Callable[[Report], object]) -> object:
        """Do the work, on its thread; what a disk or a Cancel raises becomes a sentence."""
        try:
            self._check()
            return work(self._step)
        except CancelledError as stopped:
            raise ProjectError(STOPPED) from stopped
        except OSError as error:
            raise ProjectError(
                f"A file could not be read or written ({error.strerror or error}); nothing is "
                "lost. Check the drive and try again."
            ) from error

    def _step(self, progress: Progress) -> None:
        """Tell how far it is, and stop there if that was asked for."""
        self._check()
        self._report(progress)

    def _check(self) -> None:
        if self.cancelled:
            raise CancelledError
