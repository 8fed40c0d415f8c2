"""From a cell of the confusion matrix to its crystals, to the reasons, to another label."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest
from test_dock_explain import NETWORK, overlay_of
from user import PLACES, SIDE, make_project
from window_material import add_model, predicted, settle

from microcrystalnet.domain.label import Answer
from microcrystalnet.learning import model_folder
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.networks.shapes import weight_shapes
from microcrystalnet.storage.project_store import ProjectStore
from napari_mcn.layers.roles import Role, find


def add_judged_model(folder, home):
    """Add a tiny model that was judged on two micrographs: it called one PES a RES on each."""
    store = ProjectStore.open(folder, "AY", mirror_root=home / "mirror")
    held = []
    for image_id in store.state.micrographs:
        crystals = list(store.state.crystals(image_id))[:2]
        settle(store, crystals, ["PES", "RES"])
        held += [(image_id, crystals[0], "PES", "RES"), (image_id, crystals[1], "RES", "RES")]
    model_id = add_model(store, held)
    place = store.model_folder(model_id)
    card = model_folder.load(place)
    tiny = replace(card, network=NETWORK, recipe=CropRecipe(size=16))
    tiny = replace(tiny, training=replace(tiny.training, metrics=_metrics(tiny.training.metrics)))
    generator = np.random.default_rng(0)
    weights = {
        name: generator.normal(0, 0.3, shape).astype(np.float32)
        for name, shape in weight_shapes(NETWORK).items()
    }
    shutil.rmtree(place)
    model_folder.save(place, tiny, weights)
    for image_id, crystal_id, _, said in held:
        store.write_predictions(model_id, image_id, [predicted(model_id, crystal_id, said)])
    store.close()
    return [crystal_id for _, crystal_id, truth, _ in held if truth == "PES"]


def _metrics(found):
    """Give the matrix that goes with what was said: rows truth, in the order RES, PES, AA, SA."""
    return replace(found, confusion_matrix=((2, 0, 0, 0), (2, 0, 0, 0), (0,) * 4, (0,) * 4))


@pytest.fixture
def wrong(tmp_path):
    """Two crystals on two micrographs that experts call PES and the network RES."""
    return add_judged_model(make_project(tmp_path / "project", micrographs=2), tmp_path)


@pytest.fixture
def user(wrong, open_user, tmp_path):
    return open_user(tmp_path / "project")


def click_cell(user, row, column):
    """Click a cell of the confusion matrix with the mouse."""
    user.go_to("Model")
    user.click(user.dock.models.panel.pages.buttons["Results"])
    table = user.dock.models.panel.confusion
    QTest.qWait(8)  # until the page is laid out
    place = table.visualItemRect(table.item(row, column)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def click_tile(user, at):
    """Click a picture of the gallery with the mouse."""
    plate = user.dock.reviewing.page.plate
    QTest.qWait(8)  # until the pictures are laid out
    place = plate.visualRect(plate.model().index(at, 0)).center()
    QTest.mouseClick(plate.viewport(), Qt.MouseButton.LeftButton, pos=place)


def in_gallery(user):
    return [each.key for each in user.dock.reviewing.page.plate.items]


def test_a_cell_leads_to_crystals_to_saliency_and_to_another_label(user, wrong, qtbot):
    click_cell(user, 1, 0)
    assert (user.dock.step, sorted(in_gallery(user))) == ("Review", sorted(wrong))
    click_tile(user, 1)
    user.click(user.dock.reviewing.page.fly_button)
    assert user.session.crystal_id == in_gallery(user)[1]
    with qtbot.waitSignal(user.dock.explaining.explain._job.finished, timeout=60_000):
        user.click(user.dock.reviewing.page.why_button)
    assert (user.dock.step, overlay_of(user).visible) == ("Explain", True)
    user.go_to("Review")
    user.click(user.dock.reviewing.page.answers.buttons["AA"])
    label = user.session.project.state.label(in_gallery(user)[1])
    assert (label.answer.cls, label.expert, label.blind) == ("AA", "AY", False)
    assert label.assist == "saliency"  # which was seen before, on the Explain page
    user.press(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert user.session.project.state.label(in_gallery(user)[1]).answer.cls == "PES"


def test_the_keys_lead_the_same_way(user, wrong, qtbot):
    click_cell(user, 1, 0)
    user.press(Qt.Key.Key_K, Qt.Key.Key_Right, Qt.Key.Key_Return)
    chosen = in_gallery(user)[1]
    assert user.session.crystal_id == chosen
    with qtbot.waitSignal(user.dock.explaining.explain._job.finished, timeout=60_000):
        user.press(Qt.Key.Key_W)
    assert (user.dock.step, overlay_of(user).visible) == ("Explain", True)
    user.go_to("Review")
    user.press(Qt.Key.Key_3)
    assert user.session.project.state.label(chosen).answer.cls == "AA"


def test_buttons_answer_as_the_keys_do(user, wrong):
    click_cell(user, 1, 0)
    answers, state = user.dock.reviewing.page.answers, user.session.project.state
    user.press(Qt.Key.Key_K)
    chosen = in_gallery(user)[0]
    user.click(answers.buttons["SA"])
    assert (state.label(chosen).answer.cls, state.label(chosen).blind) == ("SA", False)
    user.click(answers.unclear_button)
    assert state.label(chosen).answer == Answer(None)
    user.click(answers.discard_button)
    assert state.label(chosen).answer.discards


def test_enter_comes_near_a_crystal_that_is_small_in_the_window(user, wrong):
    click_cell(user, 1, 0)
    camera = user.dock.canvas.viewer.scene.camera
    camera.zoom = far = camera.zoom / 4
    user.press(Qt.Key.Key_K, Qt.Key.Key_Return)
    assert camera.zoom > 2 * far
    near = user.point(*PLACES[0]), user.point(*np.add(PLACES[0], SIDE))
    assert near[1].x() - near[0].x() == pytest.approx(
        0.3 * min(user.dock.canvas.viewer.canvas.size), abs=2
    )


def test_enter_flies_to_an_error_on_another_micrograph(user, wrong):
    user.go_to("Review")
    user.click(user.dock.reviewing.page.errors_button)
    user.press(Qt.Key.Key_K, Qt.Key.Key_K, Qt.Key.Key_Return)
    assert user.session.crystal_id == in_gallery(user)[1]


def test_outside_the_gallery_the_keys_mean_the_crystal_in_view(user, wrong):
    click_cell(user, 1, 0)
    user.go_to("Label")
    user.press(Qt.Key.Key_K, Qt.Key.Key_4)
    assert user.session.project.state.label(wrong[0]).answer.cls == "SA"


def test_boxes_lie_around_errors_and_the_maps_leave_nothing_behind(user, wrong):
    user.go_to("Review")
    user.click(user.dock.reviewing.panel.buttons["Maps"])
    user.click(user.dock.reviewing.maps_page.boxes)
    viewer = user.dock.canvas.viewer
    assert find(viewer, Role.BOXES).nshapes == 2  # the box and its dark ground
    layers, zoom = list(viewer.layers), viewer.scene.camera.zoom
    user.click(user.dock.reviewing.maps_page.maps_button)
    user.dock.reviewing.maps.window.views[1].scale(3, 3)
    user.dock.reviewing.maps.window.close()
    assert (list(viewer.layers), viewer.scene.camera.zoom) == (layers, zoom)
    user.session.become("MK")
    assert find(viewer, Role.BOXES).nshapes == 0


def test_disputed_crystals_open_the_same_gallery(user):
    store = user.session.project
    third = list(store.state.crystals(user.session.image_id))[2]
    store.become("MK")
    store.label(third, Answer("SA"))
    user.session.become("AY")
    store.label(third, Answer("AA"))
    user.go_to("Consensus")
    user.click(user.dock.experts.disputes.reveal_button)
    user.click(user.dock.experts.disputes.gallery_button)
    assert (user.dock.step, in_gallery(user)) == ("Review", [third])


def test_the_button_of_the_gallery_leads_to_every_error(user, wrong):
    user.go_to("Review")
    user.click(user.dock.reviewing.page.errors_button)
    assert {each.key for each in user.dock.reviewing.page.plate.items} == set(wrong)
