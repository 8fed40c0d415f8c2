"""Why, in the real window with a real engine: a click on a crystal brings its map."""

import numpy as np
import pytest
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest
from user import PLACES, SIDE, make_project

from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.model_folder import save
from microcrystalnet.learning.networks.layers import Convolution, Dense, Flatten, Network
from microcrystalnet.learning.networks.shapes import weight_shapes
from microcrystalnet.learning.records import ModelCard
from microcrystalnet.storage.project_store import ProjectStore
from napari_mcn.layers.roles import Role, find

NETWORK = Network(
    "tiny", 16, (Convolution("block1_conv", 8, 3, "relu"), Flatten("flatten"), Dense("logits", 4))
)


def add_tiny_model(folder, home):
    """Write a model with random weights, which knows nothing but can be asked."""
    store = ProjectStore.open(folder, "AY", mirror_root=home / "mirror")
    _, place = store.new_model_folder()
    store.close()
    recipe, codes = CropRecipe(size=16), FOUR_CLASSES.codes
    card = ModelCard(1, "2026", NETWORK, codes, FOUR_CLASSES, recipe, 1.0, "a test")
    generator = np.random.default_rng(0)
    weights = {
        name: generator.normal(0, 0.3, shape).astype(np.float32)
        for name, shape in weight_shapes(NETWORK).items()
    }
    save(place, card, weights)


@pytest.fixture
def user(open_user, tmp_path, qtbot):
    """Somebody before the Explain page of a project with a model, which is loaded."""
    folder = make_project(tmp_path / "project")
    add_tiny_model(folder, tmp_path)
    user = open_user(folder)
    with qtbot.waitSignal(user.dock.explaining.explain._warming.finished, timeout=60_000):
        user.go_to("Explain")
    return user


@pytest.fixture
def clicked(user, qtbot):
    """The first crystal was clicked, and its map is there."""
    user.dock.canvas.viewer.reset_view()
    job = user.dock.explaining.explain._job
    with qtbot.waitSignal(job.finished, timeout=30_000):
        user.click_at(PLACES[0][0] + SIDE / 2, PLACES[0][1] + SIDE / 2)
    return user


def overlay_of(user):
    return find(user.dock.canvas.viewer, Role.OVERLAY)


def corner_of(user):
    """Give the full-image pixel on which the overlay's first pixel has its outer corner."""
    viewer = user.dock.canvas.viewer
    world = overlay_of(user).data_to_world((-0.5, -0.5))
    return find(viewer, Role.MICROGRAPH).world_to_data(world)


def look_through(user, qtbot):
    """Everything a petrographer asks of one crystal, page by page."""
    panel, exhibit = user.dock.explaining.panel, user.dock.explaining.exhibit
    user.click(panel.pages.buttons["Layers"])
    qtbot.waitUntil(lambda: len(panel.layers.thumbnails) == 8, timeout=30_000)
    qtbot.waitUntil(lambda: panel.layers.thumbnails[2].isVisible())  # Qt shows them a moment later
    user.click(panel.layers.thumbnails[2])
    channel = exhibit.shown.title
    user.click(panel.pages.buttons["Trust"])
    user.click(panel.trust.check_button)
    qtbot.waitUntil(panel.trust.outline.isVisible, timeout=60_000)
    user.click(panel.pages.buttons["Why"])
    with qtbot.waitSignal(user.dock.explaining.everywhere._job.finished, timeout=60_000):
        user.click(panel.why.all_button)
    return channel


def test_a_click_on_a_crystal_brings_its_map_and_the_pages_explain_it(clicked, qtbot):
    assert np.nanmax(overlay_of(clicked).data) > np.nanmin(overlay_of(clicked).data)
    assert corner_of(clicked) == pytest.approx(np.subtract(PLACES[0], 0.5))
    explaining = clicked.dock.explaining
    with qtbot.waitSignal(explaining.explain._job.finished, timeout=30_000):
        clicked.press(Qt.Key.Key_K)
    assert corner_of(clicked) == pytest.approx(np.subtract(PLACES[1], 0.5))
    with clicked.holding(Qt.Key.Key_H):
        assert not overlay_of(clicked).visible
        bare = explaining.shown._view()
    assert overlay_of(clicked).visible
    assert (bare.values, bare.outlines) == (None, ())
    assert look_through(clicked, qtbot).startswith("Block 1, channel")
    assert overlay_of(clicked).data.shape == (140, 180)
    assert np.isfinite(overlay_of(clicked).data).sum() == len(PLACES) * SIDE**2
    with clicked.holding(Qt.Key.Key_H):
        clicked.go_to("Label")
    QTest.qWait(8)
    assert not overlay_of(clicked).visible
