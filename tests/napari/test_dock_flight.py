"""Flying to a crystal of another micrograph and back: each has its own, none of the other's."""

import numpy as np
import pytest
import tifffile
from qtpy.QtCore import Qt
from user import CTRL, PLACES, SIDE, make_project
from window_material import square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.micrograph import PixelSize, ScaleSource
from microcrystalnet.domain.prompt import Click, Prompt
from microcrystalnet.imaging.crops import CropFrame
from napari_mcn.layers.roles import Role, find, image_of, ours

Key = Qt.Key
FRAME = CropFrame(20.0, 20.0, 16.0, 4)


@pytest.fixture
def user(open_user, tmp_path):
    """Somebody who looks at the first of two micrographs, with its first crystal selected."""
    user = open_user(make_project(tmp_path / "project", micrographs=2))
    user.session.crystal_id = next(iter(user.session.crystals))
    user.canvas.setFocus()
    return user


@pytest.fixture
def first(user):
    return next(iter(user.session.project.state.micrographs))


@pytest.fixture
def second(user):
    return list(user.session.project.state.micrographs)[1]


def fly(user, image_id, number=0):
    """Fly as the gallery does; give the crystal."""
    crystal_id = list(user.session.project.state.crystals(image_id))[number]
    user.dock.open_gallery("Two micrographs", [crystal_id])
    user.dock.reviewing.gallery.fly_to(crystal_id)
    return crystal_id


def masks(user, image_id):
    state = user.session.project.state
    return {key: each.mask.digest for key, each in state.crystals(image_id).items()}


def codes(user, role):
    layer = find(user.dock.canvas.viewer, role)
    return None if layer is None else layer.data.copy()


def seen(user):
    """Say what is on the screen: every layer that shows anything, and where the camera is."""
    viewer = user.dock.canvas.viewer
    layers = {each.name: each for each in ours(viewer) if each.visible}
    drawn = {
        name: [np.asarray(part).tolist() for part in each.data] for name, each in layers.items()
    }
    owner = {image_of(each) for each in ours(viewer)}
    scales = {tuple(each.scale) for each in layers.values()}
    badge = viewer.canvas.overlays["napari-mcn scale"].text
    return drawn, owner, scales, badge, find(viewer, Role.MICROGRAPH).contrast_limits


def test_there_and_back_shows_what_was_shown(user, first, second):
    fly(user, first)
    before = seen(user)
    fly(user, second)
    there = seen(user)
    fly(user, first)
    assert seen(user) == before
    assert (there[1], there[0] != before[0]) == ({second}, True)


def test_the_crystal_flown_to_is_selected_ringed_and_in_the_middle(user, second):
    user.dock.canvas.viewer.scene.camera.zoom *= 4
    crystal_id = fly(user, second, 5)
    ring, (row, col) = codes(user, Role.SELECTION), PLACES[5]
    rows, cols = np.nonzero(ring)
    assert user.session.crystal_id == user.dock.canvas.sheet.crystals.selected == crystal_id
    assert (rows.mean(), cols.mean()) == pytest.approx((row + 11.5, col + 11.5))
    assert user.dock.canvas.middle == pytest.approx((row + 11.5, col + 11.5), abs=1)


