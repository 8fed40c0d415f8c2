"""How the explanation on the micrograph looks, what its colours mean, and saving it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from microcrystalnet.domain.micrograph import Region
from microcrystalnet.progress import Progress
from microcrystalnet.report.canvas import KINDS
from microcrystalnet.report.map_figure import MapView
from microcrystalnet.report.picture import contours
from microcrystalnet.report.plain_text import readable
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refuse, tell

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from qtpy.QtCore import QObject

    from microcrystalnet.domain.micrograph import Micrograph
    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.errors import MicroCrystalError
    from napari_mcn.busy import Busy
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.exhibit import Exhibit, Shown
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.explain_panel import ExplainPanel
    from napari_mcn.session import Session

FIGURE = tuple(f".{kind}" for kind in reversed(KINDS))  # PNG unless asked for another
TIFF = (".tif", ".tiff")
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
        self._newest: Path | None = None  # of the files that are being written
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
        """Write what is seen as PNG, SVG or PDF, beside the bare micrograph.

        What is hidden is not in the figure; nor is what H hides when the button is pressed.
        """
        view = self._view()
        path = self._ask_path(FIGURE)
        if view is not None and path is not None:
            self._save("draw", {"path": path, "view": view}, path)

    def _view(self) -> MapView | None:
        shown, micrograph, pixels = (
            self._exhibit.shown,
            self._session.micrograph,
            self._canvas.pixels,
        )
        if shown is None or micrograph is None or pixels is None:
            return None
        shown = shown if self._exhibit.outlined else replace(shown, outlines=())
        return _view(shown, micrograph, pixels, self._exhibit.opacity_seen)

    def save_values(self) -> None:
        """Write the map's exact numbers as a float TIFF of the whole micrograph."""
        shown, micrograph = self._exhibit.shown, self._session.micrograph
        path = self._ask_path(TIFF)
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

    def _ask_path(self, endings: tuple[str, ...]) -> Path | None:
        micrograph = self._session.micrograph
        if self._exhibit.shown is None or micrograph is None:
            return None
        stem = readable(Path(micrograph.file_name).stem, "_x")
        return self._dialogs.save_as(f"{stem}_why{endings[0]}", *endings)

    def _save(self, method: str, arguments: dict[str, object], path: Path) -> None:
        self._newest = path
        request = self._explainer.request(method, arguments, Tagged(self._job, path))
        self._task.start(
            Progress(0, 0, f"Writing {path.name}"), lambda: self._cancel(request, path)
        )

    def _cancel(self, request: int, path: Path) -> bool:
        if not self._explainer.forget(request):
            return False
        tell(f"Stopped: {path.name} was not written, unless it was finished in that very moment.")
        return True

    def _on_saved(self, answer: tuple[Path, object]) -> None:
        asked, written = answer
        self._end(asked)
        tell(f"Saved as {written}.")

    def _on_refused(self, refusal: tuple[Path, MicroCrystalError]) -> None:
        asked, error = refusal
        self._end(asked)
        refuse(error)

    def _end(self, path: Path) -> None:
        if path is self._newest:  # otherwise the row shows one that was begun later
            self._task.end()

    def _on_shown(self, shown: Shown | None) -> None:
        if shown is not None:
            self._panel.set_scale(shown.scale, shown.limits, shown.unit)
        self._panel.set_legend("" if shown is None else shown.meaning)

    def _on_image(self, _image_id: object) -> None:
        self._exhibit.clear()
        self._exhibit.dress()


def _view(
    shown: Shown, micrograph: Micrograph, pixels: NDArray[np.uint8], opacity: float
) -> MapView:
    """Give what a figure shows: all that is analysed, or the surroundings of the crystal.

    Where the ``opacity`` is 0 the map is not in the figure.
    """
    window, frame = _window(shown, micrograph), shown.frame
    part = np.s_[window.row0 : window.row1, window.col0 : window.col1]
    size, corner = micrograph.pixel_size, (window.col0, window.row0)
    values = shown.seen[part] if frame is None else shown.seen
    if frame is not None:
        frame = replace(frame, row0=frame.row0 - window.row0, col0=frame.col0 - window.col0)
    return MapView(
        np.ascontiguousarray(pixels[part]),
        np.ascontiguousarray(values) if opacity else None,
        shown.scale,
        shown.limits,
        f"{shown.title}, {micrograph.file_name}" if opacity else micrograph.file_name,
        shown.meaning,
        None if size is None else size.col_um,
        frame,
        opacity,
        tuple(line - corner for each in shown.outlines for line in contours(each)),
    )


def _window(shown: Shown, micrograph: Micrograph) -> Region:
    """Give the analysis region, or the part of it around a crop; all of it beside the crop."""
    region, frame = micrograph.region, shown.frame
    if frame is None:
        return region
    margin = AROUND * max(frame.side, frame.across)
    row0 = max(int(frame.row0 - margin), region.row0)
    col0 = max(int(frame.col0 - margin), region.col0)
    row1 = min(int(frame.row0 + frame.side + margin) + 1, region.row1)
    col1 = min(int(frame.col0 + frame.across + margin) + 1, region.col1)
    return Region(row0, col0, row1, col1) if row0 < row1 and col0 < col1 else region
