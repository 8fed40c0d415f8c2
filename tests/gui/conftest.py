"""A small real project, a real session on it, and what the user was told."""

import json
import shutil

import numpy as np
import pytest
import tifffile
from dispute_desk import consensus_panel, disputes, sitting, together  # noqa: F401  fixtures
from explain_desk import (  # noqa: F401  fixtures
    asked,
    exhibit,
    explain,
    explain_panel,
    explainer,
    explanation,
    inquiry,
    modelled,
    round_open,
    silent_share,
)
from fakes import FakeCanvas
from notifications import told  # noqa: F401  a fixture
from reshape_desk import correct_section, draw_with, reshape  # noqa: F401  fixtures
from results_desk import (  # noqa: F401  fixtures
    classifier,
    dialogs,
    judged,
    judgement,
    many,
    model_panel,
    results,
)
from review_desk import named  # noqa: F401  fixtures
from settled_desk import child, settled  # noqa: F401  fixtures
from window_material import square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.storage.project_store import ProjectStore
from napari_mcn.busy import Busy
from napari_mcn.controllers.canvas_controller import CanvasController
from napari_mcn.notify import refuse
from napari_mcn.panels.workbench import Workbench
from napari_mcn.session import Session

PLACES = ((4, 4), (4, 40), (30, 4))  # in reading order


@pytest.fixture
def own_folders(tmp_path, monkeypatch):
    """Keep what the program remembers out of the home of whoever runs the tests."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def draw(tmp_path):
    """Give a function that writes a micrograph file: ``draw(name, seed)``."""

    def write(name="chalk.tif", seed=0):
        path = tmp_path / name
        pixels = np.random.default_rng(seed).integers(0, 255, (60, 80), np.uint8)
        tifffile.imwrite(path, pixels)
        return path

    return write


@pytest.fixture
def store(tmp_path, draw):
    """A project of AY with one micrograph and no crystal."""
    made = ProjectStore.create(tmp_path / "project", "AY", mirror_root=tmp_path / "mirror")
    path = draw()
    made.add_micrograph(path, describe(path))
    yield made
    made.close()


@pytest.fixture
def read_only(store, tmp_path):
    """The same project as a newer program would leave it: open for looking only."""
    store.flush()
    copy = tmp_path / "newer"
    shutil.copytree(store.folder, copy)
    head = json.loads((copy / "project.json").read_text())
    (copy / "project.json").write_text(json.dumps(head | {"major": 99}))
    opened = ProjectStore.open(copy, "AY", mirror_root=tmp_path / "mirror-of-newer")
    yield opened
    opened.close()


@pytest.fixture
def outline(store):
    """Give a function that outlines squares on a micrograph, and gives their ids."""

    def draw_squares(image_id=None, places=PLACES):
        image_id = image_id or next(iter(store.state.micrographs))
        masks = [square(*place) for place in places]
        return [each.crystal_id for each in store.put_masks(image_id, masks, MaskSource.AUTO)]

    return draw_squares


@pytest.fixture
def crystals(outline):
    """Three crystals on the micrograph, in reading order."""
    return outline()


@pytest.fixture
def canvas():
    """A viewer that only remembers."""
    return FakeCanvas()


@pytest.fixture
def session(store, canvas):
    """A session that shows the project on the canvas."""
    opened = Session()
    opened.troubled.connect(refuse)  # as the window does
    controller = CanvasController(canvas, opened)
    opened.open(store)
    yield opened
    controller.close()
    opened.close()


@pytest.fixture
def workbench(qtbot):
    """The column with the progress row and the save line."""
    made = Workbench()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def busy(workbench):
    """The progress row."""
    return Busy(workbench)