def test_an_edit_is_there_again_and_one_undo_takes_it_back_there_alone(user, first, second):
    edited, untouched, whole = user.session.crystal_id, masks(user, second), masks(user, first)
    user.session.project.put_mask(
        first, square(*PLACES[0], SIDE // 2), MaskSource.MANUAL, crystal_id=edited
    )
    fly(user, second)
    fly(user, first)
    shown = np.count_nonzero(user.dock.canvas.sheet.crystals.instances.values)
    user.canvas.setFocus()
    user.press(Key.Key_Z, modifier=CTRL)
    assert (shown, masks(user, first)) == (11 * SIDE**2 + (SIDE // 2) ** 2, whole)
    assert (user.session.image_id, masks(user, second)) == (first, untouched)


def test_an_undo_on_the_other_micrograph_leads_back_to_the_edit(user, first, second):
    whole, there = masks(user, first), masks(user, second)
    user.session.project.delete_crystals([user.session.crystal_id])
    fly(user, second)
    user.canvas.setFocus()
    user.press(Key.Key_Z, modifier=CTRL)
    assert (user.session.image_id, masks(user, first)) == (first, whole)
    assert np.count_nonzero(user.dock.canvas.sheet.crystals.instances.values) == 12 * SIDE**2
    assert masks(user, second) == there


def test_a_class_key_names_the_crystal_of_the_micrograph_in_view(user, first, second):
    user.go_to("Label")
    user.canvas.setFocus()
    user.press(Key.Key_1)
    there = fly(user, second)
    user.go_to("Label")
    user.canvas.setFocus()
    coloured_before = codes(user, Role.CLASS_MAP).any()
    user.press(Key.Key_2)
    state = user.session.project.state
    assert (state.label(there).answer.cls, coloured_before) == ("PES", False)
    fly(user, first)
    assert set(np.unique(codes(user, Role.CLASS_MAP))) == {0, 1}


def test_overlays_of_one_micrograph_are_not_on_the_other(user, second):
    sheet, mask = user.dock.canvas.sheet, user.session.crystal.mask
    sheet.overlay.show_map(np.ones((4, 4), np.float32), FRAME)
    sheet.predicted.set_classes({user.session.crystal_id: "RES"})
    sheet.predicted.visible = True
    sheet.boxes.set_masks([mask])
    sheet.filtered.show(np.full((9, 9), 200, np.uint8), mask.region)
    user.dock.canvas.preview(mask)
    user.dock.canvas.propose([mask])
    fly(user, second)
    viewer = user.dock.canvas.viewer
    roles = (Role.OVERLAY, Role.FILTERED, Role.PREDICTED_MAP, Role.PREVIEW, Role.PROPOSALS)
    shown = [role for role in roles if find(viewer, role).visible and codes(user, role).any()]
    assert (shown, find(viewer, Role.BOXES).nshapes) == ([], 0)
    assert user.dock.canvas.assist == "prediction"  # the gallery's, which stands beside


def test_clicks_that_were_not_accepted_are_not_on_the_other_micrograph(user, second):
    user.go_to("Segment")
    user.dock.outlining.prompt.use_tool("prompt")
    user.dock.canvas.set_prompt(Prompt((Click(50, 60),)))
    fly(user, second)
    canvas = user.dock.canvas
    assert (canvas.sheet.prompts.prompt.empty, canvas.tool, canvas.sheet.prompts.tool) == (
        True,
        "look",
        "off",
    )
    assert len(find(canvas.viewer, Role.CLICKS).data) == 0


def test_a_brush_in_hand_is_put_down(user, second):
    user.go_to("Segment")
    user.dock.outlining.prompt.use_tool("brush")
    there = masks(user, second)
    fly(user, second)
    user.drag(PLACES[0], (PLACES[0][0] + 40, PLACES[0][1] + 40))
    assert (user.dock.canvas.sheet.crystals.brush, masks(user, second)) == (None, there)


def test_each_micrograph_has_its_own_scale(user, first, second):
    user.session.project.set_pixel_size(second, PixelSize.square(20), ScaleSource.USER)
    fly(user, second)
    there = {tuple(each.scale) for each in ours(user.dock.canvas.viewer)}
    fly(user, first)
    here = {tuple(each.scale) for each in ours(user.dock.canvas.viewer)}
    assert (there, here) == ({(0.02, 0.02)}, {(0.05, 0.05)})


def test_an_outline_that_came_meanwhile_is_shown_on_return(user, first, second):
    fly(user, second)
    user.session.project.put_mask(first, square(2, 60, 5), MaskSource.IMPORT)
    fly(user, first)
    assert user.dock.canvas.crystal_at(4, 62) is not None


def test_a_file_that_was_changed_meanwhile_is_shown_as_it_is_now(user, first, second):
    fly(user, second)
    path = user.session.project.image_path(first)
    path.chmod(0o644)
    tifffile.imwrite(path, np.full((140, 180), 77, np.uint8))
    fly(user, first)
    assert (user.dock.canvas.pixels.any(), codes(user, Role.MICROGRAPH).max()) == (False, 77)


def test_an_engine_is_asked_about_the_micrograph_in_view(user, second, monkeypatch):
    user.go_to("Segment")
    asked = []
    monkeypatch.setattr(
        user.dock.segmentation, "show", lambda image, pixels, *_: asked.append((image, pixels)) or 1
    )
    user.session.show(second)
    image_id, pixels = asked[-1]
    recorded = tifffile.imread(user.session.project.image_path(second))
    assert image_id == second
    assert np.corrcoef(pixels.ravel(), recorded.ravel())[0, 1] > 0.99


def test_what_the_engine_answers_about_the_first_does_not_appear_on_the_second(user, second):
    user.go_to("Segment")
    user.dock.outlining.prompt.use_tool("prompt")
    prompt = Prompt((Click(20, 20),))
    user.dock.outlining.prompt._on_prompt(prompt)
    fly(user, second)
    proposals = user.dock.outlining.prompt
    proposals._on_proposals((prompt, type("Answer", (), {"masks": (), "scores": ()})()))
    assert user.dock.canvas.sheet.preview.mask is None


def test_nothing_is_kept_of_a_closed_project(user, second):
    fly(user, second)
    user.session.close()
    assert (ours(user.dock.canvas.viewer), user.dock.canvas.pixels) == ((), None)
    assert user.dock.canvas_controller._pictures._held == 0


def test_n_and_shift_n_go_to_the_next_and_the_last_micrograph(user, first, second):
    user.go_to("Label")
    user.canvas.setFocus()
    user.press(Key.Key_N)
    there = user.session.image_id, {image_of(each) for each in ours(user.dock.canvas.viewer)}
    user.press(Key.Key_N, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert (there, user.session.image_id) == ((second, {second}), first)
