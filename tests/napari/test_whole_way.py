"""The whole way through the real window: outlined, labelled, trained, predicted, explained."""

from pathlib import Path

import numpy as np
import pytest

from microcrystalnet.domain.verdict import State
from microcrystalnet.labelling.consensus import settle_all
from napari_mcn.docks import MicrocrystalDock
from napari_mcn.layers.roles import Role, find
from napari_mcn.preferences import Preferences
from napari_mcn.samples import sample_folder
from tests.napari.journey import NoDialogs, Petrographer

REAL = Path(__file__).parents[3] / "shared" / "data" / "emps_dev" / "images"
REAL_PICKS = ("9318f3ce70", "c355821ea6", "f664201c62")
EXPERTS = ("AY", "MK", "RS")


@pytest.fixture
def open_dock(viewer, tmp_path, monkeypatch):
    """Give a function that opens the workbench in the one window; the last one is closed."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    opened = []

    def open_one():
        dock = MicrocrystalDock(viewer, NoDialogs(), Preferences(tmp_path / "preferences.json"))
        viewer.window.add_dock_widget(dock, name="Microcrystal workbench", area="right")
        opened.append(dock)
        return dock

    yield open_one
    opened[-1].close_parts()


def shape_class(dock, crystal_id):
    """Name a crystal by its outline, so that there is something to learn."""
    mask = dock.session.crystals[crystal_id].mask
    height, width = mask.pixels.shape
    return "RES" if mask.area / (height * width) > 0.72 else "SA"


def label_as(user, expert, dissent=False):
    """Label ten crystals of every micrograph as one expert; the dissenter calls the third PES."""
    user.become(expert)
    dock = user.dock
    for image_id in dock.session.store.state.micrographs:
        dock.session.show(image_id)
        order = dock.labelling.label._order
        user.label_ten(
            lambda n, order=order: "PES" if dissent and n == 2 else shape_class(dock, order[n])
        )


def go_the_whole_way(user, files):
    """Everything a user does in an afternoon, in two minutes."""
    dock = user.dock
    dock.projects.overview.files_dropped.emit(files)
    for image_id in dock.session.store.state.micrographs:
        dock.session.show(image_id)
        user.outline_everything()
    label_as(user, EXPERTS[0])
    label_as(user, EXPERTS[1])
    label_as(user, EXPERTS[2], dissent=True)
    user.train(epochs=3)
    user.predict_all()
    dock.session.crystal_id = dock.labelling.label._order[0]
    user.ask_why()


def what_is_there(dock):
    """Everything that must survive closing."""
    store = dock.session.store
    return (
        {each: sorted(store.state.crystals(each)) for each in store.state.micrographs},
        {each: sorted(votes) for each, votes in store.votes().items()},
        store.models(),
        {
            each: dict(store.predictions(store.models()[-1], each))
            for each in store.state.micrographs
        },
    )


def check_the_whole_way(qtbot, open_dock, folder, files):
    dock = open_dock()
    dock.projects.project.create(folder)
    user = Petrographer(qtbot, dock)
    go_the_whole_way(user, files)
    overlay = find(dock.canvas.viewer, Role.OVERLAY)
    states = [verdict.state for verdict in settle_all(dock.session.store.votes()).values()]
    before = what_is_there(dock)
    assert overlay.visible
    assert np.nanmax(overlay.data) > np.nanmin(overlay.data)
    assert states.count(State.AGREED) == 9 * len(files)
    assert states.count(State.DISPUTED) == len(files)
    assert min(len(each) for each in before[3].values()) >= 10
    dock.close_parts()
    reopened = open_dock()
    reopened.projects.project.open(folder)
    assert what_is_there(reopened) == before


def test_rendered_micrographs_go_the_whole_way(qtbot, open_dock, tmp_path):
    with sample_folder() as sample:
        files = sorted(sample.glob("project/images/files/*.tif"))[:3]
        check_the_whole_way(qtbot, open_dock, tmp_path / "project", files)


def test_real_micrographs_go_the_whole_way(qtbot, open_dock, tmp_path):
    if not REAL.exists():
        pytest.skip("the real micrographs in ../shared are not here; a user's clone has none")
    files = [REAL / f"{name}.png" for name in REAL_PICKS]
    check_the_whole_way(qtbot, open_dock, tmp_path / "project", files)
