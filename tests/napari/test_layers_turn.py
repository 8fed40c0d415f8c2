"""The layers of one micrograph turned to another look and act as if made anew."""

from dataclasses import replace

import numpy as np
import pytest
from napari.layers._layer_actions import _duplicate_layer

from microcrystalnet.domain.micrograph import PixelSize, Region
from microcrystalnet.domain.prompt import Box, Click, Prompt
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import MaskError
from microcrystalnet.imaging.crops import CropFrame
from napari_mcn.layers import camera
from napari_mcn.layers.canvas import Canvas
from napari_mcn.layers.roles import Role, find, ours, role_of

WHY, FRAME = np.eye(4, dtype=np.float32), CropFrame(9.5, 9.5, 8.0, 4)
GREY = np.random.default_rng(0).integers(0, 99, (80, 100)).astype(np.uint8)
OTHER = np.random.default_rng(1).integers(50, 250, (80, 100)).astype(np.uint8)


@pytest.fixture
def other(calibrated):
    return replace(
        calibrated, image_id="f" * 20, file_name="other.tif", region=Region(0, 0, 70, 100)
    )


@pytest.fixture
def canvas(viewer, calibrated, square):
    """Everything is drawn on the first micrograph that can be."""
    one = Canvas(viewer)
    one.show(replace(calibrated, region=Region(0, 0, 60, 100)), GREY, FOUR_CLASSES)
    crystal = square("a", 10, 10)
    one.set_crystals({"a": crystal})
    one.select("a")
    for draw in (one.preview, one.hint, one.mark):
        draw(crystal.mask)
    for draw in (one.propose, one.sheet.boxes.set_masks):
        draw([crystal.mask])
    one.judge([crystal.mask], [crystal.mask])
    one.set_prompt(Prompt((Click(12, 12),), Box(9, 9, 20, 20)))
    one.sheet.class_map.set_classes({"a": "RES"})
    one.sheet.predicted.set_classes({"a": "PES"})
    one.sheet.predicted.visible, one.sheet.boxes.visible = True, False
    one.sheet.filtered.show(GREY[:9, :9], Region(20, 20, 29, 29))
    one.sheet.overlay.show_map(WHY, FRAME)
    yield one
    one.close()


def looks(canvas):
    """Say all that is seen of each layer, whether or not the viewer holds it."""
    viewer = canvas.viewer
    return {role_of(each): _look(each) for each in ours(viewer)} | {
        "scale bar": viewer.canvas.overlays.scale_bar.model_dump_json(),
        "badge": viewer.canvas.overlays["napari-mcn scale"].model_dump_json(),
        "dims": (str(viewer.dims.units), viewer.dims.range),
        "camera": (viewer.scene.camera.center, viewer.scene.camera.zoom),
        "active": role_of(viewer.layers.selection.active),
        "extent": viewer.layers.extent.world.tolist(),
        "pixels": canvas.pixels.tolist(),
        "assist": canvas.assist,
    }


def _look(layer):
    values = [np.asarray(each).tolist() for each in layer.data]
    told = ("name", "opacity", "blending", "locked", "editable", "mode", "contour")
    seen = [str(getattr(layer, each, None)) for each in (*told, "metadata", "units", "scale")]
    drawn = layer.visible and any(np.any(each) for each in values)
    limits = getattr(layer, "contrast_limits", None), getattr(layer, "contrast_limits_range", None)
    told = ("face_color", "shape_type", "edge_width")
    drawing = [np.asarray(getattr(layer, each, ())).tolist() for each in told]
    return seen, values if drawn else "nothing", limits if drawn else None, drawing


def afresh(viewer, *shown):
    """Say how a micrograph looks with layers made for it alone."""
    one = Canvas(viewer)
    one.show(*shown)
    seen = looks(one)
    one.close()
    return seen


def bare(seen):
    """Leave out the layers that show nothing."""
    return {key: each for key, each in seen.items() if "nothing" not in each}


def alike(canvas, *shown):
    """Say whether a micrograph, shown after the first one, looks as if shown alone."""
    canvas.show(*shown)
    turned = bare(looks(canvas))
    canvas.close()
    return turned == bare(afresh(canvas.viewer, *shown))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"pixel_size": PixelSize(30.0, 30.0)},
        {"region": Region(0, 0, 80, 100)},
        {"region": Region(5, 5, 70, 90)},
        {"pixel_size": None},
    ],
    ids=["like it", "at another scale", "without a databar", "with four strips", "in pixels"],
)
def test_another_micrograph_looks_as_if_shown_alone(canvas, other, changes):
    assert alike(canvas, replace(other, **changes), OTHER, FOUR_CLASSES)


@pytest.mark.parametrize(
    "pixels",
    [OTHER.astype(np.uint16) * 200, OTHER.astype(np.float32), np.tile(OTHER, (2, 3))],
    ids=["16 bit", "floating point", "of another size"],
)
def test_another_kind_of_micrograph_looks_as_if_shown_alone(canvas, other, pixels):
    height, width = pixels.shape
    assert alike(canvas, replace(other, height=height, width=width), pixels, FOUR_CLASSES)


