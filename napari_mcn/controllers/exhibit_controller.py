"""How the explanation on the micrograph looks, what its colours mean, and saving it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from microcrystalnet.progress import Progress
from microcrystalnet.report.explanation_figures import MapView
from napari_mcn.jobs import listen
from napari_mcn.notify import refuse, tell

if TYPE_CHECKING:
    from qtpy.QtCore import QObject

    from microcrystalnet.domain.micrograph import Micrograph, Region
    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.errors import MicroCrystalError
    from napari_mcn.busy import Busy
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.exhibit import Exhibit, Shown
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.explain_panel import ExplainPanel
    from napari_mcn.session import Session

AROUND = 0.3  # of a crop's side is shown around it in a figure


class ExhibitController:
    """The lower part of the Explain tab."""

    def __init__(
        self,
        panel: ExplainPanel,
        session: Session,
        canvas: Canvas,
        exhibit: Exhibit,
        explainer: EngineClient,
        *,
        dialogs: Dialogs,
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._panel, self._session, self._canvas = panel, session, canvas
        self._exhibit, self._explainer, self._dialogs = exhibit, explainer, dialogs
        self._task = busy.task()
        self._job = listen(owner, self._on_saved, self._on_refused)
        panel.opacity_changed.connect(exhibit.set_opacity)
        panel.hidden_changed.connect(exhibit.set_hidden)
        panel.figure_requested.connect(self.save_figure)
        panel.values_requested.connect(self.save_values)
        exhibit.changed.connect(self._on_shown)
        session.events.image_id.connect(self._on_image)

    def close(self) -> None:
        """Let go of the session and the exhibit."""
        self._exhibit.changed.disconnect(self._on_shown)
        self._session.events.image_id.disconnect(self._on_image)

    def save_figure(self) -> None:
        """Write what is seen as PNG, SVG or PDF, beside the bare micrograph."""
        shown, micrograph, pixels = (
            self._exhibit.shown,
            self._session.micrograph,
            self._canvas.pixels,
        )
        path = self._ask_path(".png")
        if shown is None or micrograph is None or pixels is None or path is None:
            return
        values = shown.values if shown.frame is None else self._laid(shown, micrograph)
        window = _window(shown, micrograph)
        size = micrograph.pixel_size
        view = MapView(
            np.ascontiguousarray(pixels[window]),
            np.ascontiguousarray(values[window]),
            shown.scale,
            shown.limits,
            f"{shown.title}, {micrograph.file_name}",
            shown.meaning,
            None if size is None else size.col_um,
        )
        self._save("draw", {"path": path, "view": view}, path)

    def save_values(self) -> None:
        """Write the map's exact numbers as a float TIFF of the whole micrograph."""
        shown, micrograph = self._exhibit.shown, self._session.micrograph
        path = self._ask_path(".tif")
        if shown is None or micrograph is None or path is None:
            return
        arguments = {
            "path": path,
            "values": self._laid(shown, micrograph),
            "pixel_size": micrograph.pixel_size,
        }
        self._save("write", arguments, path)

    def _laid(self, shown: Shown, micrograph: Micrograph) -> object:
        return shown.on_micrograph(micrograph.height, micrograph.width)

    def _ask_path(self, suffix: str) -> Path | None:
        micrograph = self._session.micrograph
        if self._exhibit.shown is None or micrograph is None:
            return None
        path = self._dialogs.save_as(f"{Path(micrograph.file_name).stem}_why{suffix}")
        return path if path is None or path.suffix else path.with_suffix(suffix)

    def _save(self, method: str, arguments: dict[str, object], path: Path) -> None:
        request = self._explainer.request(method, arguments, self._job)
        self._task.start(
            Progress(0, 0, f"Writing {path.name}"), lambda: self._explainer.forget(request)
        )

    def _on_saved(self, path: object) -> None:
        self._task.end()
        tell(f"Saved as {path}.")

    def _on_refused(self, error: MicroCrystalError) -> None:
        self._task.end()
        refuse(error)

    def _on_shown(self, shown: Shown | None) -> None:
        if shown is not None:
            self._panel.set_scale(shown.scale, shown.limits, shown.unit)
        self._panel.set_legend("" if shown is None else shown.meaning)

    def _on_image(self, _image_id: object) -> None:
        self._exhibit.clear()
        self._exhibit.dress()


def _window(shown: Shown, micrograph: Micrograph) -> tuple[slice, slice]:
    """Give the part of the micrograph that a figure shows: all of it, or around the crystal."""
    if shown.frame is None:
        region: Region = micrograph.region
        return slice(region.row0, region.row1), slice(region.col0, region.col1)
    frame, margin = shown.frame, AROUND * max(shown.frame.side, shown.frame.across)
    row0, col0 = max(int(frame.row0 - margin), 0), max(int(frame.col0 - margin), 0)
    row1 = min(int(frame.row0 + frame.side + margin) + 1, micrograph.height)
    col1 = min(int(frame.col0 + frame.across + margin) + 1, micrograph.width)
    return slice(row0, row1), slice(col0, col1)
