"""Lets SAM learn from the project's crystals, and shows what it gained before it is used."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from microcrystalnet.progress import Progress
from microcrystalnet.segmentation.finetune import FinetuneConfig, FinetuneSummary
from microcrystalnet.segmentation.weights import fine_tuned_folder
from napari_mcn.jobs import listen
from napari_mcn.notify import refusals_told, refuse, tell
from napari_mcn.session import EMBEDDED
from napari_mcn.slices import Slices, outlines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qtpy.QtCore import QObject

    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.errors import MicroCrystalError
    from napari_mcn.busy import Busy
    from napari_mcn.panels.finetune_section import FinetuneSection
    from napari_mcn.session import Session

NOT_SAM = "Choose SAM as the engine first; it is SAM that learns."


class FinetuneController:
    """The fine-tuning part of the Segment page; it works in a child process of its own.

    ``use(engine, text)`` makes a checkpoint the engine.
    """

    def __init__(
        self,
        panel: FinetuneSection,
        session: Session,
        client: EngineClient,
        *,
        use: Callable[[str, str], None],
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._panel, self._session, self._client, self._use = panel, session, client, use
        self._task, self._slices = busy.task(), Slices(busy.task())
        self._learnt: Path | None = None
        self._job = listen(owner, self._on_learnt, self._on_refused, self._task.step)
        panel.finetune_requested.connect(self.finetune)
        panel.cancel_requested.connect(self._task.cancel)
        panel.use_requested.connect(self._on_use)
        session.events.store.connect(self._on_store)
        session.events.engine.connect(self._show)
        self._show(None)

    def close(self) -> None:
        """Let go of the session and stop."""
        self._slices.stop()
        self._client.close()
        self._session.events.store.disconnect(self._on_store)
        self._session.events.engine.disconnect(self._show)

    @refusals_told
    def finetune(self) -> None:
        """Let the chosen SAM learn; the weights there are stay as they are."""
        store = self._session.project
        self._slices.run(outlines(store, tuple(store.state.micrographs)), self._begin)

    @refusals_told
    def _begin(self) -> None:
        """Send what was read."""
        material, config = self._material(), FinetuneConfig()
        count = sum(len(masks) for _, masks in material)
        arguments = {
            "engine": self._session.engine,
            "material": material,
            "target": self._target(),
            "config": config,
        }
        request = self._client.request("finetune", arguments, self._job)
        self._panel.set_result("")
        self._panel.set_running(True)
        self._task.start(
            Progress(0, 0, f"SAM learns from {count} crystals"), lambda: self._cancel(request)
        )

    def _material(self) -> list[tuple[Path, tuple[Mask, ...]]]:
        store = self._session.project
        return [
            (store.image_path(each), tuple(one.mask for one in crystals.values()))
            for each in store.state.micrographs
            if (crystals := store.state.crystals(each))
        ]

    def _target(self) -> Path:
        now = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        return fine_tuned_folder() / f"{self._session.project.folder.name}-{now}.pth"

    def _cancel(self, request: int) -> bool:
        if not self._client.cancel(request):
            return False
        self._panel.set_running(False)
        tell("Fine-tuning was cancelled; the weights you have are unchanged.")
        return True

    def _on_learnt(self, answer: object) -> None:
        if not self._task.running or not isinstance(answer, FinetuneSummary):
            return  # cancelled while the answer was on its way
        self._end()
        self._learnt = answer.path
        self._panel.set_result(told(answer))

    def _on_refused(self, error: MicroCrystalError) -> None:
        if self._task.running:
            self._end()
            refuse(error)

    def _end(self) -> None:
        self._task.end()
        self._panel.set_running(False)

    def _on_use(self) -> None:
        if self._learnt is not None:
            self._use(str(self._learnt), f"SAM: {self._learnt.stem}")

    def _on_store(self, _store: object) -> None:
        self._slices.stop()
        self._task.abandon()
        self._panel.set_running(False)
        self._panel.set_result("")
        self._show(None)

    def _show(self, _changed: object) -> None:
        if self._session.store is None:
            self._panel.set_ready(False, "Open a project on the Project page first.")
        else:
            self._panel.set_ready(self._session.engine != EMBEDDED, NOT_SAM)


def told(summary: FinetuneSummary) -> str:
    """Say in plain sentences what SAM gained."""
    verdict = "" if summary.better else " The old weights are better: keep them."
    return " ".join(
        part
        for part in (
            f"One click on {summary.held_out} crystals that were held out: IoU "
            f"{summary.before:.2f} before, {summary.after:.2f} after, learnt from "
            f"{summary.learnt_from}.{verdict}",
            summary.note,
        )
        if part
    )
