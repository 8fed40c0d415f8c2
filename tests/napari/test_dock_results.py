"""Train in the real window, see the result, and go from a dot of the t-SNE to its crystal."""

from qtpy.QtCore import Qt
from qtpy.QtTest import QTest
from user import make_project
from window_material import settle

from napari_mcn.panels.train_form import TrainForm

PATIENCE = 240_000
TINY = TrainForm(network="released", epochs=2, crop_size=16, split="crystal", targets="paper")


def test_from_training_to_a_dot_to_its_crystal(qtbot, open_user, tmp_path):
    user = open_user(make_project(tmp_path / "project", micrographs=3))
    store, panel = user.session.project, user.dock.models.panel
    settle(
        store,
        [each for image in store.state.micrographs for each in store.state.crystals(image)],
        ["RES", "PES", "SA"] * 12,
    )
    user.go_to("Model")
    panel.fields.set_value(TINY)
    user.click(panel.train_button)
    qtbot.waitUntil(lambda: bool(panel.results.dots.dots), timeout=PATIENCE)
    assert (panel.page, panel.warning.isVisible()) == ("Results", True)  # split by crystal
    dot = panel.results.dots.dots[3]
    place = panel.results.dots._point(dot).toPoint()
    QTest.mouseClick(panel.results.dots, Qt.MouseButton.LeftButton, pos=place)
    in_gallery = [each.key for each in user.dock.reviewing.page.plate.items]
    assert (user.dock.step, in_gallery) == ("Review", [dot.key])
    assert user.dock.reviewing.page.plate.selected == [dot.key]
    assert user.session.crystal_id == dot.key
    assert user.dock.canvas.sheet.crystals.selected == dot.key
    assert dot.key in store.state.crystals(user.session.image_id)
