"""The command `napari-mcn`: the desktop program, the demo, and a picture of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from microcrystalnet.errors import MicroCrystalError

if TYPE_CHECKING:
    import napari

    from napari_mcn.docks import MicrocrystalDock

DEMO, DEMO_EXPERT = "demo", "AY"  # the expert who has ten crystals left to name
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def start(
    project: Annotated[
        str, typer.Argument(help="A project folder; `demo` opens the sample project.")
    ] = "",
    headless: Annotated[
        Path | None, typer.Option(help="With `demo`: no window, leave the results in this folder.")
    ] = None,
    screenshot: Annotated[
        Path | None, typer.Option(help="Write a picture of the window to this file and quit.")
    ] = None,
) -> None:
    """Open napari with the microcrystal workbench."""
    if headless is not None:
        from microcrystalnet.cli.console import report_to_stderr
        from microcrystalnet.walkthrough import walk
        from napari_mcn.samples import sample_copy, sample_folder

        with report_to_stderr() as report, sample_folder() as sample:
            walk(sample_copy(headless / "project"), sample / "new_micrograph.tif", headless, report)
        return
    _open_window(project, screenshot)


def _open_window(project: str, screenshot: Path | None) -> None:
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        raise MicroCrystalError(
            "There is no display to open a window on; `mcn --help` lists what works without one."
        )
    import napari

    from napari_mcn.samples import sample_copy

    viewer, dock = open_workbench()
    if project == DEMO:
        dock.projects.project.open(sample_copy(), DEMO_EXPERT)
        dock.go_to("Label")
        dock.labelling.label.next_unlabelled()
    elif project:
        dock.projects.project.open(Path(project))
    if screenshot is not None:
        _picture_then_quit(viewer, screenshot)
    napari.run()


def open_workbench() -> tuple[napari.Viewer, MicrocrystalDock]:
    """Open a napari window with the workbench at its right."""
    import napari
    from napari._qt import qt_main_window

    from napari_mcn.docks import MicrocrystalDock

    # A notice to programmers about PyQt5, over the micrograph, at every start.
    qt_main_window.SHOW_QT_WARNING = False
    viewer = napari.Viewer(title="napari-mcn")
    dock = MicrocrystalDock(viewer)
    viewer.window.add_dock_widget(dock, name="Microcrystal workbench", area="right")
    return viewer, dock


def _picture_then_quit(viewer: napari.Viewer, path: Path) -> None:
    from qtpy.QtCore import QTimer

    def take() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        viewer.window.screenshot(str(path), canvas_only=False, flash=False)
        viewer.close()

    viewer.window.resize(1366, 768)
    QTimer.singleShot(1500, take)


def main() -> None:
    """Run `napari-mcn`; exit code 1 for a user's mistake, 2 for a usage error."""
    try:
        app()
    except MicroCrystalError as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(1)
