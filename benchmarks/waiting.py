"""How long the window does not answer while other pages work on 100,000 crystals."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.crowd import crowd_copy, crowd_window
from benchmarks.figures import Figure, ms
from benchmarks.pauses import Pauses

if TYPE_CHECKING:
    from collections.abc import Callable

    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.docks import MicrocrystalDock

SHOWN = 2000  # crystals in the gallery
MODELS = ("first", "second")
AIM = "no pause over 100 ms"


def measure() -> list[Figure]:
    """Compare with another project, look for settled crystals, change the model of a gallery."""
    with (
        tempfile.TemporaryDirectory() as home,
        crowd_window(*crowd_copy(Path(home))) as (_, dock),
    ):
        store = dock.session.project
        return [_compared(dock, Path(home)), _settled(store), *_reviewed(dock, store)]


def _figure(what: str, pauses: Pauses) -> Figure:
    total = f"{pauses.total:.1f} s ({pauses.total_cpu:.1f} s CPU)"
    longest = f"longest pause {ms([pauses.longest])}, {1000 * pauses.longest_cpu:.0f} ms of it CPU"
    return Figure(what, total, AIM, longest)


def _watched(begin: Callable[[], object], done: Callable[[], bool]) -> Pauses:
    """Begin something, and see how the window answers until it is done."""
    from qtpy.QtWidgets import QApplication

    QApplication.processEvents()
    pauses = Pauses()
    pauses.begin()
    begin()
    pauses.wait_until(done)
    return pauses


def _compared(dock: MicrocrystalDock, home: Path) -> Figure:
    """Compare with a project that holds as much; this computer knows it as another one."""
    import shutil

    dock.go_to("Segment")
    other = shutil.copytree(dock.session.project.folder, home / "other")
    compare = dock.outlining.compare
    pauses = _watched(
        lambda: compare.compare_with_project(other),
        lambda: bool(dock.outlining.panel.compare.table.rows),
    )
    return _figure("2,000 crystals compared with those of another project", pauses)


def _settled(store: ProjectStore) -> Figure:
    from microcrystalnet.examples import finding_settled
    from napari_mcn.slices import Slices

    slices, found = Slices(), []

    def begin() -> None:
        slices.run(finding_settled(store), lambda: found.append(True))

    return _figure("settled crystals looked for", _watched(begin, lambda: bool(found)))


def _reviewed(dock: MicrocrystalDock, store: ProjectStore) -> list[Figure]:
    chosen: list[str] = []
    for image_id in store.state.micrographs:
        crystals = store.state.crystals(image_id).values()
        chosen += [each.crystal_id for each in crystals][: SHOWN // len(store.state.micrographs)]
        for model_id in MODELS:
            _predict(store, model_id, image_id)
    dock.session.model_id = MODELS[0]
    plate = dock.reviewing.page.plate

    def said(model_id: str) -> bool:
        return bool(plate.items) and plate.items[0].badge == _code(store, model_id)

    opened = _watched(
        lambda: dock.open_gallery("Bench", chosen), lambda: len(plate.items) == len(chosen)
    )

    def choose() -> None:
        dock.session.model_id = MODELS[1]

    changed = _watched(choose, lambda: said(MODELS[1]))
    return [
        _figure(f"gallery of {SHOWN:,} crystals opened", opened),
        _figure("another model chosen while it is open", changed),
    ]


def _code(store: ProjectStore, model_id: str) -> str:
    """Name the class that a model gives everything."""
    return store.state.scheme.codes[MODELS.index(model_id)]


def _predict(store: ProjectStore, model_id: str, image_id: str) -> None:
    from microcrystalnet.domain.prediction import Prediction

    codes = store.state.scheme.codes
    sure = tuple(0.7 if each == _code(store, model_id) else 0.1 for each in codes)
    said = [
        Prediction(each.crystal_id, model_id, codes, sure, each.mask.digest)
        for each in store.state.crystals(image_id).values()
    ]
    store.write_predictions(model_id, image_id, said)