@pytest.mark.parametrize("size", [None, PixelSize(30.0, 30.0)], ids=["in pixels", "to scale"])
def test_napari_makes_no_layers_anew_for_other_units_or_another_kind_of_pixels(
    canvas, other, square, size
):
    canvas.show(replace(other, pixel_size=None if size else other.pixel_size), OTHER, FOUR_CLASSES)
    before = {id(each) for each in ours(canvas.viewer)}
    there = replace(other, pixel_size=size)
    canvas.show(there, OTHER.astype(np.float32), FOUR_CLASSES, None, [square("b", 40, 40)])
    assert before <= {id(each) for each in ours(canvas.viewer)}


def test_the_databar_is_dimmed_again_after_a_micrograph_that_has_none(canvas, other):
    canvas.show(replace(other, region=Region(0, 0, 80, 100)), OTHER, FOUR_CLASSES)
    assert alike(canvas, other, OTHER, FOUR_CLASSES)


def test_copies_that_the_user_made_of_layers_do_not_lie_on_the_next_micrograph(canvas, other):
    layers = canvas.viewer.layers
    layers.selection = {find(canvas.viewer, role) for role in (Role.MICROGRAPH, Role.CRYSTALS)}
    _duplicate_layer(layers)
    canvas.show(other, OTHER, FOUR_CLASSES)
    roles = [role_of(each) for each in layers]
    assert sorted(roles) == sorted(set(roles))
    assert (np.asarray(find(canvas.viewer, Role.MICROGRAPH).data) == OTHER).all()


def test_layers_that_the_user_hid_are_in_view_on_the_next_micrograph(canvas, other):
    roles = Role.MICROGRAPH, Role.CRYSTALS
    canvas.viewer.layers.selection = {find(canvas.viewer, role) for role in roles}
    canvas.viewer.layers.toggle_selected_visibility()
    canvas.show(other, OTHER, FOUR_CLASSES)
    assert [find(canvas.viewer, role).visible for role in roles] == [True, True]


def test_the_layers_stay_the_same_because_new_ones_take_a_second(canvas, other):
    before = ours(canvas.viewer)
    canvas.show(other, OTHER, FOUR_CLASSES)
    assert ours(canvas.viewer) == before


def test_crystals_come_with_their_micrograph(canvas, other, square):
    canvas.show(other, OTHER, FOUR_CLASSES, None, [square("b", 40, 40)])
    assert (canvas.crystal_at(45, 45), canvas.crystal_at(12, 12)) == ("b", None)


def test_a_mask_beyond_the_micrograph_leaves_nothing_of_the_last_one_in_view(canvas, other, square):
    with pytest.raises(MaskError):
        canvas.show(other, OTHER, FOUR_CLASSES, None, [square("b", 75, 95)])
    assert find(canvas.viewer, Role.MICROGRAPH).name == "other.tif"
    assert not find(canvas.viewer, Role.CRYSTALS)._slice.image.view.any()


def test_every_tool_is_put_down(canvas, other):
    canvas.use_tool("brush")
    canvas.show(other, OTHER, FOUR_CLASSES)
    sheet = canvas.sheet
    assert (sheet.crystals.brush, sheet.prompts.tool, sheet.stroke.active) == (None, "off", False)
    assert (sheet.crystals.clickable, find(canvas.viewer, Role.BRUSH).visible) == (True, False)


def test_an_explanation_of_the_last_micrograph_does_not_come_back_by_its_eye(canvas, other):
    canvas.show(other, OTHER, FOUR_CLASSES)
    find(canvas.viewer, Role.OVERLAY).visible = True
    assert not find(canvas.viewer, Role.OVERLAY).data.any()


def test_a_micrograph_shown_while_h_is_held_is_bare_until_the_key_is_let_go(canvas, other, square):
    canvas.sheet.overlay.clear()  # which veils the classes
    roles = (Role.CRYSTALS, Role.CLASS_MAP, Role.PREDICTED_MAP, Role.OVERLAY, Role.FILTERED)
    canvas.hide_overlays()
    canvas.show(other, OTHER, FOUR_CLASSES, None, [square("b", 40, 40)])
    held = [find(canvas.viewer, role).visible for role in roles]
    canvas.show_overlays()
    free = [find(canvas.viewer, role).visible for role in roles]
    assert (held, free) == ([False] * 5, [True, True, False, False, False])


def test_the_status_line_does_not_tell_of_the_last_micrograph_any_more(canvas, other):
    canvas.viewer.status = "chalk.tif [1, 1]: 152"
    canvas.show(other, OTHER, FOUR_CLASSES)
    assert canvas.viewer.status == ""


def test_napari_keeps_no_strokes_of_the_last_micrograph(canvas, other):
    brush = find(canvas.viewer, Role.BRUSH) or canvas.sheet.crystals._brush_layer._layer
    brush.data_setitem((np.array([1]), np.array([1])), 1)
    canvas.show(other, OTHER, FOUR_CLASSES)
    assert (len(brush._undo_history), brush.data.any()) == (0, False)


def test_the_zoom_in_use_is_kept_in_screen_pixels_an_image_pixel(canvas, other, square):
    canvas.viewer.scene.camera.zoom = 400.0
    before = camera.zoom_of(canvas.viewer)
    with canvas.zoom_kept():
        canvas.show(replace(other, pixel_size=PixelSize(40.0, 40.0)), OTHER, FOUR_CLASSES)
    assert camera.zoom_of(canvas.viewer) == pytest.approx(before)
